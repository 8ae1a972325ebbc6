#include "daemon/wire/packet.hpp"

#include <cstddef>
#include <cstdint>

namespace chatd::wire {
namespace {

// The second byte of the header is the length itself, or one of these: 2 or 8 bytes of it follow.
constexpr std::size_t kLength16 = 126;
constexpr std::size_t kLength64 = 127;

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xff));
  }
}

}  // namespace

Packet::Packet(char first, std::string_view payload) {
  std::string bytes;
  bytes.reserve(payload.size() + 10);
  bytes.push_back(first);
  if (payload.size() < kLength16) {
    bytes.push_back(static_cast<char>(payload.size()));
  } else if (payload.size() <= 0xffff) {
    bytes.push_back(static_cast<char>(kLength16));
    append_big_endian(bytes, payload.size(), 2);
  } else {
    bytes.push_back(static_cast<char>(kLength64));
    append_big_endian(bytes, payload.size(), 8);
  }
  bytes.append(payload);
  bytes_ = std::make_shared<const std::string>(std::move(bytes));
}

std::string_view Packet::payload() const {
  if (!bytes_) return {};
  const auto length = static_cast<unsigned char>((*bytes_)[1]);
  const std::size_t header = length == kLength64 ? 10 : length == kLength16 ? 4 : 2;
  return std::string_view(*bytes_).substr(header);
}

}  // namespace chatd::wire
