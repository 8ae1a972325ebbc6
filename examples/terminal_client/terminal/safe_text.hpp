#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace terminal {

// Names and messages come from strangers. What could move the cursor, change the terminal or turn
// the reading direction is shown as U+FFFD, and so is what is not UTF-8. The result is one line.
[[nodiscard]] std::string safe_line(std::string_view text);

// The same for a text of many lines; each is safe by itself.
[[nodiscard]] std::vector<std::string> safe_lines(std::string_view text);

// At most `most` characters of a safe line, cut between characters.
[[nodiscard]] std::string shortened(const std::string& safe, std::size_t most);

}  // namespace terminal
