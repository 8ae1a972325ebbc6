#pragma once

#include "daemon/config/setting.hpp"
#include "daemon/config/toml.hpp"

#include <filesystem>
#include <functional>
#include <string>

namespace chatd::config {

// Hears of one thing wrong at one place.
using Complain = std::function<void(const toml::source_region& at, std::string message)>;

// Puts what stands in `node` into the setting's place in `config`, or complains, once for each item
// of a list that will not do, and leaves `config` as it was. Relative paths start from `folder`,
// except those that start from the data folder: they stay as they are.
void take(const Setting& setting, const toml::node& node, const std::filesystem::path& folder,
          Config& config, const Complain& complain);

// A value below [plugin.<name>] as text, as chatd/plugin.h promises it to the plugin.
void take_plugin_value(const std::string& key, const toml::node& node,
                       std::vector<PluginSetting>& out, const Complain& complain);

// "a text", "a list": what the operator wrote there.
[[nodiscard]] std::string_view type_text(const toml::node& node);

}  // namespace chatd::config
