#pragma once

#include "daemon/base/error.hpp"
#include "daemon/base/result.hpp"
#include <chatd/plugin.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace chatd::host {

// "CHATD_E_DENIED" and so on; the number for those of no name.
[[nodiscard]] std::string status_name(chatd_status status);

// The code for what a plugin refused; `internal` for what no code stands for.
[[nodiscard]] Code code_of(chatd_status status);

// Text from a plugin that is shown to a person: valid UTF-8, without control characters, at most
// kMaxDetailBytes; what is no text at all becomes empty.
inline constexpr std::size_t kMaxDetailBytes = 500;
[[nodiscard]] std::string clean(std::string_view detail);

// A refusal as the core knows it: the plugin's words, or the code's sentence if there are none.
[[nodiscard]] Error error_of(chatd_status status, std::string_view detail,
                             std::uint64_t retry_after_ms);

[[nodiscard]] inline chatd_str str(std::string_view text) { return {text.data(), text.size()}; }
[[nodiscard]] inline std::string_view view(chatd_str text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

}  // namespace chatd::host
