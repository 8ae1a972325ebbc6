#include "cli/command.hpp"

#include <algorithm>
#include <array>

namespace chatd::cli {
namespace {

const Argument* find_argument(const Command& command, std::string_view name) {
  const auto found = std::find_if(command.arguments.begin(), command.arguments.end(),
                                  [&](const Argument& each) { return each.name == name; });
  return found == command.arguments.end() ? nullptr : &*found;
}

Argument option(std::string_view name, Kind kind, std::string_view sentence) {
  return {.name = std::string(name), .field = {}, .sentence = std::string(sentence), .kind = kind};
}

std::vector<Command> all_rows() {
  std::vector<Command> out;
  for (auto* family : {&server_commands, &config_commands, &user_commands, &room_commands,
                       &message_commands, &federation_commands, &plugin_commands, &shell_commands})
    for (Command& command : family()) out.push_back(std::move(command));
  return out;
}

}  // namespace

void detail::finish_row(Command& command) {
  const Extras& extras = command.extras;
  std::erase_if(command.arguments, [&](const Argument& each) {
    return !each.field.empty() && extras.fixed.find('"' + each.field + '"') != std::string::npos;
  });
  if (!command.secret.empty()) {
    command.arguments.push_back(
        option(command.secret + "-stdin", Kind::flag,
               "Read the " + command.secret + " from standard input instead of asking for it."));
    command.arguments.push_back(option(command.secret + "-file", Kind::file,
                                       "Read the " + command.secret + " from this file."));
  }
  const auto& parts = command.answer.parts;
  command.has_pages = find_argument(command, "after") != nullptr &&
                      std::any_of(parts.begin(), parts.end(),
                                  [](const NamedShape& part) { return part.name == "next"; });
  if (command.has_pages)
    command.arguments.push_back(option("all", Kind::flag, "All pages, one after the other."));
  if (!extras.warning.empty()) {
    command.arguments.push_back(
        option("dry-run", Kind::flag, "Show what it is about; do nothing."));
    command.arguments.push_back(option("yes", Kind::flag, "Do not ask whether to go on."));
  }
}

std::span<const Command> commands() {
  static const std::vector<Command> rows = all_rows();
  return rows;
}

const Command* find_command(std::string_view words) {
  const auto rows = commands();
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const Command& each) { return each.words == words; });
  return found == rows.end() ? nullptr : &*found;
}

std::span<const Argument> global_arguments() {
  static const std::array rows{
      option("config", Kind::file,
             "The daemon's configuration, which says where its socket is; "
             "/etc/chatd/chatd.toml unless told here or in $CHATD_CONFIG."),
      option("socket", Kind::file,
             "The daemon's control socket, without looking into a configuration; also in "
             "$CHATD_SOCKET."),
      option("timeout", Kind::number, "How many seconds to wait for an answer; 60 unless told."),
      option("json", Kind::flag, "Print one JSON object instead of text."),
  };
  return rows;
}

}  // namespace chatd::cli
