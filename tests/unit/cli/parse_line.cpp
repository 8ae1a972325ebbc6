#include "cli/parse_line.hpp"

#include <catch2/catch.hpp>

namespace chatd::cli {
namespace {

Line good(std::vector<std::string> words) {
  auto parsed = parse_line(words);
  if (const auto* bad = std::get_if<BadLine>(&parsed)) FAIL(bad->message);
  REQUIRE(std::holds_alternative<Line>(parsed));
  return std::get<Line>(parsed);
}

std::string bad(std::vector<std::string> words) {
  auto parsed = parse_line(words);
  REQUIRE(std::holds_alternative<BadLine>(parsed));
  return std::get<BadLine>(parsed).message;
}

std::string help(std::vector<std::string> words) {
  auto parsed = parse_line(words);
  REQUIRE(std::holds_alternative<Help>(parsed));
  return std::get<Help>(parsed).text;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// An argument's usage lines, in order.
std::vector<std::string> usages(std::string_view words) {
  std::vector<std::string> out;
  for (const Argument& argument : find_command(words)->arguments) out.push_back(argument.usage());
  return out;
}

using Strings = std::vector<std::string>;

TEST_CASE("what a method needs is given by its place, the rest by its name", "[cli]") {
  CHECK(usages("user create") ==
        Strings{"NAME", "--display-name TEXT", "--password-stdin", "--password-file FILE"});
  CHECK(usages("invite create") == Strings{"--uses NUMBER", "--days NUMBER"});
}

TEST_CASE("what the words of a command imply is no argument", "[cli]") {
  CHECK(usages("user enable") == Strings{"USER"});
  CHECK(usages("user disable") == Strings{"USER", "--dry-run", "--yes"});
}

TEST_CASE("a list in pages can be asked for as a whole", "[cli]") {
  CHECK(usages("room list") == Strings{"--after TEXT", "--limit NUMBER", "--all"});
}

TEST_CASE("a choice shows its words", "[cli]") {
  CHECK(usages("completion") == Strings{"bash|zsh|fish"});
  CHECK(usages("config check") == Strings{"[FILE]"});
}

TEST_CASE("no command takes a password as an argument", "[cli]") {
  for (const Command& command : commands())
    for (const Argument& argument : command.arguments) {
      CAPTURE(command.words, argument.name);
      CHECK(argument.field != "password");
    }
}

TEST_CASE("a line names a command and what is given to it", "[cli]") {
  const Line line = good({"user", "create", "juliet", "--display-name", "Juliet"});

  CHECK(line.command->words == "user create");
  CHECK(line.values == Values{{"name", "juliet"}, {"display-name", "Juliet"}});
}

TEST_CASE("the options of every command stand before or behind it", "[cli]") {
  CHECK(good({"--json", "--socket", "/s", "status"}).values ==
        Values{{"json", "true"}, {"socket", "/s"}});
  CHECK(good({"room", "list", "--json", "--timeout=5"}).values ==
        Values{{"json", "true"}, {"timeout", "5"}});
}

TEST_CASE("a room's id may start with hyphens", "[cli]") {
  const std::string id = "--" + std::string(40, 'x') + "A";
  REQUIRE(RoomId::parse(id));

  CHECK(good({"room", "show", id}).values == Values{{"room", id}});
  CHECK(good({"room", "show", id, "--json"}).values == Values{{"room", id}, {"json", "true"}});
  CHECK(good({"room", "hub", "move", id, "two.example", "--yes"}).values ==
        Values{{"room", id}, {"server", "two.example"}, {"yes", "true"}});
}

TEST_CASE("a wrong word is answered with the one that was probably meant", "[cli]") {
  CHECK(bad({"usr"}) == "there is no command \"usr\", did you mean \"user\"? See chatctl --help");
  CHECK(holds(bad({"user", "lst"}), "did you mean \"list\"?"));
  CHECK(holds(bad({"user", "list", "--lmit", "3"}), "did you mean \"--limit\"?"));
}

TEST_CASE("each way to be wrong has its sentence", "[cli]") {
  CHECK(bad({}) == "a command is missing. See chatctl --help");
  CHECK(bad({"user"}) == "a command is missing. See chatctl user --help");
  CHECK(bad({"user", "show"}) == "USER is required. See chatctl user show --help");
  CHECK(holds(bad({"user", "show", "a", "b"}), "\"b\" is one too many"));
  CHECK(holds(bad({"user", "list", "--limit", "few"}), "\"few\" is not a whole number"));
  CHECK(holds(bad({"user", "list", "--limit", "007"}), "not a whole number"));
  CHECK(holds(bad({"completion", "csh"}), "csh not in {bash,zsh,fish}"));
}

TEST_CASE("each command explains itself", "[cli]") {
  for (const Command& command : commands()) {
    CAPTURE(command.words);
    Strings words;
    for (std::size_t begin = 0; begin < command.words.size();) {
      const std::size_t end = std::min(command.words.find(' ', begin), command.words.size());
      words.emplace_back(command.words.substr(begin, end - begin));
      begin = end + 1;
    }
    words.emplace_back("--help");
    const std::string text = help(words);
    CHECK(text.starts_with(std::string(command.summary)));
    CHECK(holds(text, "chatctl " + std::string(command.words)));
    for (const Argument& argument : command.arguments) CHECK(holds(text, argument.sentence));
  }
}

TEST_CASE("the version is told", "[cli]") { CHECK(help({"--version"}).starts_with("chatctl ")); }

TEST_CASE("what a warned command previews exists", "[cli]") {
  for (const Command& command : commands()) {
    CAPTURE(command.words);
    if (!command.extras.warning.empty()) CHECK(find_command(command.extras.preview) != nullptr);
  }
}

}  // namespace
}  // namespace chatd::cli
