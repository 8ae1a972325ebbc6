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

// One thing wrong with a plugin that is wanted, or with one of its settings (`key`, else empty).
struct Mistake {
  std::string plugin;
  std::string key;
  std::string message;
  bool operator==(const Mistake&) const = default;
};
// All at once.
using Mistakes = std::vector<Mistake>;
[[nodiscard]] tl::expected<PluginConfig, Mistakes> check_config(
    std::string_view plugin, const std::vector<sdk::SchemaKey>& schema,
    const std::vector<Setting>& settings);

}  // namespace chatd::host
