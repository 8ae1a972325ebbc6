#pragma once

#include "cli/command.hpp"

#include <span>
#include <string>
#include <variant>

namespace chatd::cli {

// A line that makes sense: a command and what was given to it, the global options among it.
struct Line {
  const Command* command = nullptr;
  Values values;
};
// The line only asked how chatctl is used, or which one it is.
struct Help {
  std::string text;
};
struct BadLine {
  std::string message;
  std::string command;  // as far as the line had come
};

// Reads the words behind "chatctl". Nothing is done yet.
[[nodiscard]] std::variant<Line, Help, BadLine> parse_line(std::span<const std::string> words);

}  // namespace chatd::cli
