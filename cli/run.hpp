#pragma once

#include "cli/console.hpp"
#include "cli/exit_code.hpp"

#include <span>
#include <string>

namespace chatd::cli {

// All of chatctl: reads the line (without the program's name), does it, prints the outcome.
[[nodiscard]] Exit run(std::span<const std::string> words, Console& console);

}  // namespace chatd::cli
