#include "cli/command.hpp"
#include "daemon/base/closest.hpp"
#include "daemon/wire/methods/admin.hpp"

#include <fmt/format.h>

namespace chatd::cli {
namespace {

struct PluginShow {
  using Answer = wire::PluginInfo;
  std::string name;
  static void fields(auto& self, auto&& field) { field("name", self.name, "The plugin's name."); }
};

Result<std::string> show_plugin(const PluginShow& which, Context& context) {
  CHATD_TRY(const std::string answer,
            context.daemon.call(wire::AdminPluginList::kMethod.name, "{}"));
  CHATD_TRY(const Document document, Document::parse(answer));
  simdjson::dom::array plugins;
  std::vector<std::string> names;
  if (document.root().at_key("plugins").get(plugins) == simdjson::SUCCESS) {
    for (const Json plugin : plugins) {
      if (text_at(plugin, "name") == which.name) return simdjson::minify(plugin);
      names.emplace_back(text_at(plugin, "name"));
    }
  }
  return fail(Code::not_found, fmt::format("there is no plugin \"{}\"{}", which.name,
                                           did_you_mean(which.name, names)));
}

}  // namespace

std::vector<Command> plugin_commands() {
  std::vector<Command> out;
  out.push_back(remote<wire::AdminPluginList>("plugin list",
                                              {.columns = "name version summary state roles"}));
  out.push_back(local<PluginShow, &show_plugin>(
      "plugin info", {.summary = "One plugin with the settings it takes."}));
  return out;
}

}  // namespace chatd::cli
