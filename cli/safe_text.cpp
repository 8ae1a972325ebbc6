#include "cli/safe_text.hpp"

#include <fmt/format.h>

#include <wchar.h>

namespace chatd::cli {
namespace {

constexpr char32_t kBroken = 0xfffd;

struct CodePoint {
  char32_t value = kBroken;
  std::size_t bytes = 1;  // what it takes in the text; 1 for a byte that is none
};

// The code point at the start of `text`, which is not empty.
CodePoint first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  char32_t value = lead & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0u) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3fu);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[bytes] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return {};
  return {value, bytes};
}

bool is_unsafe(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) ||        // C0, DEL, C1
         c == 0x061c || c == 0x200e || c == 0x200f ||  // direction marks
         (c >= 0x2028 && c <= 0x202e) ||               // line ends, embeddings, overrides
         (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;  // isolates, byte order mark
}

// Calls each(code_point, its bytes) along the text.
template <class F>
void for_each_code_point(std::string_view text, F&& each) {
  while (!text.empty()) {
    const CodePoint at = first_of(text);
    each(at.value, text.substr(0, at.bytes));
    text.remove_prefix(at.bytes);
  }
}

std::string safe(std::string_view text, bool keeps_lines) {
  std::string out;
  out.reserve(text.size());
  for_each_code_point(text, [&](char32_t c, std::string_view bytes) {
    if (keeps_lines && (c == '\n' || c == '\t')) {
      out += bytes;
    } else if (is_unsafe(c)) {
      out += '?';
    } else {
      out += c == kBroken ? "\xef\xbf\xbd" : bytes;
    }
  });
  return out;
}

}  // namespace

std::string safe_line(std::string_view text) { return safe(text, false); }
std::string safe_lines(std::string_view text) { return safe(text, true); }

std::string safe_json(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for_each_code_point(json, [&](char32_t c, std::string_view bytes) {
    if (is_unsafe(c) && c >= 0x7f) {  // below: whitespace between values, never inside strings
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += bytes;
    }
  });
  return out;
}

std::size_t display_width(std::string_view line) {
  std::size_t width = 0;
  for_each_code_point(line, [&](char32_t c, std::string_view) {
    const int columns = wcwidth(static_cast<wchar_t>(c));  // -1 outside of a UTF-8 locale
    width += columns < 0 ? 1 : static_cast<std::size_t>(columns);
  });
  return width;
}

}  // namespace chatd::cli
