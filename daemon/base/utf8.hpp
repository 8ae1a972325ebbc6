#pragma once

#include <cstddef>
#include <string_view>

namespace chatd {

// The number of Unicode code points in valid UTF-8 (the JSON decoder has checked it).
[[nodiscard]] std::size_t count_code_points(std::string_view utf8);

// As many whole code points from its front as fit into `max_bytes`: for quoting it in a sentence.
[[nodiscard]] std::string_view first_bytes(std::string_view utf8, std::size_t max_bytes);

// Whether it holds a control character other than tab and line feed: refused in names and topics.
[[nodiscard]] bool has_control_characters(std::string_view utf8);

}  // namespace chatd
