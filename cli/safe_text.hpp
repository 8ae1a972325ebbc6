#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Names and messages come from strangers: what could move the cursor, change colours or turn text
// around on the admin's terminal is made visible instead.
namespace chatd::cli {

// One line for a terminal: control characters, direction marks and line ends become "?" (U+FFFD
// for what is no UTF-8).
[[nodiscard]] std::string safe_line(std::string_view text);
// The same, but line feeds and tabs stay.
[[nodiscard]] std::string safe_lines(std::string_view text);
// JSON whose strings hold such characters only as \u escapes; its value is the same.
[[nodiscard]] std::string safe_json(std::string_view json);

// The columns that a safe line takes on a terminal.
[[nodiscard]] std::size_t display_width(std::string_view line);

}  // namespace chatd::cli
