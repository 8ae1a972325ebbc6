#pragma once

#include "daemon/core/ports/store.hpp"
#include "plugins/storage_lmdb/store.hpp"

#include <optional>
#include <string>
#include <vector>

// The core's questions, put to storage_lmdb itself: without the plugin's ABI and its threads.
namespace chatd::support {

[[nodiscard]] Status commit(storage_lmdb::Store& store, const std::vector<core::Write>& writes);
[[nodiscard]] Result<std::vector<core::StoredRecord>> read(storage_lmdb::Store& store,
                                                           const core::Range& range);
[[nodiscard]] Result<Seq> head(storage_lmdb::Store& store, const RoomId& room);
[[nodiscard]] Result<std::optional<std::string>> get(storage_lmdb::Store& store,
                                                     const std::string& key);
[[nodiscard]] Result<std::vector<core::KeyValue>> scan(storage_lmdb::Store& store,
                                                       const std::string& prefix,
                                                       const std::string& after, std::size_t limit);

// The store's error as the core hears of it.
[[nodiscard]] tl::unexpected<Error> failed(const storage_lmdb::Error& error);

}  // namespace chatd::support
