#include "plugins/storage_lmdb/env.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace chatd::storage_lmdb {
namespace {

constexpr unsigned kMaxReaders = 256;  // threads that read at once, with much to spare
constexpr unsigned kMaxTables = 4;
constexpr mode_t kFileMode = 0600;  // people's messages: for the server's own account only
// When a write fails for no better reason, less free space than this is the reason.
constexpr off_t kSpaceForOneTransaction = 16 << 20;
constexpr std::size_t kCopyBytesPerTransaction = 16 << 20;

bool says_no_space(int code) {
  return code == ENOSPC || code == EDQUOT || code == EFBIG || code == MDB_MAP_FULL;
}

Result<std::optional<std::string_view>> get_from(const Env& env, MDB_txn* txn, MDB_dbi table,
                                                 std::string_view key) {
  MDB_val wanted = to_val(key);
  MDB_val found{};
  const int code = mdb_get(txn, table, &wanted, &found);
  if (code == MDB_NOTFOUND) return std::nullopt;
  if (code != MDB_SUCCESS) return env.error(code, "reading");
  return view(found);
}

}  // namespace

Result<std::unique_ptr<Env>> Env::open(const std::filesystem::path& file, std::size_t map_bytes,
                                       unsigned flags) {
  MDB_env* raw = nullptr;
  if (const int code = mdb_env_create(&raw); code != MDB_SUCCESS)
    return fail(CHATD_E_INTERNAL, std::string("LMDB does not start: ") + mdb_strerror(code));
  std::unique_ptr<Env> env(new Env(raw, file));
  for (const int code : {mdb_env_set_mapsize(raw, map_bytes), mdb_env_set_maxdbs(raw, kMaxTables),
                         mdb_env_set_maxreaders(raw, kMaxReaders)})
    if (code != MDB_SUCCESS) return env->error(code, "setting up");
  const int code =
      mdb_env_open(raw, file.c_str(), MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD | flags, kFileMode);
  if (code == ENOMEM)
    return fail(CHATD_E_INTERNAL, file.string() + ": the system has no room for a map of " +
                                      std::to_string(map_bytes) +
                                      " bytes of address space; set map_size smaller");
  if (code != MDB_SUCCESS) return env->error(code, "opening");
  return env;
}

tl::unexpected<Error> Env::error(int code, std::string_view doing) const {
  const std::string what = file_.string() + ": " + std::string(doing) + ": ";
  if (code == MDB_MAP_FULL)
    return fail(CHATD_E_NO_SPACE, what + "the file has reached map_size and can't grow");
  // LMDB reports a write that was cut short as EIO, and that is how most disks become full.
  if (says_no_space(code) || (code == EIO && is_out_of_space()))
    return fail(CHATD_E_NO_SPACE, what + "no space left on the disk");
  switch (code) {
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
      return fail(CHATD_E_CORRUPT, what + "this is not an LMDB file of ours");
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_BAD_TXN:
      return fail(CHATD_E_CORRUPT, what + "the file is damaged (" + mdb_strerror(code) + ")");
    case MDB_PANIC:
      return fail(CHATD_E_INTERNAL,
                  what + "an earlier write failed half-way; the server must be restarted");
    default:
      return fail(CHATD_E_INTERNAL, what + mdb_strerror(code));
  }
}

bool Env::is_out_of_space() const {
  const std::string name = file_.parent_path() / "space-probe";
  const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kFileMode);
  if (fd < 0) return says_no_space(errno);
  ::unlink(name.c_str());
  struct stat info {};
  const off_t from =
      ::stat(file_.c_str(), &info) == 0 ? info.st_size : 0;  // as RLIMIT_FSIZE sees it
  const bool is_out =
      ::fallocate(fd, 0, from, kSpaceForOneTransaction) != 0 && says_no_space(errno);
  ::close(fd);
  return is_out;
}

Status Env::sync() const {
  const int code = mdb_env_sync(env_, 1);
  if (code != MDB_SUCCESS) return error(code, "syncing");
  return {};
}

std::uint64_t Env::disk_bytes() const {
  constexpr std::uint64_t kStatBlock = 512;
  struct stat info {};
  if (::stat(file_.c_str(), &info) != 0) return 0;
  return static_cast<std::uint64_t>(info.st_blocks) * kStatBlock;
}

std::uint64_t Env::map_used_bytes() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  if (mdb_env_info(env_, &info) != MDB_SUCCESS || mdb_env_stat(env_, &stat) != MDB_SUCCESS)
    return 0;
  return (info.me_last_pgno + 1) * stat.ms_psize;
}

Result<ReadTxn> ReadTxn::begin(const Env& env) {
  MDB_txn* txn = nullptr;
  const int code = mdb_txn_begin(env.raw(), nullptr, MDB_RDONLY, &txn);
  if (code != MDB_SUCCESS) return env.error(code, "beginning to read");
  return ReadTxn(env, txn);
}

Status ReadTxn::renew() {
  const int code = mdb_txn_renew(txn_);
  if (code != MDB_SUCCESS) return env_->error(code, "beginning to read");
  return {};
}

