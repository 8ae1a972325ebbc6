#include "tests/bench/load/frame.hpp"

namespace chatd::bench {
namespace {

constexpr char kMasked = '\x80';
constexpr std::size_t kShortest16 = 126;
constexpr std::size_t kShortest64 = 65536;

void append_big_endian(std::string& out, std::uint64_t value, unsigned bytes) {
  while (bytes != 0) out.push_back(static_cast<char>(value >> (8 * --bytes) & 0xff));
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace

void append_frame(std::string& out, Opcode opcode, std::string_view payload) {
  out.push_back(static_cast<char>(0x80 | static_cast<unsigned>(opcode)));
  if (payload.size() < kShortest16) {
    out.push_back(static_cast<char>(0x80 | payload.size()));
  } else if (payload.size() < kShortest64) {
    out.push_back(static_cast<char>(kMasked | 126));
    append_big_endian(out, payload.size(), 2);
  } else {
    out.push_back(static_cast<char>(kMasked | 127));
    append_big_endian(out, payload.size(), 8);
  }
  out.append(4, '\0');
  out.append(payload);
}

std::optional<Frame> front_frame(std::string_view bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto first = static_cast<unsigned char>(bytes[0]);
  const auto second = static_cast<unsigned char>(bytes[1]);
  if ((second & 0x80) != 0) return Frame{Opcode::close, true, {}, bytes.size()};

  std::size_t head = 2;
  std::uint64_t length = second;
  if (second >= kShortest16) {
    const std::size_t width = second == kShortest16 ? 2 : 8;
    if (bytes.size() < head + width) return std::nullopt;
    length = big_endian(bytes.substr(head, width));
    head += width;
  }
  if (bytes.size() - head < length) return std::nullopt;
  const auto size = static_cast<std::size_t>(length);
  return Frame{static_cast<Opcode>(first & 0x0f), (first & 0x80) != 0, bytes.substr(head, size),
               head + size};
}

}  // namespace chatd::bench
