#pragma once

#include "plugins/storage_lmdb/env.hpp"

#include <array>

namespace chatd::storage_lmdb {

// What both files of a store say about themselves, in their table "meta".
using StoreId = std::array<char, 16>;  // random; equal in both: they belong together
[[nodiscard]] StoreId new_store_id();

inline constexpr std::uint64_t kSchemaVersion = 1;  // of both files; README.md describes it
inline constexpr const char* kMetaTable = "meta";

[[nodiscard]] Status write_identity(const WriteTxn& txn, MDB_dbi meta, const StoreId& id);
// CORRUPT when it isn't there; UNSUPPORTED when the schema is not ours.
[[nodiscard]] Result<StoreId> read_identity(const WriteTxn& txn, MDB_dbi meta);

}  // namespace chatd::storage_lmdb
