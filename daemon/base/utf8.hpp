#pragma once

#include <cstddef>
#include <string_view>

namespace chatd {

// The number of Unicode code points in valid UTF-8 (the JSON decoder has checked it).
[[nodiscard]] std::size_t count_code_points(std::string_view utf8);

// As many whole code points from its front as fit into `max_bytes`: for quoting it in a sentence.
[[nodiscard]] std::string_view first_bytes(std::string_view utf8, std::size_t max_bytes);

// Whether it may stand as a name in a line of others: no control characters, no line breaks,
// nothing that turns the direction of writing around, and something to see.
[[nodiscard]] bool is_name(std::string_view utf8);

// Whether it holds a control character other than tab and line feed: refused in longer texts.
[[nodiscard]] bool has_control_characters(std::string_view utf8);

}  // namespace chatd
