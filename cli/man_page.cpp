#include "cli/man_page.hpp"

#include "cli/command.hpp"

#include <fmt/format.h>

namespace chatd::cli {
namespace {

// Text that troff prints as it is.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && out.empty()) {
      out += "\\&";
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string item(std::string_view what, std::string_view meaning) {
  return fmt::format(".TP\n.B {}\n{}\n", escaped(what), escaped(meaning));
}

std::string synopsis(const Command& command) {
  std::string out = fmt::format(".B chatctl {}\n", command.words);
  for (const Argument& argument : command.arguments)
    out += fmt::format(
        "{}\n", escaped(argument.is_positional ? argument.usage() : "[" + argument.usage() + "]"));
  return out;
}

std::string_view type_word(Look look) {
  switch (look) {
    case Look::text:
      return "string";
    case Look::number:
      return "integer";
    case Look::time:
      return "milliseconds since 1970 UTC";
    case Look::yes_no:
      return "boolean";
    case Look::json:
      return "object";
    case Look::list:
      return "list";
    case Look::object:
      return "object";
  }
  return "";
}

// The members of an answer with their paths: `users[].display_name`.
void append_members(std::string& out, const Shape& shape, const std::string& path) {
  for (const NamedShape& part : shape.parts) {
    const std::string name = path + part.name;
    out += fmt::format(".TP\n.B {}\n({}{}) {}\n", escaped(name), type_word(part.shape.look),
                       part.is_always ? "" : ", may be absent", escaped(part.sentence));
    if (part.shape.look == Look::object) append_members(out, part.shape, name + ".");
    if (part.shape.look != Look::list) continue;
    append_members(out, part.shape.parts.front().shape, name + "[].");
  }
}

std::string commands_chapter() {
  std::string out = ".SH COMMANDS\n";
  for (const Command& command : commands()) {
    out += fmt::format(".SS {}\n{}{}\n", command.words, synopsis(command), ".PP");
    out += fmt::format("{}\n", escaped(command.summary));
    if (!command.extras.warning.empty())
      out += fmt::format(".PP\nAsks first. {}\n", escaped(command.extras.warning));
    if (!command.secret.empty())
      out += fmt::format(
          ".PP\nThe {} is asked for on the terminal unless an option says where it is.\n",
          command.secret);
    for (const Argument& argument : command.arguments)
      out += item(argument.usage(), argument.sentence);
  }
  return out;
}

std::string json_chapter() {
  std::string out =
      ".SH JSON OUTPUT\n"
      "With\n.B \\-\\-json\n"
      "each command prints one JSON object on one line of standard output:\n"
      ".PP\n.EX\n"
      "{\"schema\":1,\"command\":\"user show\",\"result\":{...}}\n"
      "{\"schema\":1,\"command\":\"user show\",\"error\":{\"code\":\"not_found\",\"message\":"
      "\"...\"}}\n"
      ".EE\n.PP\n"
      "New members may come at any time. The schema number of a command grows when a member of "
      "its\n"
      "result goes or changes its meaning.\n"
      "Lists with\n.B \\-\\-all\n"
      "and\n.B log follow\n"
      "print one object a page or line.\n"
      "A line that makes no sense is answered on standard error only.\n";
  for (const Command& command : commands()) {
    if (command.answer.parts.empty()) continue;
    out += fmt::format(".SS {} (schema {})\n", command.words, command.extras.schema);
    append_members(out, command.answer, "");
  }
  return out;
}

}  // namespace

std::string man_page() {
  std::string out =
      ".\\\" Made by `chatctl man`; do not edit.\n"
      ".TH CHATCTL 1 \"\" chatd \"chatd manual\"\n"
      ".SH NAME\n"
      "chatctl \\- administer a chatd server\n"
      ".SH SYNOPSIS\n"
      ".B chatctl\n[\\fIOPTIONS\\fR] \\fICOMMAND\\fR [\\fIARGUMENTS\\fR]\n"
      ".SH DESCRIPTION\n"
      ".B chatctl\n"
      "asks the running daemon through its control socket. Who may open that socket, and that the\n"
      "kernel tells the daemon who it is, is all the login there is: run it as root or as the "
      "user\n"
      "the daemon runs as.\n"
      ".PP\n"
      "A user may be written without the server's name:\n.B juliet\nmeans\n"
      ".BR juliet@\\fIthis\\-server\\fR .\n"
      ".SH OPTIONS\n"
      "These may stand before or behind the command.\n";
  for (const Argument& argument : global_arguments())
    out += item(argument.usage(), argument.sentence);
  out += item("--help", "Print how a command is used.");
  out += item("--version", "Print the version.");
  out += commands_chapter();
  out += json_chapter();
  out +=
      ".SH EXIT STATUS\n"
      ".TP\n.B 0\nIt is done.\n"
      ".TP\n.B 1\nIt failed, or whether it was done is unknown.\n"
      ".TP\n.B 2\nThe line makes no sense; nothing was done.\n"
      ".TP\n.B 3\nThe check worked and found problems.\n"
      ".TP\n.B 4\nThe daemon is not running, or not ready.\n"
      ".TP\n.B 5\nRefused: this person may not do this.\n"
      ".SH FILES\n"
      ".TP\n.I /etc/chatd/chatd.toml\nThe configuration, unless another is named.\n"
      ".SH EXAMPLES\n"
      ".EX\n"
      "chatctl init chat.example /srv/chat \\-\\-self\\-signed\n"
      "chatctl \\-\\-config /srv/chat/chatd.toml user create juliet\n"
      "chatctl user passwd juliet \\-\\-password\\-stdin < new\\-password\n"
      "chatctl room verify ROOM && echo the log is whole\n"
      "chatctl user list \\-\\-all \\-\\-json\n"
      ".EE\n";
  return out;
}

}  // namespace chatd::cli
