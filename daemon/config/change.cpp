#include "daemon/config/change.hpp"

#include "daemon/config/setting.hpp"
#include "daemon/config/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace chatd::config {
namespace {

using PluginSettings = std::vector<PluginSetting>;

// The keys that stand in `one` but not, or not with that value, in `other`.
void add_differing(const PluginSettings& one, const PluginSettings& other,
                   std::set<std::string>& keys) {
  for (const PluginSetting& setting : one)
    if (std::find(other.begin(), other.end(), setting) == other.end()) keys.insert(setting.key);
}

const PluginSettings& settings_of(const std::string& plugin, const Config& config) {
  static const PluginSettings kNone;
  const auto found = config.plugin.find(plugin);
  return found == config.plugin.end() ? kNone : found->second;
}

}  // namespace

std::string Change::text() const {
  return fmt::format("{}: {} -> {}{}", name, from, to, is_live ? "" : " (after a restart)");
}

std::vector<Change> changes(const Config& running, const Config& next) {
  std::vector<Change> out;
  Config before = running;
  Config after = next;
  for (const Setting& setting : settings()) {
    std::string from = value_text(setting.kind, before);
    std::string to = value_text(setting.kind, after);
    if (from != to)
      out.push_back({setting.name(), std::move(from), std::move(to), setting.when == When::live});
  }

  std::set<std::string> plugins;
  for (const auto& [name, settings] : running.plugin) plugins.insert(name);
  for (const auto& [name, settings] : next.plugin) plugins.insert(name);
  for (const std::string& name : plugins) {
    std::set<std::string> keys;
    add_differing(settings_of(name, running), settings_of(name, next), keys);
    add_differing(settings_of(name, next), settings_of(name, running), keys);
    // Their values may be secrets: the names are enough.
    if (!keys.empty())
      out.push_back(
          {"plugin." + name, "before", fmt::format("new {}", fmt::join(keys, ", ")), false});
  }
  return out;
}

Config after_reload(const Config& running, const Config& next) {
  Config out = running;
  Config source = next;
  for (const Setting& setting : settings())
    if (setting.when == When::live) copy_value(setting.kind, source, out);
  return out;
}

}  // namespace chatd::config
