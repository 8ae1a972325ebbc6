#pragma once

#include "daemon/base/result.hpp"
#include "daemon/config/config.hpp"

#include <string>
#include <string_view>

namespace chatd::config {

// The documented configuration file: every setting with its meaning and its default, commented out
// unless it is required. daemon/config/chatd.toml is this text.
[[nodiscard]] std::string default_config();

// What `config` amounts to, as a file that would load to the same: every setting with its value.
[[nodiscard]] std::string effective(const Config& config);

// What a setting ("limits.messages_per_minute") means, may hold and does when nobody sets it; for a
// section ("limits"), all its settings. not_found, with the nearest name, when there is none.
[[nodiscard]] Result<std::string> explain(std::string_view name);

}  // namespace chatd::config
