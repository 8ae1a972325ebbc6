#include "daemon/config/describe.hpp"

#include "daemon/base/closest.hpp"
#include "daemon/config/setting.hpp"
#include "daemon/config/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace chatd::config {
namespace {

constexpr std::size_t kCommentColumns = 96;

// `text` as comment lines.
std::string comment(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = text.size();
    if (size > kCommentColumns) size = text.rfind(' ', kCommentColumns);
    out.append("# ").append(text.substr(0, size)).append("\n");
    text.remove_prefix(std::min(text.size(), size + 1));
  }
  return out;
}

// "Must be a whole number from 1 to 64; takes effect after a restart."
std::string constraint(const Setting& setting) {
  return fmt::format("Must be {}. Takes effect {}.", what(setting.kind),
                     setting.when == When::live ? "at a reload" : "after a restart");
}

std::string explanation(const Setting& setting) {
  Config defaults;
  const std::string fallback = setting.is_needed != nullptr
                                   ? fmt::format("none; for example {}", in_quotes(setting.example))
                                   : value_text(setting.kind, defaults);
  return fmt::format("{}\n  {}\n  {}\n  Default: {}\n", setting.name(), setting.meaning,
                     constraint(setting), fallback);
}

// A key may be bare or needs quotes.
std::string key_text(std::string_view key) {
  const bool is_bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return is_bare ? std::string(key) : in_quotes(key);
}

}  // namespace

std::string default_config() {
  std::string out = comment(
      "The configuration of chatd. Lines such as `# key = value` show what holds when nothing is "
      "set: take the # away and change them. `chatd --check FILE` names every mistake in this "
      "file, `chatctl reload` applies it.");
  Config defaults;
  for (const Section& section : sections()) {
    out += fmt::format("\n{}[{}]\n", comment(section.meaning), section.name);
    for (const Setting& setting : settings()) {
      if (setting.section != section.name) continue;
      out += fmt::format("\n{}{}", comment(setting.meaning), comment(constraint(setting)));
      out += setting.is_needed != nullptr
                 ? fmt::format("{} = {}\n", setting.key, in_quotes(setting.example))
                 : fmt::format("# {} = {}\n", setting.key, value_text(setting.kind, defaults));
    }
  }
  return out;
}

std::string effective(const Config& config, const MayShow& may_show) {
  Config copy = config;
  std::string out;
  for (const Section& section : sections()) {
    out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", section.name);
    for (const Setting& setting : settings()) {
      if (setting.section != section.name) continue;
      const bool is_absent = setting.is_needed != nullptr && !setting.is_needed(config);
      if (is_absent) continue;
      out += fmt::format("{} = {}\n", setting.key, value_text(setting.kind, copy));
    }
  }
  for (const auto& [name, settings] : config.plugin) {
    out += fmt::format("\n[plugin.{}]\n", name);
    for (const PluginSetting& setting : settings)
      out += may_show(name, setting.key)
                 ? fmt::format("{} = {}\n", key_text(setting.key), in_quotes(setting.value))
                 : fmt::format("# {}: set, not shown\n", key_text(setting.key));
  }
  return out;
}

Result<std::string> explain(std::string_view name) {
  std::string out;
  std::vector<std::string> names;
  for (const Section& section : sections())
    if (section.name == name) out = fmt::format("[{}] {}\n", section.name, section.meaning);
  for (const Setting& setting : settings()) {
    names.push_back(setting.name());
    if (setting.name() == name) return explanation(setting);
    if (setting.section == name) out += "\n" + explanation(setting);
  }
  if (!out.empty()) return out;
  for (const Section& section : sections()) names.emplace_back(section.name);
  return fail(Code::not_found,
              fmt::format("there is no setting {}{}", in_quotes(name), did_you_mean(name, names)));
}

}  // namespace chatd::config
