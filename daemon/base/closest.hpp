#pragma once

#include <span>
#include <string>
#include <string_view>

namespace chatd {

// ", did you mean \"port\"?" when one of `words` is so near to `word` that it was probably meant,
// else nothing: to be put at the end of "there is no ...". The nearest wins, the first of equals.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string> words);

}  // namespace chatd
