#pragma once

#include "cli/run.hpp"

#include <sstream>
#include <string>
#include <vector>

namespace chatd::cli {

// A person at a terminal, scripted: what they type and what they get to see.
struct TestConsole {
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  bool is_interactive = true;
  std::vector<std::string> secrets;  // what they type when asked for one
  std::size_t asked = 0;

  // chatctl WORDS...
  Exit run(std::vector<std::string> words) {
    Console console{in, out, err, is_interactive, [this](std::string_view) -> Result<Secret> {
                      if (asked == secrets.size()) return fail(Code::conflict, "nothing entered");
                      return Secret(secrets[asked++]);
                    }};
    return cli::run(words, console);
  }
};

}  // namespace chatd::cli
