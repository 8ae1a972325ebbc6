#pragma once

#include "plugins/storage_lmdb/env.hpp"
#include "plugins/storage_lmdb/identity.hpp"
#include "plugins/storage_lmdb/run.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chatd::storage_lmdb {

// history.mdb: what was folded, ordered by room and seq (runs) and by key. Rows are described in
// README.md.
class History {
 public:
  [[nodiscard]] static Status create(const std::filesystem::path& file, std::size_t map_bytes,
                                     const StoreId& id);
  [[nodiscard]] static Result<History> open(const std::filesystem::path& file,
                                            std::size_t map_bytes, unsigned flags = 0);

  // Positions in the journal that the history remembers; 0 when never set.
  enum class Mark : std::uint8_t {
    folded,    // up to here everything stands in the history
    replaced,  // of the last REPLACE that does
    erased,    // up to here replaced bytes are gone from both files
  };
  [[nodiscard]] Result<std::uint64_t> mark(const ReadTxn& txn, Mark mark) const;
  [[nodiscard]] Status set_mark(const WriteTxn& txn, Mark mark, std::uint64_t position) const;
  // The seq of a room's last record here; 0 for none.
  [[nodiscard]] Result<std::uint64_t> head(const ReadTxn& txn, const RoomId& room) const;

  // The value of a key; nullopt: there is none.
  [[nodiscard]] Result<std::optional<std::string_view>> get(const ReadTxn& txn,
                                                            std::string_view key) const;
  [[nodiscard]] Status put(const WriteTxn& txn, std::string_view key, std::string_view value) const;
  // What a row of the table of keys holds, behind its checksum.
  [[nodiscard]] Result<std::string_view> value(std::string_view key, std::string_view row) const;

  [[nodiscard]] const Env& env() const { return *env_; }
  [[nodiscard]] const StoreId& id() const { return id_; }
  [[nodiscard]] MDB_dbi runs() const { return runs_; }
  [[nodiscard]] MDB_dbi keys() const { return keys_; }

 private:
  History(std::unique_ptr<Env> env, MDB_dbi meta, MDB_dbi runs, MDB_dbi keys, const StoreId& id)
      : env_(std::move(env)), meta_(meta), runs_(runs), keys_(keys), id_(id) {}

  std::unique_ptr<Env> env_;
  MDB_dbi meta_;
  MDB_dbi runs_;
  MDB_dbi keys_;
  StoreId id_;
};

// The key of a run: its room, then the seq of its first record, big-endian.
class RunKey {
 public:
  RunKey(const RoomId& room, std::uint64_t first_seq);
  [[nodiscard]] std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, CHATD_STORAGE_ROOM_SIZE + sizeof(std::uint64_t)> bytes_;
};

// A walk through the runs, also across rooms. Each move is true when it stands on a run.
class RunCursor {
 public:
  [[nodiscard]] static Result<RunCursor> open(const History& history, MDB_txn* txn);
  // The run of the room that has `seq`, or the one before it where it would be; false when the room
  // has no run that begins at or before it.
  [[nodiscard]] Result<bool> seek(const RoomId& room, std::uint64_t seq);
  [[nodiscard]] Result<bool> first() { return read(cursor_.first()); }
  [[nodiscard]] Result<bool> next() { return read(cursor_.next()); }
  [[nodiscard]] Result<bool> prev() { return read(cursor_.prev()); }

  [[nodiscard]] const RoomId& room() const { return room_; }
  [[nodiscard]] std::uint64_t first_seq() const { return first_seq_; }
  [[nodiscard]] std::uint64_t last_seq() const { return first_seq_ + head_.count - 1; }
  [[nodiscard]] const RunHead& head() const { return head_; }
  [[nodiscard]] std::string_view run() const { return cursor_.value(); }
  [[nodiscard]] Status erase() { return cursor_.erase(); }

 private:
  explicit RunCursor(Cursor cursor) : cursor_(std::move(cursor)) {}
  [[nodiscard]] Result<bool> read(Result<bool> is_there);

  Cursor cursor_;
  RoomId room_{};
  std::uint64_t first_seq_ = 0;
  RunHead head_;
};

}  // namespace chatd::storage_lmdb
