#include "plugins/storage_lmdb/identity.hpp"

#include "plugins/storage_lmdb/bytes.hpp"

#include <algorithm>
#include <random>

namespace chatd::storage_lmdb {
namespace {

constexpr std::string_view kSchemaKey = "schema";
constexpr std::string_view kStoreKey = "store";

}  // namespace

StoreId new_store_id() {
  std::random_device device;
  StoreId id;
  std::generate(id.begin(), id.end(), [&] { return static_cast<char>(device()); });
  return id;
}

Status write_identity(const WriteTxn& txn, MDB_dbi meta, const StoreId& id) {
  std::array<char, sizeof kSchemaVersion> schema{};
  write_fixed(schema.data(), kSchemaVersion);
  CHATD_STORE_CHECK(txn.put(meta, kSchemaKey, {schema.data(), schema.size()}));
  return txn.put(meta, kStoreKey, {id.data(), id.size()});
}

Result<StoreId> read_identity(const WriteTxn& txn, MDB_dbi meta) {
  const std::string file = txn.env().file().string();
  CHATD_STORE_TRY(const auto schema, txn.get(meta, kSchemaKey));
  const auto number = ByteReader(schema.value_or("")).fixed<std::uint64_t>();
  if (!number) return fail(CHATD_E_CORRUPT, file + ": it does not say which schema it has");
  if (*number > kSchemaVersion)
    return fail(CHATD_E_UNSUPPORTED, file + ": was written by a newer chatd (schema " +
                                         std::to_string(*number) + "; this one knows up to " +
                                         std::to_string(kSchemaVersion) + ")");
  if (*number < kSchemaVersion)
    return fail(CHATD_E_UNSUPPORTED, file + ": schema " + std::to_string(*number) +
                                         " never was in a release; this is not our file");
  CHATD_STORE_TRY(const auto stored, txn.get(meta, kStoreKey));
  StoreId id{};
  if (!stored || stored->size() != id.size())
    return fail(CHATD_E_CORRUPT, file + ": it does not say which store it belongs to");
  std::copy(stored->begin(), stored->end(), id.begin());
  return id;
}

}  // namespace chatd::storage_lmdb
