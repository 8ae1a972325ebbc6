#include "daemon/base/bytes.hpp"

namespace chatd {
namespace {

tl::unexpected<Error> truncated() {
  return fail(Code::invalid_request, "binary data ends too early");
}

}  // namespace

void ByteWriter::u64(std::uint64_t value) {
  std::array<std::uint8_t, sizeof value> bytes{};
  for (std::size_t i = bytes.size(); i-- > 0; value >>= 8)
    bytes[i] = static_cast<std::uint8_t>(value);
  raw(bytes);
}

void ByteWriter::varint(std::uint64_t value) {
  while (value >= 0x80) {
    u8(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  u8(static_cast<std::uint8_t>(value));
}

void ByteWriter::raw(std::span<const std::uint8_t> bytes) {
  out_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void ByteWriter::blob(std::string_view bytes) {
  varint(bytes.size());
  raw(bytes);
}

Result<std::uint8_t> ByteReader::u8() {
  if (rest_.empty()) return truncated();
  const auto value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

Result<std::uint64_t> ByteReader::u64() {
  CHATD_TRY(const std::string_view bytes, raw(8));
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

Result<std::uint64_t> ByteReader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    CHATD_TRY(const std::uint8_t byte, u8());
    const std::uint64_t bits = byte & 0x7fu;
    if (shift == 63 && bits > 1) return fail(Code::invalid_request, "varint is too large");
    value |= bits << shift;
    if ((byte & 0x80u) == 0) {
      if (byte == 0 && shift > 0) return fail(Code::invalid_request, "varint is not minimal");
      return value;
    }
  }
  return fail(Code::invalid_request, "varint is too long");
}

Result<TimeMs> ByteReader::time() {
  CHATD_TRY(const std::uint64_t value, varint());
  if (value > std::uint64_t{INT64_MAX}) return fail(Code::invalid_request, "a time is too large");
  return static_cast<TimeMs>(value);
}

Result<std::string_view> ByteReader::raw(std::size_t size) {
  if (rest_.size() < size) return truncated();
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

Result<std::string_view> ByteReader::blob(std::size_t max_size) {
  CHATD_TRY(const std::uint64_t size, varint());
  if (size > max_size) return fail(Code::too_large, "blob is longer than allowed");
  return raw(static_cast<std::size_t>(size));
}

}  // namespace chatd
