#include "cli/command.hpp"
#include "cli/completion.hpp"
#include "cli/man_page.hpp"
#include "daemon/wire/methods/admin.hpp"

namespace chatd::cli {
namespace {

struct Completion {
  using Answer = wire::TextAnswer;
  Shell shell = Shell::bash;
  static void fields(auto& self, auto&& field) { field("shell", self.shell, "For which shell."); }
};

Result<wire::TextAnswer> print_completion(const Completion& which, Context&) {
  return wire::TextAnswer{completion(which.shell)};
}

struct Man {
  using Answer = wire::TextAnswer;
  static void fields(auto&, auto&&) {}
};

Result<wire::TextAnswer> print_man(const Man&, Context&) { return wire::TextAnswer{man_page()}; }

}  // namespace

std::vector<Command> shell_commands() {
  std::vector<Command> out;
  out.push_back(local<Completion, &print_completion>(
      "completion", {.summary = "Prints what makes a shell complete chatctl's commands."}));
  out.push_back(
      local<Man, &print_man>("man", {.summary = "Prints the manual: chatctl man | man -l -"}));
  return out;
}

}  // namespace chatd::cli
