#include "plugins/storage_lmdb/journal.hpp"

#include <cstring>

namespace chatd::storage_lmdb {
namespace {

constexpr const char* kEntries = "entries";
constexpr std::size_t kTrimPerCommit = 4;

// Positions are keys as LMDB's MDB_INTEGERKEY wants them: a number of the machine.
class PositionKey {
 public:
  explicit PositionKey(std::uint64_t position) { std::memcpy(bytes_, &position, sizeof bytes_); }
  [[nodiscard]] std::string_view bytes() const { return {bytes_, sizeof bytes_}; }

 private:
  char bytes_[sizeof(std::uint64_t)];
};

std::uint64_t position_of(std::string_view key) {
  std::uint64_t position = 0;
  if (key.size() == sizeof position) std::memcpy(&position, key.data(), sizeof position);
  return position;
}

}  // namespace

Status Journal::create(const std::filesystem::path& file, std::size_t map_bytes,
                       const StoreId& id) {
  CHATD_STORE_TRY(const auto env, Env::open(file, map_bytes, MDB_NOLOCK));
  CHATD_STORE_TRY(auto txn, WriteTxn::begin(*env));
  CHATD_STORE_TRY(const MDB_dbi meta, txn.table(kMetaTable, MDB_CREATE));
  CHATD_STORE_TRY([[maybe_unused]] const auto entries,
                  txn.table(kEntries, MDB_CREATE | MDB_INTEGERKEY));
  CHATD_STORE_CHECK(write_identity(txn, meta, id));
  return txn.commit();
}

Result<Journal> Journal::open(const std::filesystem::path& file, std::size_t map_bytes,
                              unsigned flags) {
  CHATD_STORE_TRY(auto env, Env::open(file, map_bytes, flags));
  CHATD_STORE_TRY(auto txn, WriteTxn::begin(*env));
  CHATD_STORE_TRY(const MDB_dbi meta, txn.table(kMetaTable, 0));
  CHATD_STORE_TRY(const StoreId id, read_identity(txn, meta));
  CHATD_STORE_TRY(const MDB_dbi entries, txn.table(kEntries, MDB_INTEGERKEY));
  CHATD_STORE_CHECK(txn.commit());
  return Journal(std::move(env), entries, id);
}

Status Journal::append(std::uint64_t position, std::span<const Write> writes, std::uint64_t folded,
                       std::vector<std::uint32_t>& offsets) {
  CHATD_STORE_TRY(auto txn, WriteTxn::begin(*env_));
  CHATD_STORE_CHECK(trim(txn, folded, kTrimPerCommit));
  CHATD_STORE_TRY(char* const out, txn.reserve(entries_, PositionKey(position).bytes(),
                                               entry_size(writes), MDB_APPEND));
  encode_entry(position, writes, out, offsets);
  return txn.commit();
}

Result<bool> Journal::trim(std::uint64_t folded, std::size_t max_entries) {
  CHATD_STORE_TRY(auto txn, WriteTxn::begin(*env_));
  CHATD_STORE_TRY(const std::size_t trimmed, trim(txn, folded, max_entries));
  if (trimmed > 0) CHATD_STORE_CHECK(txn.commit());
  return trimmed > 0;
}

Result<std::size_t> Journal::trim(const WriteTxn& txn, std::uint64_t folded,
                                  std::size_t max_entries) const {
  CHATD_STORE_TRY(auto cursor, Cursor::open(*env_, txn.raw(), entries_));
  std::size_t trimmed = 0;
  while (trimmed < max_entries) {
    CHATD_STORE_TRY(const bool is_there, cursor.first());
    if (!is_there || position_of(cursor.key()) > folded) break;
    CHATD_STORE_CHECK(cursor.erase());
    ++trimmed;
  }
  return trimmed;
}

Status Journal::for_each(const ReadTxn& txn, std::uint64_t after, const EachEntry& each) const {
  CHATD_STORE_TRY(auto cursor, Cursor::open(*env_, txn.raw(), entries_));
  CHATD_STORE_TRY(bool is_there, cursor.at_or_after(PositionKey(after + 1).bytes()));
  while (is_there) {
    CHATD_STORE_CHECK(each(position_of(cursor.key()), cursor.value()));
    CHATD_STORE_TRY(is_there, cursor.next());
  }
  return {};
}

Result<std::optional<std::uint64_t>> Journal::newest(const ReadTxn& txn) const {
  CHATD_STORE_TRY(auto cursor, Cursor::open(*env_, txn.raw(), entries_));
  CHATD_STORE_TRY(const bool is_there, cursor.last());
  return is_there ? std::optional(position_of(cursor.key())) : std::nullopt;
}

Result<std::string_view> Journal::value(const ReadTxn& txn, std::uint64_t position,
                                        std::uint32_t offset) const {
  CHATD_STORE_TRY(const auto entry, txn.get(entries_, PositionKey(position).bytes()));
  if (!entry)
    return fail(CHATD_E_CORRUPT, env_->file().string() + ": the entry at position " +
                                     std::to_string(position) + " is missing");
  return value_at(*entry, offset);
}

Status Journal::copy(const ReadTxn& txn, std::uint64_t after, const Journal& into) const {
  return copy_table(txn, entries_, PositionKey(after + 1).bytes(), into.env(), into.entries_);
}

}  // namespace chatd::storage_lmdb
