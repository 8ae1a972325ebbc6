#include "daemon/config/change.hpp"

#include "daemon/config/setting.hpp"
#include "daemon/config/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace chatd::config {
namespace {

using Plugins = decltype(Config::plugin);

// The names of the settings that stand in `one` but not, or not with that value, in `other`.
void add_differing(const Plugins& one, const Plugins& other, std::set<std::string>& names) {
  for (const auto& [plugin, settings] : one) {
    const auto found = other.find(plugin);
    for (const PluginSetting& setting : settings)
      if (found == other.end() ||
          std::find(found->second.begin(), found->second.end(), setting) == found->second.end())
        names.insert(fmt::format("plugin.{}.{}", plugin, setting.key));
  }
}

}  // namespace

std::vector<Change> changes(const Config& running, const Config& next) {
  std::vector<Change> out;
  Config before = running;
  Config after = next;
  for (const Setting& setting : settings()) {
    const std::string from = value_text(setting.kind, before);
    const std::string to = value_text(setting.kind, after);
    if (from != to)
      out.push_back(
          {fmt::format("{}: {} -> {}", setting.name(), from, to), setting.when == When::live});
  }
  std::set<std::string> names;
  add_differing(running.plugin, next.plugin, names);
  add_differing(next.plugin, running.plugin, names);
  for (const std::string& name : names) out.push_back({name, false});
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
