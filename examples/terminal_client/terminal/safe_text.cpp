#include "safe_text.hpp"

#include <cstdint>

namespace terminal {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

struct Decoded {
  std::uint32_t code_point;
  std::size_t size;  // bytes; 0: not UTF-8
};

Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return {0, 0};
  std::uint32_t code_point = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {0, 0};
    code_point = code_point << 6 | (byte(i) & 0x3FU);
  }
  const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < kSmallest[size] || code_point > 0x10FFFF || is_surrogate) return {0, 0};
  return {code_point, size};
}

bool is_harmless(std::uint32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return false;        // controls, escape among them
  if (c == 0x2028 || c == 0x2029) return false;                 // line and paragraph separator
  if (c == 0x200E || c == 0x200F || c == 0x061C) return false;  // direction marks
  if (c >= 0x202A && c <= 0x202E) return false;                 // embedding and override
  if (c >= 0x2066 && c <= 0x2069) return false;                 // isolates
  return c < 0xE0000 || c > 0xE007F;                            // invisible tags
}

}  // namespace

std::string safe_line(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = decode(text);
    const std::size_t size = next.size == 0 ? 1 : next.size;
    if (next.size != 0 && next.code_point == '\t') {
      safe += ' ';
    } else if (next.size != 0 && is_harmless(next.code_point)) {
      safe += text.substr(0, size);
    } else {
      safe += kReplacement;
    }
    text.remove_prefix(size);
  }
  return safe;
}

std::vector<std::string> safe_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (true) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(safe_line(line));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string shortened(const std::string& safe, std::size_t most) {
  std::size_t characters = 0;
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const bool is_start = (static_cast<unsigned char>(safe[i]) & 0xC0U) != 0x80;
    if (is_start && characters++ == most) return safe.substr(0, i) + "…";
  }
  return safe;
}

}  // namespace terminal
