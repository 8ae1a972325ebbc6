#include "daemon/host/config_check.hpp"

#include "daemon/base/closest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chatd::host {
namespace {

// The keys that any plugin's section may have, in the words of the schema.
std::vector<sdk::SchemaKey> host_keys() {
  std::vector<sdk::SchemaKey> keys(4);
  keys[0].name = "file";
  keys[0].type = sdk::SchemaType::string;
  keys[1].name = "order";
  keys[1].type = sdk::SchemaType::integer;
  keys[1].type_text = "int:-1000000..1000000";
  keys[1].low = -1'000'000;
  keys[1].high = 1'000'000;
  keys[2].name = "deadline_ms";
  keys[2].type = sdk::SchemaType::integer;
  keys[2].type_text = fmt::format("int:1..{}", kMaxDeadline.count());
  keys[2].low = 1;
  keys[2].high = kMaxDeadline.count();
  keys[3].name = "on_timeout";
  keys[3].type = sdk::SchemaType::choice;
  keys[3].type_text = "choice:deny|allow";
  keys[3].choices = {"deny", "allow"};
  return keys;
}

const sdk::SchemaKey* find(const std::vector<sdk::SchemaKey>& keys, std::string_view name) {
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const sdk::SchemaKey& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

void take_host_key(PluginConfig& config, const std::string& key, const std::string& value) {
  if (key == "order") config.order = std::stoll(value);
  if (key == "deadline_ms") config.deadline = Millis(std::stoll(value));
  if (key == "on_timeout") config.allows_on_timeout = value == "allow";
}

}  // namespace

tl::expected<PluginConfig, Mistakes> check_config(std::string_view plugin,
                                                  const std::vector<sdk::SchemaKey>& schema,
                                                  const std::vector<Setting>& settings) {
  PluginConfig config;
  Mistakes mistakes;
  const auto complain = [&](const std::string& key, std::string message) {
    mistakes.push_back({std::string(plugin), key, std::move(message)});
  };
  const std::vector<sdk::SchemaKey> ours = host_keys();
  std::vector<std::string> names;
  for (const sdk::SchemaKey& key : schema) {
    config.known.insert(key.name);
    if (key.is_secret) config.secrets.insert(key.name);
    names.push_back(key.name);
    if (key.fallback) config.values[key.name] = *key.fallback;
  }
  for (const sdk::SchemaKey& key : ours) names.push_back(key.name);

  std::set<std::string, std::less<>> set;
  for (const Setting& setting : settings) {
    const sdk::SchemaKey* const host_key = find(ours, setting.key);
    const sdk::SchemaKey* const key = host_key != nullptr ? host_key : find(schema, setting.key);
    if (key == nullptr) {
      complain(setting.key, fmt::format("there is no setting {} in [plugin.{}]{}", setting.key,
                                        plugin, did_you_mean(setting.key, names)));
      continue;
    }
    const sdk::Parsed<std::string> plain = sdk::plain_form(*key, setting.value);
    if (!plain.ok()) {
      complain(setting.key, plain.error);
    } else if (host_key != nullptr) {
      take_host_key(config, setting.key, plain.value);
    } else {
      config.values[setting.key] = plain.value;
    }
    set.insert(setting.key);
  }
  for (const sdk::SchemaKey& key : schema)
    if (key.is_required && !set.contains(key.name))
      complain({}, fmt::format("[plugin.{}] needs {}: {}", plugin, key.name, key.doc));

  if (!mistakes.empty()) return tl::unexpected<Mistakes>(std::move(mistakes));
  return config;
}

}  // namespace chatd::host
