#pragma once

#include <cstddef>
#include <string_view>

namespace chatd {

// The number of Unicode code points in valid UTF-8 (the JSON decoder has checked it).
[[nodiscard]] std::size_t count_code_points(std::string_view utf8);

// Whether it holds a control character other than tab and line feed: refused in names and topics.
[[nodiscard]] bool has_control_characters(std::string_view utf8);

}  // namespace chatd
