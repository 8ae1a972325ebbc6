#pragma once

#include "daemon/host/storage_role.hpp"
#include "daemon/host/store_thread.hpp"
#include <chatd/state.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace chatd::host {

// Keys of the host's rows in the store, beside the core's (daemon/core/keys.hpp): all begin with x.
[[nodiscard]] std::string state_key(std::string_view plugin, std::string_view key);  // x name 0 key
[[nodiscard]] std::string cursor_key(std::string_view plugin, std::string_view subscription);
inline constexpr std::string_view kCursors{"x\0", 2};  // x 0 name 0 subscription

// What stands behind chatd.state.v1. Workers only; blocks.
class PluginState {
 public:
  PluginState(StorageRole storage, StoreThread& committer)
      : storage_(storage), committer_(committer) {}

  [[nodiscard]] chatd_status get(std::string_view plugin, chatd_str key, chatd_state_fn fn,
                                 void* arg) const;
  [[nodiscard]] chatd_status write(std::string_view plugin, const chatd_state_write* writes,
                                   std::size_t count) const;
  [[nodiscard]] chatd_status scan(std::string_view plugin, chatd_str prefix, chatd_str after,
                                  std::size_t limit, chatd_state_fn fn, void* arg) const;

  // Commits and waits for it: for the host's own rows.
  [[nodiscard]] Status commit(std::vector<core::Write> writes) const;
  [[nodiscard]] const StorageRole& storage() const { return storage_; }

 private:
  // Constant after construction
  const StorageRole storage_;
  StoreThread& committer_;
};

}  // namespace chatd::host
