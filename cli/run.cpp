#include "cli/run.hpp"

#include "cli/command.hpp"
#include "cli/parse_line.hpp"
#include "cli/print.hpp"
#include "cli/safe_text.hpp"
#include "daemon/config/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>

namespace chatd::cli {
namespace {

constexpr std::string_view kDefaultConfig = "/etc/chatd/chatd.toml";
constexpr std::uint32_t kDefaultSeconds = 60;  // a long room's verification on a slow disk
constexpr std::uint32_t kMaxSeconds = 86'400;
// More pages than any server has: ends a list that goes in circles.
constexpr int kMaxPages = 100'000;

// What is to be done about an error, where its own sentence does not say.
std::string_view advice(Code code) {
  switch (code) {
    case Code::internal:
      return " The daemon's log says more: `chatctl log follow`, or the system's journal.";
    case Code::read_only:
      return " Make room on the disk of the data folder, then look at `chatctl status`.";
    case Code::timeout:
      return " Look before you repeat it; --timeout waits longer.";
    case Code::rate_limited:
      return " Wait a moment.";
    case Code::unknown_method:
      return " The daemon is of another version than chatctl: restart it after an update.";
    case Code::invalid_json:
    case Code::invalid_request:
    case Code::invalid_params:
    case Code::unauthenticated:
    case Code::forbidden:
    case Code::not_found:
    case Code::conflict:
    case Code::too_large:
    case Code::limit_reached:
    case Code::denied:
    case Code::unavailable:
      return "";
  }
  return "";
}

// Safe to print, and with an end.
std::string sentence_of(std::string_view message) {
  std::string out = safe_line(message);
  if (!out.ends_with('.') && !out.ends_with('?')) out += '.';
  return out;
}

// `user list` for `user show`, when there is such a command.
std::string list_advice(const Command& command) {
  const std::string list = std::string(command.words.substr(0, command.words.find(' '))) + " list";
  if (find_command(list) == nullptr || command.words == list) return {};
  return fmt::format(" `chatctl {}` shows what there is.", list);
}

// What scripts read instead of a sentence.
std::string json_error(int schema, std::string_view command, Code code, std::string_view message) {
  std::string text;
  wire::append_string(text, safe_line(message));
  return fmt::format(R"({{"schema":{},"command":"{}","error":{{"code":"{}","message":{}}}}})",
                     schema, command, name(code), text);
}

// One line of chatctl on its way: reads what is missing, asks, calls, prints.
class Runner {
 public:
  Runner(const Command& command, const Values& values, Console& console)
      : command_(command),
        values_(values),
        console_(console),
        daemon_([this] { return find_socket(); }, std::chrono::seconds(seconds())),
        context_{console, daemon_, text("config", kDefaultConfig),
                 [this](std::string_view answer) { return print(answer); }} {}

  Exit run() {
    const Status done = go();
    if (!done) return print_error(done.error());
    return exit_;
  }

 private:
  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
  [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string(otherwise) : found->second;
  }
  [[nodiscard]] std::uint32_t seconds() const {
    const std::string given = text("timeout", "");
    std::uint32_t value = kDefaultSeconds;
    std::from_chars(given.data(), given.data() + given.size(), value);
    return std::clamp(value, 1u, kMaxSeconds);
  }

  Result<std::string> find_socket() const {
    if (has("socket")) return text("socket", "");
    const std::string& file = context_.config_file;
    const auto config = config::load(file);
    if (config) return config->control.socket.string();
    return fail(
        Code::conflict,
        fmt::format("where the daemon's socket is can't be read: {}. Name the configuration "
                    "with --config or the socket with --socket",
                    config.error().front().text()));
  }

  // Checked before anything is asked, and again with the secret.
  Result<std::string> params(std::string_view secret) const {
    std::string fixed(command_.extras.fixed);
    if (!command_.secret.empty()) {
      if (!fixed.empty()) fixed += ',';
      fixed += '"' + command_.secret + "\":";
      wire::append_string(fixed, secret);
    }
    std::string json = to_params(command_.arguments, values_, fixed);
    const auto document = Document::parse(json);
    if (!document) return fail(Code::invalid_params, "what was given is not valid UTF-8");
    CHATD_CHECK(command_.check(document->root()));
    return json;
  }

  // Lets people write `juliet` for `juliet@this.server`.
  Status complete_users() {
    for (const Argument& argument : command_.arguments) {
      const auto value = values_.find(argument.name);
      if (argument.kind != Kind::user || value == values_.end()) continue;
      if (!is_localpart(value->second)) continue;
      CHATD_TRY(const std::string server, daemon_.server_name());
      value->second += "@" + server;
    }
    return {};
  }

  Result<Secret> read_the_secret() {
    const std::string file = text(command_.secret + "-file", "");
    if (has(command_.secret + "-stdin") && !file.empty())
      return fail(Code::invalid_params,
                  "the password comes from standard input or a file, not both");
    if (has(command_.secret + "-stdin")) return read_secret(console_.in, "standard input");
    if (file.empty()) return ask_new_secret(console_, command_.secret);
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return fail(Code::invalid_params, fmt::format("{} can't be opened", file));
    return read_secret(stream, file);
  }

