#pragma once

#include "daemon/base/clock.hpp"
#include <chatd/schema.hpp>

#include <tl/expected.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::host {

// One key below [plugin.<name>] as the admin wrote it: a list has its items one per line.
struct Setting {
  std::string key;
  std::string value;
  std::string place;  // "chatd.toml:12:1", to stand before what is wrong with it
};

// A plugin's settings, checked and complete.
struct PluginConfig {
  std::map<std::string, std::string, std::less<>> values;  // in the plain form
  std::set<std::string, std::less<>> known;                // all keys of the schema
  std::set<std::string, std::less<>> secrets;              // those whose values nobody may see
  // What the host itself reads.
  std::int64_t order = 100;        // plugins with hooks are asked by it, then by name
  std::optional<Millis> deadline;  // for each question; unset: the role's own
  bool allows_on_timeout = false;  // a hook that fails or is late: true lets it happen
};

inline constexpr Millis kMaxDeadline{600'000};

// All mistakes at once, each a sentence with its place.
using Mistakes = std::vector<std::string>;
[[nodiscard]] tl::expected<PluginConfig, Mistakes> check_config(
    std::string_view plugin, const std::vector<sdk::SchemaKey>& schema,
    const std::vector<Setting>& settings);

}  // namespace chatd::host
