#pragma once

#include "daemon/base/result.hpp"
#include "daemon/config/config.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace chatd::config {

// The documented configuration file: every setting with its meaning and its default, commented out
// unless it is required. daemon/config/chatd.toml is this text.
[[nodiscard]] std::string default_config();

// Whether the value of a plugin's setting may be shown: it may be a secret, and only the plugin's
// schema knows.
using MayShow = std::function<bool(std::string_view plugin, std::string_view key)>;

// What `config` amounts to, as a file that would load to the same: every setting with its value.
// Of a plugin's setting that may not be shown only a comment says that it is there.
[[nodiscard]] std::string effective(const Config& config, const MayShow& may_show);

// What a setting ("limits.messages_per_minute") means, may hold and does when nobody sets it; for a
// section ("limits"), all its settings. not_found, with the nearest name, when there is none.
[[nodiscard]] Result<std::string> explain(std::string_view name);

}  // namespace chatd::config
