#include "cli/command.hpp"
#include "cli/commands/init.hpp"
#include "cli/safe_text.hpp"
#include "daemon/config/describe.hpp"
#include "daemon/config/load.hpp"
#include "daemon/wire/methods/admin.hpp"

#include <fmt/format.h>

namespace chatd::cli {
namespace {

struct MistakeInfo {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message;
  static void fields(auto& self, auto&& field) {
    field("file", self.file, "In which file.");
    field("line", self.line, "From 1; 0: the file as a whole.");
    field("column", self.column, "From 1.");
    field("message", self.message, "What is wrong.");
  }
};

struct ConfigCheckAnswer {
  std::string file;
  std::vector<MistakeInfo> mistakes;
  static void fields(auto& self, auto&& field) {
    field("file", self.file, "The file that was read.");
    field("mistakes", self.mistakes, "All that is wrong, in the order of the lines.");
  }
};

struct ConfigCheck {
  using Answer = ConfigCheckAnswer;
  std::optional<FileName> file;
  static void fields(auto& self, auto&& field) {
    field("file", self.file, "The configuration; the one of --config unless told.", kFileName);
  }
};

Result<ConfigCheckAnswer> check_config(const ConfigCheck& which, Context& context) {
  ConfigCheckAnswer answer{which.file ? which.file->text() : context.config_file, {}};
  const auto config = config::load(answer.file);
  if (config) return answer;
  for (const config::Mistake& mistake : config.error())
    answer.mistakes.push_back({mistake.file, mistake.line, mistake.column, mistake.message});
  return answer;
}

std::string print_check(const Json& answer) {
  simdjson::dom::array mistakes;
  if (answer.at_key("mistakes").get(mistakes) != simdjson::SUCCESS || mistakes.size() == 0)
    return safe_line(text_at(answer, "file")) +
           ": no mistakes in chatd's own settings; `chatd --check` looks at plugins and "
           "certificate too.\n";
  std::string out;
  for (const Json mistake : mistakes) {
    std::uint64_t line = 0;
    std::uint64_t column = 0;
    if (mistake.at_key("line").get(line) != simdjson::SUCCESS ||
        mistake.at_key("column").get(column) != simdjson::SUCCESS)
      continue;
    const config::Mistake made{static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column),
                               std::string(text_at(mistake, "file")),
                               std::string(text_at(mistake, "message"))};
    out += safe_line(made.text()) + "\n";
  }
  return out;
}

struct ConfigShow {
  using Answer = wire::TextAnswer;
  std::optional<FileName> file;
  static void fields(auto& self, auto&& field) {
    field("file", self.file, "What this file amounts to, instead of what the daemon runs with.",
          kFileName);
  }
};

Result<std::string> show_config(const ConfigShow& which, Context& context) {
  if (!which.file) return context.daemon.call(wire::AdminConfigShow::kMethod.name, "{}");
  const auto config = config::load(which.file->text());
  if (!config)
    return fail(Code::conflict, fmt::format("{} (`chatctl config check` names all)",
                                            config.error().front().text()));
  // Without the plugins nobody knows which of their values are secrets.
  const auto may_show = [](std::string_view, std::string_view) { return false; };
  return wire::to_json(wire::TextAnswer{config::effective(*config, may_show)});
}

struct ConfigExplain {
  using Answer = wire::TextAnswer;
  std::string name;
  static void fields(auto& self, auto&& field) {
    field("name", self.name, "A setting (limits.messages_per_minute) or a section (limits).");
  }
};

Result<wire::TextAnswer> explain_setting(const ConfigExplain& which, Context&) {
  CHATD_TRY(std::string text, config::explain(which.name));
  return wire::TextAnswer{std::move(text)};
}

}  // namespace

std::vector<Command> config_commands() {
  std::vector<Command> out;
  out.push_back(local<Init, &init_server>(
      "init", {.summary = "Makes the folder of a new server: configuration, data folder and, if "
                          "wanted, a certificate for trials.",
               .print = &print_init}));
  out.push_back(local<ConfigCheck, &check_config>(
      "config check",
      {.summary =
           "Names the mistakes in a configuration file that show without the daemon's plugins and "
           "certificate; `chatd --check FILE` looks at those too.",
       .positional = "file",
       .problems = "mistakes",
       .print = &print_check}));
  out.push_back(local<ConfigShow, &show_config>(
      "config show", {.summary = "The configuration in force, defaults included, as TOML.",
                      .positional = "file"}));
  out.push_back(local<ConfigExplain, &explain_setting>(
      "config explain",
      {.summary = "What a setting means, may hold and does when nobody sets it."}));
  return out;
}

}  // namespace chatd::cli
