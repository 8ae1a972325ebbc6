#include "daemon/base/encoding.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace chatd {
namespace {

// Each message names its room and itself in these alphabets. libsodium has codecs for both that
// take the same time for all bytes, as secrets want it; they took a ninth of a message's
// instructions.
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::uint8_t kNone = 0xff;

using Values = std::array<std::uint8_t, 256>;

constexpr Values values_of(std::string_view alphabet) {
  Values values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return values;
}

constexpr Values kBase64Values = values_of(kBase64);
constexpr Values kHexValues = [] {
  Values values = values_of(kHex);
  for (std::size_t i = 10; i < kHex.size(); ++i)
    values[static_cast<std::uint8_t>(kHex[i] - 'a' + 'A')] = static_cast<std::uint8_t>(i);
  return values;
}();

// Digits of `kBits` bits each, the highest first.
// Nothing for another character, and for bits at the end that are not a byte: no byte more than the
// digits need, and none of those bits set.
template <unsigned kBits>
std::optional<std::string> read_digits(std::string_view text, const Values& values) {
  std::string out(text.size() * kBits / 8, '\0');
  std::size_t at = 0;
  std::uint32_t rest = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::uint8_t value = values[static_cast<std::uint8_t>(c)];
    if (value == kNone) return std::nullopt;
    rest = rest << kBits | value;
    bits += kBits;
    if (bits < 8) continue;
    bits -= 8;
    out[at++] = static_cast<char>(rest >> bits);
  }
  if (bits >= kBits || (rest & ((1u << bits) - 1)) != 0) return std::nullopt;
  return out;
}

}  // namespace

std::string base64url(std::string_view bytes) {
  std::string out((bytes.size() * 8 + 5) / 6, '\0');
  std::size_t at = 0;
  std::uint32_t rest = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    rest = rest << 8u | static_cast<std::uint8_t>(byte);
    for (bits += 8; bits >= 6; bits -= 6) out[at++] = kBase64[rest >> (bits - 6) & 0x3fu];
  }
  if (bits > 0) out[at] = kBase64[rest << (6 - bits) & 0x3fu];  // filled up with zeros
  return out;
}

Result<std::string> from_base64url(std::string_view text) {
  auto bytes = read_digits<6>(text, kBase64Values);
  if (!bytes) return fail(Code::invalid_params, "not base64url");
  return *std::move(bytes);
}

std::string hex(std::string_view bytes) {
  std::string out;
  append_hex(out, bytes);
  return out;
}

void append_hex(std::string& out, std::string_view bytes) {
  const std::size_t from = out.size();
  out.resize(from + 2 * bytes.size());
  char* at = out.data() + from;
  for (const char byte : bytes) {
    *at++ = kHex[static_cast<std::uint8_t>(byte) >> 4u];
    *at++ = kHex[static_cast<std::uint8_t>(byte) & 0xfu];
  }
}

Result<std::string> from_hex(std::string_view text) {
  auto bytes = read_digits<4>(text, kHexValues);
  if (!bytes) return fail(Code::invalid_params, "not hexadecimal");
  return *std::move(bytes);
}

}  // namespace chatd
