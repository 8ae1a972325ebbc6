#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace chatd {

// Builds a binary form: big-endian fixed integers, LEB128 varints, length-prefixed blobs.
class ByteWriter {
 public:
  ByteWriter() = default;
  // Takes room for so many bytes at once; there may be more.
  explicit ByteWriter(std::size_t expected) { out_.reserve(expected); }

  void u8(std::uint8_t value) { out_.push_back(static_cast<char>(value)); }
  void u64(std::uint64_t value);
  void varint(std::uint64_t value);
  void raw(std::string_view bytes) { out_.append(bytes); }
  void raw(std::span<const std::uint8_t> bytes);
  void blob(std::string_view bytes);  // varint length, then the bytes
  [[nodiscard]] std::string take() { return std::move(out_); }
  [[nodiscard]] std::string_view view() const { return out_; }

 private:
  std::string out_;
};

// Reads what ByteWriter wrote. Total: past the end or malformed gives an error, never a crash.
// Views returned point into the input.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  [[nodiscard]] Result<std::uint8_t> u8();
  [[nodiscard]] Result<std::uint64_t> u64();
  // Only the shortest encoding is taken, so that equal values have equal bytes.
  [[nodiscard]] Result<std::uint64_t> varint();
  [[nodiscard]] Result<TimeMs> time();  // a varint below 2^63
  [[nodiscard]] Result<std::string_view> raw(std::size_t size);
  [[nodiscard]] Result<std::string_view> blob(std::size_t max_size);
  template <std::size_t N>
  [[nodiscard]] Result<std::array<std::uint8_t, N>> array() {
    CHATD_TRY(const std::string_view bytes, raw(N));
    std::array<std::uint8_t, N> out;
    std::memcpy(out.data(), bytes.data(), N);
    return out;
  }
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace chatd
