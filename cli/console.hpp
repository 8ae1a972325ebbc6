#pragma once

#include "daemon/base/result.hpp"
#include "daemon/base/secret.hpp"

#include <functional>
#include <iosfwd>
#include <string_view>

namespace chatd::cli {

// Where chatctl reads and writes: the process's own streams, or a test's.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool is_interactive = false;  // a person sits there and may be asked
  // Asks for a secret without showing it.
  std::function<Result<Secret>(std::string_view prompt)> ask_secret;
};

// The process's console. Secrets are asked on the terminal itself, whatever stdin is.
[[nodiscard]] Console system_console();

// Whether the person says yes. Anything else, and the end of the input, is no.
[[nodiscard]] bool ask_yes(Console& console, std::string_view question);

// Reads a secret from a file or standard input: all of it, without the line's end.
[[nodiscard]] Result<Secret> read_secret(std::istream& stream, std::string_view what);
// Asks twice, until both are the same.
[[nodiscard]] Result<Secret> ask_new_secret(Console& console, std::string_view what);

}  // namespace chatd::cli
