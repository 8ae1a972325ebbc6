#include "cli/parse_line.hpp"

#include "daemon/base/closest.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

namespace chatd::cli {
namespace {

constexpr std::size_t kHelpColumn = 32;

// The environment variables of global options.
std::string environment_of(std::string_view name) {
  if (name == "config") return "CHATD_CONFIG";
  if (name == "socket") return "CHATD_SOCKET";
  return {};
}

void add_argument(CLI::App& app, const Argument& argument, Values& values) {
  const std::string usage = argument.usage();
  const std::string name = argument.is_positional ? upper(argument.name) : "--" + argument.name;
  if (argument.kind == Kind::flag) {
    app.add_flag_callback(
        name, [&values, key = argument.name] { values[key] = "true"; }, argument.sentence);
    return;
  }
  CLI::Option* const option = app.add_option_function<std::string>(
      name, [&values, key = argument.name](const std::string& text) { values[key] = text; },
      argument.sentence);
  option->required(argument.is_required);
  option->type_name(argument.is_positional ? "" : usage.substr(usage.find(' ') + 1));
  if (!argument.choices.empty()) option->check(CLI::IsMember(argument.choices));
  if (argument.kind == Kind::number)
    option->check([](const std::string& text) {
      return is_whole_number(text) ? std::string() : '"' + text + "\" is not a whole number";
    });
}

// What the groups of commands, such as `user`, are for.
std::string_view group_sentence(std::string_view group) {
  static const std::map<std::string_view, std::string_view> sentences{
      {"cache", "Documents of other servers."},
      {"cert", "The certificate."},
      {"config", "The configuration."},
      {"federation", "Other servers."},
      {"invite", "Invitations."},
      {"keys", "The keys that prove this server to others."},
      {"log", "The log."},
      {"peer", "One other server."},
      {"plugin", "Plugins."},
      {"room", "Rooms."},
      {"rule", "Who is allowed and denied."},
      {"user", "Accounts."},
  };
  const auto found = sentences.find(group);
  return found == sentences.end() ? std::string_view() : found->second;
}

// A room's id may start with a hyphen: CLI11 would take it for an option, so it gets this before.
constexpr char kMask = '\x01';

void unmask(std::string& word) {
  if (word.starts_with(kMask)) word.erase(0, 1);
}

// The whole command line as CLI11 knows it.
class Parser {
 public:
  Parser() : app_("Administers a running chatd and makes new ones.", "chatctl") {
    app_.get_formatter()->column_width(kHelpColumn);
    app_.set_version_flag("--version", "chatctl " CHATD_VERSION, "Print the version.");
    app_.set_help_flag("-h,--help", "Print this help.");
    app_.footer(
        "Every command has its own --help, and takes the options of `chatctl --help`.\n"
        "The manual: man chatctl, or chatctl man | man -l -");
    app_.get_formatter()->label("SUBCOMMAND", "COMMAND");
    app_.fallthrough();
    app_.require_subcommand(1);
    for (const Argument& argument : global_arguments()) {
      add_argument(app_, argument, line_.values);
      const std::string variable = environment_of(argument.name);
      if (!variable.empty()) app_.get_option("--" + argument.name)->envname(variable);
    }
    for (const Command& command : commands()) add_command(command);
  }

  std::variant<Line, Help, BadLine> parse(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    try {
      app_.parse(std::move(words));
    } catch (const CLI::CallForHelp&) {
      return Help{app_.help()};  // of the command the line had come to
    } catch (const CLI::CallForVersion& version) {
      return Help{std::string(version.what()) + "\n"};
    } catch (const CLI::ParseError& error) {
      const std::string what = message(error);
      return BadLine{fmt::format("{}{} See chatctl{}{} --help", what,
                                 what.ends_with('?') ? "" : ".", path().empty() ? "" : " ", path()),
                     path()};
    }
    for (auto& [name, value] : line_.values) unmask(value);
    return line_;
  }

 private:
  void add_command(const Command& command) {
    CLI::App* parent = &app_;
    std::string_view rest = command.words;
    for (std::size_t end = rest.find(' '); end != std::string_view::npos; end = rest.find(' ')) {
      parent = group(*parent, rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    CLI::App* const app = parent->add_subcommand(std::string(rest), std::string(command.summary));
    for (const Argument& argument : command.arguments) add_argument(*app, argument, line_.values);
    app->group("Commands");
    app->callback([this, &command] { line_.command = &command; });
  }

  CLI::App* group(CLI::App& parent, std::string_view word) {
    CLI::App*& made = groups_[word];
    if (made == nullptr) {
      made = parent.add_subcommand(std::string(word), std::string(group_sentence(word)));
      made->group("Commands");
      made->require_subcommand(1);
    }
    return made;
  }

  // The command or group the line had come to.
  const CLI::App& deepest() const {
    const CLI::App* at = &app_;
    while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
    return *at;
  }

  // Its words.
  std::string path() const {
    std::string out;
    for (const CLI::App* at = &app_; !at->get_subcommands().empty();) {
      at = at->get_subcommands().front();
      out += (out.empty() ? "" : " ") + at->get_name();
    }
    return out;
  }

  std::string message(const CLI::ParseError& error) const {
    const CLI::App& at = deepest();
    const auto rest = app_.remaining(true);
    std::vector<std::string> known;
    for (const CLI::App* const app : at.get_subcommands([](const CLI::App*) { return true; }))
      known.push_back(app->get_name());
    if (rest.empty() && !known.empty()) return "a command is missing";
    if (rest.empty()) return error.what();
    std::string word = rest.front();
    unmask(word);
    if (!known.empty() && !word.starts_with('-'))
      return fmt::format("there is no command \"{}\"{}", word, did_you_mean(word, known));
    if (!word.starts_with('-')) return fmt::format("\"{}\" is one too many", word);
    known.clear();
    for (const CLI::App* const app : {&at, &app_})
      for (const CLI::Option* const option : app->get_options())
        known.push_back(option->get_name());
    return fmt::format("there is no option \"{}\"{}", word, did_you_mean(word, known));
  }

  CLI::App app_;
  std::map<std::string_view, CLI::App*> groups_;  // owned by app_
  Line line_;
};

}  // namespace

std::variant<Line, Help, BadLine> parse_line(std::span<const std::string> words) {
  std::vector<std::string> masked(words.begin(), words.end());
  for (std::string& word : masked)
    if (word.starts_with('-') && RoomId::parse(word)) word.insert(0, 1, kMask);
  return Parser().parse(std::move(masked));
}

}  // namespace chatd::cli
