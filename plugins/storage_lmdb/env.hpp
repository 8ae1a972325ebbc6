#pragma once

#include "plugins/storage_lmdb/result.hpp"

#include <lmdb.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace chatd::storage_lmdb {

// One open LMDB file. Any thread; closing it is the business of whoever made sure that no
// transaction is left. LMDB's defaults hold: each commit of a WriteTxn is synced to the disk.
class Env {
 public:
  // `map_bytes` is address space, not disk or memory: it bounds how large the file can grow.
  // `flags` are added to MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD.
  [[nodiscard]] static Result<std::unique_ptr<Env>> open(const std::filesystem::path& file,
                                                         std::size_t map_bytes, unsigned flags = 0);
  Env(const Env&) = delete;
  Env& operator=(const Env&) = delete;
  ~Env() { mdb_env_close(env_); }

  [[nodiscard]] MDB_env* raw() const { return env_; }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  // What a return code of LMDB means while `doing` ("writing a commit").
  [[nodiscard]] tl::unexpected<Error> error(int code, std::string_view doing) const;

  // Only needed with MDB_NOSYNC.
  [[nodiscard]] Status sync() const;
  // Bytes the file takes on the disk (holes don't count), and bytes of it that are in use.
  [[nodiscard]] std::uint64_t disk_bytes() const;
  [[nodiscard]] std::uint64_t map_used_bytes() const;

 private:
  Env(MDB_env* env, std::filesystem::path file) : env_(env), file_(std::move(file)) {}
  [[nodiscard]] bool is_out_of_space() const;

  MDB_env* const env_;
  const std::filesystem::path file_;
};

inline MDB_val to_val(std::string_view bytes) {
  return {bytes.size(),
          const_cast<char*>(bytes.data())};  // LMDB does not write to what it is given
}
inline std::string_view view(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

// A view of the file as of one moment. Can be put away and used again for a later moment, which is
// cheaper than a new one. One thread at a time.
class ReadTxn {
 public:
  [[nodiscard]] static Result<ReadTxn> begin(const Env& env);
  ReadTxn(const ReadTxn&) = delete;
  ReadTxn& operator=(const ReadTxn&) = delete;
  ReadTxn(ReadTxn&& other) noexcept : env_(other.env_), txn_(std::exchange(other.txn_, nullptr)) {}
  ReadTxn& operator=(ReadTxn&&) = delete;
  ~ReadTxn() {
    if (txn_ != nullptr) mdb_txn_abort(txn_);
  }
  void reset() { mdb_txn_reset(txn_); }
  [[nodiscard]] Status renew();

  [[nodiscard]] MDB_txn* raw() const { return txn_; }
  [[nodiscard]] const Env& env() const { return *env_; }
  // The value of a key, valid until reset; nullopt when there is none.
  [[nodiscard]] Result<std::optional<std::string_view>> get(MDB_dbi table,
                                                            std::string_view key) const;
  [[nodiscard]] Result<std::uint64_t> rows(MDB_dbi table) const;

 private:
  ReadTxn(const Env& env, MDB_txn* txn) : env_(&env), txn_(txn) {}

  const Env* env_;
  MDB_txn* txn_;
};

// Changes that happen together or, unless commit() succeeds, not at all. Begins, works and ends on
// one thread; a second one of the same file waits in begin().
class WriteTxn {
 public:
  [[nodiscard]] static Result<WriteTxn> begin(const Env& env);
  WriteTxn(const WriteTxn&) = delete;
  WriteTxn& operator=(const WriteTxn&) = delete;
  WriteTxn(WriteTxn&& other) noexcept
      : env_(other.env_), txn_(std::exchange(other.txn_, nullptr)) {}
  WriteTxn& operator=(WriteTxn&&) = delete;
  ~WriteTxn() {
    if (txn_ != nullptr) mdb_txn_abort(txn_);
  }

  [[nodiscard]] MDB_txn* raw() const { return txn_; }
  [[nodiscard]] const Env& env() const { return *env_; }
  [[nodiscard]] Result<MDB_dbi> table(const char* name, unsigned flags) const;
  [[nodiscard]] Result<std::optional<std::string_view>> get(MDB_dbi table,
                                                            std::string_view key) const;
  [[nodiscard]] Status put(MDB_dbi table, std::string_view key, std::string_view value,
                           unsigned flags = 0) const;
  // Room for a value of `size` bytes, to be filled before anything else is done.
  [[nodiscard]] Result<char*> reserve(MDB_dbi table, std::string_view key, std::size_t size,
                                      unsigned flags = 0) const;
  // Not an error when there is no such key.
  [[nodiscard]] Status erase(MDB_dbi table, std::string_view key) const;
  [[nodiscard]] Status commit();

 private:
  WriteTxn(const Env& env, MDB_txn* txn) : env_(&env), txn_(txn) {}

  const Env* env_;
  MDB_txn* txn_;
};

// A walk through a table, in the order of the keys. Ends before its transaction does.
class Cursor {
 public:
  [[nodiscard]] static Result<Cursor> open(const Env& env, MDB_txn* txn, MDB_dbi table);
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  Cursor(Cursor&& other) noexcept
      : env_(other.env_), cursor_(std::exchange(other.cursor_, nullptr)) {}
  Cursor& operator=(Cursor&&) = delete;
  ~Cursor() {
    if (cursor_ != nullptr) mdb_cursor_close(cursor_);
  }

  // What is found stands in key() and value(), valid until the transaction changes or ends. False:
  // there is none.
  [[nodiscard]] Result<bool> first() { return move(MDB_FIRST, {}); }
  [[nodiscard]] Result<bool> last() { return move(MDB_LAST, {}); }
  [[nodiscard]] Result<bool> next() { return move(MDB_NEXT, {}); }
  [[nodiscard]] Result<bool> prev() { return move(MDB_PREV, {}); }
  [[nodiscard]] Result<bool> at_or_after(std::string_view key) {
    return key.empty() ? first() : move(MDB_SET_RANGE, key);
  }
  [[nodiscard]] Result<bool> at_or_before(std::string_view key);
  // Removes what was found; only in a WriteTxn.
  [[nodiscard]] Status erase();
  [[nodiscard]] std::string_view key() const { return view(key_); }
  [[nodiscard]] std::string_view value() const { return view(value_); }

 private:
  Cursor(const Env& env, MDB_cursor* cursor) : env_(&env), cursor_(cursor) {}
  [[nodiscard]] Result<bool> move(MDB_cursor_op op, std::string_view key);

  const Env* env_;
  MDB_cursor* cursor_;
  MDB_val key_{};
  MDB_val value_{};
};

// Copies a table's rows from `first_key` on into an empty table of another file.
[[nodiscard]] Status copy_table(const ReadTxn& from, MDB_dbi table, std::string_view first_key,
                                const Env& into, MDB_dbi into_table);

}  // namespace chatd::storage_lmdb
