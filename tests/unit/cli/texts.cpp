// What is made from the table of commands and lies in the tree: `cmake --build BUILD --target
// chatctl_texts` writes it anew.
#include "cli/command.hpp"
#include "cli/completion.hpp"
#include "cli/man_page.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <fstream>
#include <string>
#include <sys/wait.h>

namespace chatd::cli {
namespace {

const std::string kFolder = CHATD_CLI_FOLDER;

std::string content(const std::string& file) {
  std::ifstream stream(kFolder + "/" + file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// What a script prints; fails the test when it ends with an error.
std::string output_of(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 4096> bytes{};
  while (const std::size_t got = fread(bytes.data(), 1, bytes.size(), pipe))
    out.append(bytes.data(), got);
  const int status = pclose(pipe);
  CAPTURE(command, out);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  return out;
}

bool has_program(const std::string& name) {
  return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

TEST_CASE("the manual in the tree is the table's", "[cli]") {
  CHECK(content("chatctl.1") == man_page());
}

TEST_CASE("the completions in the tree are the table's", "[cli]") {
  CHECK(content("completions/chatctl.bash") == completion(Shell::bash));
  CHECK(content("completions/_chatctl") == completion(Shell::zsh));
  CHECK(content("completions/chatctl.fish") == completion(Shell::fish));
}

TEST_CASE("the manual has a chapter for each command", "[cli]") {
  const std::string page = man_page();
  for (const Command& command : commands()) {
    CAPTURE(command.words);
    CHECK(page.find(".SS " + std::string(command.words) + "\n") != std::string::npos);
  }
}

TEST_CASE("each shell takes its completion", "[cli]") {
  output_of("bash -n " + kFolder + "/completions/chatctl.bash 2>&1");
  if (has_program("zsh")) output_of("zsh -n " + kFolder + "/completions/_chatctl 2>&1");
  if (has_program("fish")) output_of("fish -n " + kFolder + "/completions/chatctl.fish 2>&1");
}

TEST_CASE("man finds nothing wrong with the manual", "[cli]") {
  if (!has_program("groff")) return;
  CHECK(output_of("groff -man -Tutf8 -ww " + kFolder + "/chatctl.1 2>&1 >/dev/null").empty());
}

// What bash offers behind `line`, one a line; its last word is the one to complete.
std::string offered(const std::string& line) {
  return output_of("bash -c 'source " + kFolder + "/completions/chatctl.bash; COMP_WORDS=(" + line +
                   "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _chatctl; "
                   "printf \"%s\\n\" \"${COMPREPLY[@]}\"' 2>&1");
}

TEST_CASE("bash offers groups, commands, options and choices", "[cli]") {
  CHECK(offered("chatctl us") == "user\n");
  CHECK(offered("chatctl user di") == "disable\n");
  CHECK(offered("chatctl --socket /s user list --li") == "--limit\n");
  CHECK(offered("chatctl user show romeo --js") == "--json\n");
  CHECK(offered("chatctl completion f") == "fish\n");
  CHECK(offered("chatctl --socket user us") == "user\n");
  CHECK(offered("chatctl --timeout u") == "\n");
}

TEST_CASE("fish offers the same", "[cli]") {
  if (!has_program("fish")) return;
  const auto fish = [](const std::string& line) {
    return output_of("fish --no-config -c 'source " + kFolder +
                     "/completions/chatctl.fish; complete -C \"" + line + "\"' 2>&1");
  };

  CHECK(fish("chatctl use").starts_with("user"));
  CHECK(fish("chatctl user di").starts_with("disable\t"));
  CHECK(fish("chatctl --socket /s user list --li").starts_with("--limit"));
}

}  // namespace
}  // namespace chatd::cli
