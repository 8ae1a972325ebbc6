#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace chatd::storage_lmdb {

// The binary forms of both files: little-endian fixed integers, LEB128 varints. Writers get memory
// that is large enough (they know the size before) and return where they stopped.

inline constexpr std::size_t kMaxVarintBytes = 10;

[[nodiscard]] constexpr std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}

inline char* write_varint(char* at, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) *at++ = static_cast<char>(value | 0x80);
  *at++ = static_cast<char>(value);
  return at;
}

template <class Integer>
char* write_fixed(char* at, Integer value) {
  for (std::size_t i = 0; i < sizeof value; ++i) *at++ = static_cast<char>(value >> (8 * i));
  return at;
}

inline char* write_raw(char* at, std::string_view bytes) {
  if (!bytes.empty()) std::memcpy(at, bytes.data(), bytes.size());
  return at + bytes.size();
}

// Reads what the writers wrote. Total: past the end or malformed gives nullopt, never a crash.
// Views returned point into the input.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] std::optional<std::string_view> raw(std::uint64_t size) {
    if (size > rest_.size()) return std::nullopt;
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  template <class Integer>
  [[nodiscard]] std::optional<Integer> fixed() {
    const auto bytes = raw(sizeof(Integer));
    if (!bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i)
      value |= std::uint64_t{static_cast<std::uint8_t>((*bytes)[i])} << (8 * i);
    return static_cast<Integer>(value);
  }

  [[nodiscard]] std::optional<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < kMaxVarintBytes && i < rest_.size(); ++i) {
      const auto byte = static_cast<std::uint8_t>(rest_[i]);
      if (i == kMaxVarintBytes - 1 && byte > 1) return std::nullopt;  // over 64 bits
      value |= std::uint64_t{byte & 0x7FU} << (7 * i);
      if (byte < 0x80) {
        rest_.remove_prefix(i + 1);
        return value;
      }
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::string_view> blob() {
    const auto size = varint();
    return size ? raw(*size) : std::nullopt;
  }

  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace chatd::storage_lmdb
