#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chatd::wire {

[[nodiscard]] bool is_utf8(std::string_view text);

// Appends `text` as a JSON string with its quotes (RFC 8259 section 7). The text is valid UTF-8.
void append_string(std::string& out, std::string_view text);
void append_number(std::string& out, std::uint64_t value);
void append_number(std::string& out, std::int64_t value);

}  // namespace chatd::wire
