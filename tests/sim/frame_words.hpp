#pragma once

#include <string>
#include <string_view>

namespace chatd::sim {

// What goes from one server to another, for the story.
[[nodiscard]] std::string words_of(std::string_view frame);

}  // namespace chatd::sim