  Status go() {
    CHATD_CHECK(complete_users());
    CHATD_TRY(std::string json, params(""));
    if (has("dry-run")) return preview();
    if (!command_.extras.warning.empty() && !has("yes")) CHATD_CHECK(confirm());
    if (!command_.secret.empty()) {
      CHATD_CHECK(daemon_.connect());
      CHATD_TRY(const Secret secret, read_the_secret());
      CHATD_TRY(json, params(secret.reveal()));
    }
    do {
      next_.clear();
      CHATD_CHECK(command_.run(json, context_));
      if (next_.empty() || !has("all")) break;
      if (++pages_ > kMaxPages) return fail(Code::internal, "the list does not end");
      values_["after"] = next_;
      CHATD_TRY(json, params(""));
    } while (true);
    if (!next_.empty() && !has("json"))
      console_.err << fmt::format("There are more: add --all, or --after {}\n", safe_line(next_));
    return {};
  }

  // Shows what the command is about, by the command that shows just that.
  Status preview() {
    const Command* const shown = find_command(command_.extras.preview);
    Values values = values_;
    values.erase("dry-run");
    Runner runner(*shown, values, console_);
    CHATD_CHECK(runner.go());
    console_.err << fmt::format("\nDry run, nothing was done. It would: {}\n{}\n", command_.summary,
                                command_.extras.warning);
    return {};
  }

  Status confirm() {
    if (!console_.is_interactive)
      return fail(
          Code::invalid_params,
          "nobody is there to be asked whether to go on: add --yes, or look with --dry-run");
    console_.err << command_.extras.warning << '\n';
    if (ask_yes(console_, "Go on?")) return {};
    return fail(Code::conflict, "nothing was done");
  }

  // Called by the command with each answer.
  Status print(std::string_view answer) {
    CHATD_TRY(const Document document, Document::parse(answer));
    const Extras& extras = command_.extras;
    if (command_.has_pages) next_ = text_at(document.root(), "next");
    if (!extras.problems.empty() && size_at(document.root(), extras.problems) > 0)
      exit_ = Exit::problems;
    std::string whole;
    if (has("json") && has("all")) {  // one object, however many pages it came in
      collect(document.root());
      if (!next_.empty()) return {};
      whole = fmt::format(R"({{"{}":[{}]}})", list_name(), fmt::join(items_, ","));
      answer = whole;
    }
    if (has("json")) {
      console_.out << fmt::format(R"({{"schema":{},"command":"{}","result":{}}})", extras.schema,
                                  command_.words, safe_json(answer))
                   << '\n';
    } else if (extras.print != nullptr) {
      console_.out << extras.print(document.root());
    } else if (command_.answer.parts.empty()) {
      console_.out << "Done.\n";
    } else {
      console_.out << to_tables(document.root(), command_.answer, extras.columns);
    }
    console_.out.flush();
    if (!console_.out) return fail(Code::internal, "the output can't be written");
    return {};
  }

  // What a command with pages has pages of.
  std::string_view list_name() const {
    const auto& parts = command_.answer.parts;
    const auto list = std::find_if(parts.begin(), parts.end(), [](const NamedShape& part) {
      return part.shape.look == Look::list;
    });
    return list == parts.end() ? std::string_view() : list->name;
  }

  void collect(const Json& page) {
    simdjson::dom::array list;
    if (page.at_key(list_name()).get(list) != simdjson::SUCCESS) return;
    for (const Json item : list) items_.push_back(simdjson::minify(item));
  }

  Exit print_error(const Error& error) {
    if (has("json")) {
      console_.out << json_error(command_.extras.schema, command_.words, error.code, error.message)
                   << std::endl;
    } else {
      std::string words = sentence_of(error.message);
      words += advice(error.code);
      if (error.code == Code::not_found) words += list_advice(command_);
      console_.err << "chatctl: " << words << std::endl;
    }
    return exit_for(error.code);
  }

  const Command& command_;
  Values values_;
  Console& console_;
  Daemon daemon_;
  Context context_;
  Exit exit_ = Exit::ok;
  std::string next_;  // the next page, as the last answer named it
  int pages_ = 1;
  std::vector<std::string> items_;  // of all pages, where they are shown as one
};

}  // namespace

Exit run(std::span<const std::string> words, Console& console) {
  const auto parsed = parse_line(words);
  if (const auto* help = std::get_if<Help>(&parsed)) {
    console.out << help->text << (help->text.ends_with('\n') ? "" : "\n") << std::flush;
    return Exit::ok;
  }
  if (const auto* bad = std::get_if<BadLine>(&parsed)) {
    if (std::find(words.begin(), words.end(), "--json") != words.end())
      console.out << json_error(Extras().schema, bad->command, Code::invalid_params, bad->message)
                  << std::endl;
    else
      console.err << "chatctl: " << sentence_of(bad->message) << '\n' << std::flush;
    return Exit::usage;
  }
  const Line& line = std::get<Line>(parsed);
  return Runner(*line.command, line.values, console).run();
}

}  // namespace chatd::cli
