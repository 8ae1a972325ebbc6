#pragma once

#include "daemon/base/result.hpp"

#include <string>
#include <string_view>

namespace chatd {

// Base64 of RFC 4648 section 5 (URL-safe alphabet) without padding.
[[nodiscard]] std::string base64url(std::string_view bytes);
// The bytes; an error for any other alphabet, padding or stray bits.
[[nodiscard]] Result<std::string> from_base64url(std::string_view text);

// Lower-case hexadecimal; read in either case.
[[nodiscard]] std::string hex(std::string_view bytes);
void append_hex(std::string& out, std::string_view bytes);
[[nodiscard]] Result<std::string> from_hex(std::string_view text);

}  // namespace chatd
