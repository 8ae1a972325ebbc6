#include "daemon/base/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace chatd {
namespace {

bool begins_code_point(char c) { return (static_cast<unsigned char>(c) & 0xc0u) != 0x80u; }

// The code point at the front of valid UTF-8, which it is taken from.
char32_t take_code_point(std::string_view& utf8) {
  const auto first = static_cast<unsigned char>(utf8.front());
  const std::size_t size = first < 0x80u ? 1 : first < 0xe0u ? 2 : first < 0xf0u ? 3 : 4;
  char32_t point = size == 1 ? first : first & (0x7fu >> size);
  for (const char c : utf8.substr(1, size - 1))
    point = point << 6u | (static_cast<unsigned char>(c) & 0x3fu);
  utf8.remove_prefix(std::min(size, utf8.size()));
  return point;
}

bool is_in(char32_t point, char32_t first, char32_t last) {
  return point >= first && point <= last;
}

// C0, C1, the line and paragraph separators, and what Unicode calls Bidi_Control.
bool breaks_a_line(char32_t point) {
  return point < 0x20 || is_in(point, 0x7f, 0x9f) || point == 0x61c ||
         is_in(point, 0x200e, 0x200f) || is_in(point, 0x2028, 0x202e) ||
         is_in(point, 0x2066, 0x2069);
}

// White space, and what has no width.
bool is_blank(char32_t point) {
  return point == 0x20 || point == 0xa0 || point == 0xad || point == 0x1680 ||
         is_in(point, 0x2000, 0x200d) || point == 0x202f || is_in(point, 0x205f, 0x2064) ||
         point == 0x3000 || point == 0xfeff;
}

}  // namespace

std::size_t count_code_points(std::string_view utf8) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101;
  std::size_t count = utf8.size();
  // All but the bytes 10xxxxxx, eight at once.
  for (std::uint64_t eight = 0; utf8.size() >= sizeof eight; utf8.remove_prefix(sizeof eight)) {
    std::memcpy(&eight, utf8.data(), sizeof eight);
    count -= ((eight >> 7u & ~eight >> 6u & kOnes) * kOnes) >> 56u;
  }
  for (const char c : utf8) count -= begins_code_point(c) ? 0 : 1;
  return count;
}

std::string_view first_bytes(std::string_view utf8, std::size_t max_bytes) {
  if (utf8.size() <= max_bytes) return utf8;
  while (max_bytes > 0 && !begins_code_point(utf8[max_bytes])) --max_bytes;
  return utf8.substr(0, max_bytes);
}

bool is_name(std::string_view utf8) {
  bool has_something = false;
  while (!utf8.empty()) {
    const char32_t point = take_code_point(utf8);
    if (breaks_a_line(point)) return false;
    has_something = has_something || !is_blank(point);
  }
  return has_something;
}

bool has_control_characters(std::string_view utf8) {
  return std::any_of(utf8.begin(), utf8.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7f;
  });
}

}  // namespace chatd
