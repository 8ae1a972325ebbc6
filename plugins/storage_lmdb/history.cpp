#include "plugins/storage_lmdb/history.hpp"

#include "plugins/storage_lmdb/bytes.hpp"

#include <limits>
#include <xxhash.h>

namespace chatd::storage_lmdb {
namespace {

constexpr const char* kRuns = "runs";
constexpr const char* kKeys = "keys";
constexpr std::size_t kChecksumBytes = 4;

std::uint32_t checksum(std::string_view key, std::string_view value) {
  const std::uint64_t seed = XXH3_64bits(key.data(), key.size());
  return static_cast<std::uint32_t>(XXH3_64bits_withSeed(value.data(), value.size(), seed));
}

std::string_view name(History::Mark mark) {
  switch (mark) {
    case History::Mark::folded:
      return "folded";
    case History::Mark::replaced:
      return "replaced";
    case History::Mark::erased:
      return "erased";
  }
  return "";
}

}  // namespace

Status History::create(const std::filesystem::path& file, std::size_t map_bytes,
                       const StoreId& id) {
  CHATD_STORE_TRY(const auto env, Env::open(file, map_bytes, MDB_NOLOCK));
  CHATD_STORE_TRY(auto txn, WriteTxn::begin(*env));
  CHATD_STORE_TRY(const MDB_dbi meta, txn.table(kMetaTable, MDB_CREATE));
  CHATD_STORE_TRY([[maybe_unused]] const auto runs, txn.table(kRuns, MDB_CREATE));
  CHATD_STORE_TRY([[maybe_unused]] const auto keys, txn.table(kKeys, MDB_CREATE));
  CHATD_STORE_CHECK(write_identity(txn, meta, id));
  return txn.commit();
}

Result<History> History::open(const std::filesystem::path& file, std::size_t map_bytes,
                              unsigned flags) {
  CHATD_STORE_TRY(auto env, Env::open(file, map_bytes, flags));
  CHATD_STORE_TRY(auto txn, WriteTxn::begin(*env));
  CHATD_STORE_TRY(const MDB_dbi meta, txn.table(kMetaTable, 0));
  CHATD_STORE_TRY(const StoreId id, read_identity(txn, meta));
  CHATD_STORE_TRY(const MDB_dbi runs, txn.table(kRuns, 0));
  CHATD_STORE_TRY(const MDB_dbi keys, txn.table(kKeys, 0));
  CHATD_STORE_CHECK(txn.commit());
  return History(std::move(env), meta, runs, keys, id);
}

Result<std::uint64_t> History::mark(const ReadTxn& txn, Mark mark) const {
  CHATD_STORE_TRY(const auto stored, txn.get(meta_, name(mark)));
  if (!stored) return 0;
  const auto position = ByteReader(*stored).fixed<std::uint64_t>();
  if (!position)
    return fail(CHATD_E_CORRUPT, env_->file().string() + " is damaged: it has forgotten what is " +
                                     std::string(name(mark)));
  return *position;
}

Status History::set_mark(const WriteTxn& txn, Mark mark, std::uint64_t position) const {
  std::array<char, sizeof position> bytes{};
  write_fixed(bytes.data(), position);
  return txn.put(meta_, name(mark), {bytes.data(), bytes.size()});
}

Result<std::uint64_t> History::head(const ReadTxn& txn, const RoomId& room) const {
  CHATD_STORE_TRY(auto cursor, RunCursor::open(*this, txn.raw()));
  CHATD_STORE_TRY(const bool is_there,
                  cursor.seek(room, std::numeric_limits<std::uint64_t>::max()));
  return is_there ? cursor.last_seq() : 0;
}

Result<std::optional<std::string_view>> History::get(const ReadTxn& txn,
                                                     std::string_view key) const {
  CHATD_STORE_TRY(const auto row, txn.get(keys_, key));
  if (!row) return std::nullopt;
  return value(key, *row);
}

Status History::put(const WriteTxn& txn, std::string_view key, std::string_view value) const {
  CHATD_STORE_TRY(char* const out, txn.reserve(keys_, key, kChecksumBytes + value.size()));
  write_raw(write_fixed(out, checksum(key, value)), value);
  return {};
}

Result<std::string_view> History::value(std::string_view key, std::string_view row) const {
  ByteReader in(row);
  const auto stored = in.fixed<std::uint32_t>();
  if (!stored || *stored != checksum(key, in.rest()))
    return fail(CHATD_E_CORRUPT, env_->file().string() +
                                     " is damaged: the checksum of a key's value does not match");
  return in.rest();
}

RunKey::RunKey(const RoomId& room, std::uint64_t first_seq) : bytes_{} {
  char* at = write_raw(bytes_.data(), view(room));
  for (int shift = 56; shift >= 0; shift -= 8) *at++ = static_cast<char>(first_seq >> shift);
}

Result<RunCursor> RunCursor::open(const History& history, MDB_txn* txn) {
  CHATD_STORE_TRY(auto cursor, Cursor::open(history.env(), txn, history.runs()));
  return RunCursor(std::move(cursor));
}

Result<bool> RunCursor::seek(const RoomId& room, std::uint64_t seq) {
  CHATD_STORE_TRY(const bool is_there, read(cursor_.at_or_before(RunKey(room, seq).bytes())));
  return is_there && room_ == room;
}

Result<bool> RunCursor::read(Result<bool> is_there) {
  if (!is_there || !*is_there) return is_there;
  const std::string_view key = cursor_.key();
  constexpr std::size_t kSize = CHATD_STORAGE_ROOM_SIZE + sizeof(std::uint64_t);
  if (key.size() != kSize) return fail(CHATD_E_CORRUPT, "the key of a run has a wrong size");
  room_ = room_id(key);
  first_seq_ = 0;
  for (const char byte : key.substr(CHATD_STORAGE_ROOM_SIZE))
    first_seq_ = first_seq_ << 8U | static_cast<std::uint8_t>(byte);
  CHATD_STORE_TRY(head_, peek_run(cursor_.value()));
  return true;
}

}  // namespace chatd::storage_lmdb
