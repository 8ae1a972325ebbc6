#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace chatd {

using Hash256 = std::array<std::uint8_t, 32>;
using Hash128 = std::array<std::uint8_t, 16>;

// BLAKE2b (RFC 7693) with 32 bytes of output, through libsodium.
[[nodiscard]] Hash256 blake2b_256(std::string_view bytes);
// The same with 16 bytes of output: for keys where a collision is harmless or impossible to aim.
[[nodiscard]] Hash128 blake2b_128(std::string_view bytes);

[[nodiscard]] inline std::string_view view(const Hash256& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}
[[nodiscard]] inline std::string_view view(const Hash128& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

}  // namespace chatd
