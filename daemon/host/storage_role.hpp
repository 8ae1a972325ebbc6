#pragma once

#include "daemon/core/ports/store.hpp"
#include <chatd/storage.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::host {

class Plugin;

// chatd.storage.v1 in our words. Every call blocks: commit() on the store thread, the others on
// workers. What the plugin throws becomes `internal`.
class StorageRole {
 public:
  // The plugin must serve the role and outlive this. An error names the slot that is missing.
  [[nodiscard]] static Result<StorageRole> of(const Plugin& plugin);

  // All batches as one; on failure nothing of any happened.
  [[nodiscard]] Status commit(std::span<const core::Batch* const> batches) const;

  [[nodiscard]] Result<std::vector<core::StoredRecord>> read(const core::Range& range) const;
  [[nodiscard]] Result<Seq> head(const RoomId& room) const;
  [[nodiscard]] Result<std::optional<std::string>> get(std::string_view key) const;
  [[nodiscard]] Result<std::vector<core::KeyValue>> scan(std::string_view prefix,
                                                         std::string_view after,
                                                         std::size_t limit) const;

  // Minutes, perhaps. `target` is a folder that does not exist yet.
  [[nodiscard]] Status backup(const std::string& target) const;
  // The sentences about what is damaged; none: all is well.
  [[nodiscard]] Result<std::vector<std::string>> check() const;
  [[nodiscard]] Result<std::vector<std::pair<std::string, std::uint64_t>>> stats() const;

 private:
  StorageRole(const chatd_storage_v1* table, void* self) : table_(table), self_(self) {}

  [[nodiscard]] Status status_of(chatd_status status, std::string_view doing) const;
  template <class Call>
  [[nodiscard]] Status call(std::string_view doing, Call call) const;

  const chatd_storage_v1* table_;
  void* self_;
};

}  // namespace chatd::host
