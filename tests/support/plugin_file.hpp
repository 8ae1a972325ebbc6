#pragma once

#include <chatd/plugin.h>

#include <cstdlib>
#include <dlfcn.h>
#include <map>
#include <string>
#include <string_view>

namespace chatd::tests {

// The entry of a plugin's file, loaded as the daemon loads it and never unloaded. NULL when that
// fails.
inline chatd_plugin_query_fn load_plugin(const char* file) {
  void* const library = file == nullptr ? nullptr : dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return nullptr;
  return reinterpret_cast<chatd_plugin_query_fn>(dlsym(library, "chatd_plugin_query"));
}

// The plugin that a contract suite is run against, from the environment: CHATD_PLUGIN is its file,
// CHATD_PLUGIN_CONFIG its config as "key=value,key=value".
inline chatd_plugin_query_fn plugin_under_test() {
  static const chatd_plugin_query_fn query = load_plugin(std::getenv("CHATD_PLUGIN"));
  return query;
}
inline std::map<std::string, std::string> config_under_test() {
  std::map<std::string, std::string> config;
  const char* const text = std::getenv("CHATD_PLUGIN_CONFIG");
  std::string_view rest = text == nullptr ? "" : text;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find(','));
    const std::size_t equals = pair.find('=');
    if (equals != pair.npos) config.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
  }
  return config;
}

}  // namespace chatd::tests