Result<std::optional<std::string_view>> ReadTxn::get(MDB_dbi table, std::string_view key) const {
  return get_from(*env_, txn_, table, key);
}

Result<std::uint64_t> ReadTxn::rows(MDB_dbi table) const {
  MDB_stat stat{};
  const int code = mdb_stat(txn_, table, &stat);
  if (code != MDB_SUCCESS) return env_->error(code, "reading");
  return stat.ms_entries;
}

Result<WriteTxn> WriteTxn::begin(const Env& env) {
  MDB_txn* txn = nullptr;
  const int code = mdb_txn_begin(env.raw(), nullptr, 0, &txn);
  if (code != MDB_SUCCESS) return env.error(code, "beginning to write");
  return WriteTxn(env, txn);
}

Result<MDB_dbi> WriteTxn::table(const char* name, unsigned flags) const {
  MDB_dbi table = 0;
  const int code = mdb_dbi_open(txn_, name, flags, &table);
  if (code == MDB_NOTFOUND)
    return fail(CHATD_E_CORRUPT, env_->file().string() + ": the table \"" + name + "\" is missing");
  if (code != MDB_SUCCESS) return env_->error(code, "opening a table");
  unsigned stored = 0;
  if (mdb_dbi_flags(txn_, table, &stored) != MDB_SUCCESS || stored != (flags & ~MDB_CREATE))
    return fail(CHATD_E_CORRUPT, env_->file().string() + ": the table \"" + name + "\" is damaged");
  return table;
}

Result<std::optional<std::string_view>> WriteTxn::get(MDB_dbi table, std::string_view key) const {
  return get_from(*env_, txn_, table, key);
}

Status WriteTxn::put(MDB_dbi table, std::string_view key, std::string_view value,
                     unsigned flags) const {
  MDB_val key_val = to_val(key);
  MDB_val value_val = to_val(value);
  const int code = mdb_put(txn_, table, &key_val, &value_val, flags);
  if (code != MDB_SUCCESS) return env_->error(code, "writing");
  return {};
}

Result<char*> WriteTxn::reserve(MDB_dbi table, std::string_view key, std::size_t size,
                                unsigned flags) const {
  MDB_val key_val = to_val(key);
  MDB_val value_val{size, nullptr};
  const int code = mdb_put(txn_, table, &key_val, &value_val, flags | MDB_RESERVE);
  if (code != MDB_SUCCESS) return env_->error(code, "writing");
  return static_cast<char*>(value_val.mv_data);
}

Status WriteTxn::erase(MDB_dbi table, std::string_view key) const {
  MDB_val key_val = to_val(key);
  const int code = mdb_del(txn_, table, &key_val, nullptr);
  if (code != MDB_SUCCESS && code != MDB_NOTFOUND) return env_->error(code, "erasing");
  return {};
}

Status WriteTxn::commit() {
  const int code = mdb_txn_commit(std::exchange(txn_, nullptr));
  if (code != MDB_SUCCESS) return env_->error(code, "writing to the disk");
  return {};
}

Result<Cursor> Cursor::open(const Env& env, MDB_txn* txn, MDB_dbi table) {
  MDB_cursor* cursor = nullptr;
  const int code = mdb_cursor_open(txn, table, &cursor);
  if (code != MDB_SUCCESS) return env.error(code, "reading");
  return Cursor(env, cursor);
}

Result<bool> Cursor::at_or_before(std::string_view key) {
  CHATD_STORE_TRY(const bool is_there, at_or_after(key));
  if (!is_there) return last();
  if (this->key() == key) return true;
  return prev();
}

Status Cursor::erase() {
  const int code = mdb_cursor_del(cursor_, 0);
  if (code != MDB_SUCCESS) return env_->error(code, "erasing");
  return {};
}

Result<bool> Cursor::move(MDB_cursor_op op, std::string_view key) {
  key_ = to_val(key);
  const int code = mdb_cursor_get(cursor_, &key_, &value_, op);
  if (code == MDB_NOTFOUND) return false;
  if (code != MDB_SUCCESS) return env_->error(code, "reading");
  return true;
}

Status copy_table(const ReadTxn& from, MDB_dbi table, std::string_view first_key, const Env& into,
                  MDB_dbi into_table) {
  CHATD_STORE_TRY(auto cursor, Cursor::open(from.env(), from.raw(), table));
  CHATD_STORE_TRY(bool is_there, cursor.at_or_after(first_key));
  while (is_there) {
    CHATD_STORE_TRY(auto txn, WriteTxn::begin(into));
    for (std::size_t bytes = 0; is_there && bytes < kCopyBytesPerTransaction;) {
      CHATD_STORE_CHECK(txn.put(into_table, cursor.key(), cursor.value(), MDB_APPEND));
      bytes += cursor.key().size() + cursor.value().size();
      CHATD_STORE_TRY(is_there, cursor.next());
    }
    CHATD_STORE_CHECK(txn.commit());
  }
  return {};
}

}  // namespace chatd::storage_lmdb
