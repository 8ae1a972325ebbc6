#include "daemon/net/ws_frames.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace chatd::net {
namespace {

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kReserved = 0x70;
constexpr std::uint8_t kMasked = 0x80;
// The second byte of the header is the length itself, or one of these: 2 or 8 bytes of it follow.
constexpr std::size_t kLength16 = 126;
constexpr std::size_t kLength64 = 127;
constexpr std::size_t kMaxControlBytes = 125;

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift & 0xff));
}

bool is_control(Opcode opcode) { return static_cast<std::uint8_t>(opcode) >= 8; }

}  // namespace

void append_masked_frame(std::string& out, Opcode opcode, std::string_view payload,
                         std::uint32_t key) {
  out.push_back(static_cast<char>(kFinal | static_cast<std::uint8_t>(opcode)));
  const std::size_t size = payload.size();
  const std::size_t length = size < kLength16 ? size : size <= 0xffff ? kLength16 : kLength64;
  out.push_back(static_cast<char>(kMasked | length));
  if (length == kLength16) append_big_endian(out, size, 2);
  if (length == kLength64) append_big_endian(out, size, 8);
  std::array<char, 8> mask{};
  std::memcpy(mask.data(), &key, sizeof key);
  std::memcpy(mask.data() + sizeof key, &key, sizeof key);
  out.append(mask.data(), sizeof key);
  const std::size_t start = out.size();
  out += payload;
  std::uint64_t wide_mask = 0;
  std::memcpy(&wide_mask, mask.data(), sizeof wide_mask);
  std::size_t i = 0;
  for (; i + sizeof wide_mask <= size; i += sizeof wide_mask) {
    std::uint64_t word = 0;
    std::memcpy(&word, out.data() + start + i, sizeof word);
    word ^= wide_mask;
    std::memcpy(out.data() + start + i, &word, sizeof word);
  }
  for (; i < size; ++i) out[start + i] = static_cast<char>(out[start + i] ^ mask[i % 4]);
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  std::string payload;
  append_big_endian(payload, code, 2);
  return payload.append(reason.substr(0, kMaxControlBytes - 2));
}

std::string close_sentence(std::string_view payload) {
  std::string sentence = "it ended the connection";
  if (payload.size() <= 2) return sentence;
  sentence += ": ";
  for (const char c : payload.substr(2, kMaxControlBytes))
    sentence.push_back(c < ' ' || c > '~' ? '?' : c);
  return sentence;
}

Status WsReader::feed(std::string_view bytes, const Take& take) {
  while (!bytes.empty()) {
    if (!is_in_payload_) {
      if (!fill_head(bytes)) return {};
      CHATD_CHECK(take_head());
    }
    std::string& payload = is_control(opcode_) ? control_ : message_;
    const std::size_t part = std::min<std::uint64_t>(left_, bytes.size());
    payload.append(bytes.substr(0, part));
    bytes.remove_prefix(part);
    left_ -= part;
    if (left_ == 0) end_frame(take);
  }
  return {};
}

// Whether the frame's header is whole.
bool WsReader::fill_head(std::string_view& bytes) {
  while (!bytes.empty()) {
    head_.push_back(bytes.front());
    bytes.remove_prefix(1);
    if (head_.size() < 2) continue;
    const std::size_t length = static_cast<std::uint8_t>(head_[1]) & ~kMasked;
    if (head_.size() == (length == kLength64 ? 10U : length == kLength16 ? 4U : 2U)) return true;
  }
  return false;
}

Status WsReader::take_head() {
  const auto first = static_cast<std::uint8_t>(head_[0]);
  const auto second = static_cast<std::uint8_t>(head_[1]);
  left_ = second & ~kMasked;
  if (head_.size() > 2) {
    left_ = 0;
    for (const char byte : head_.substr(2)) left_ = left_ << 8 | static_cast<std::uint8_t>(byte);
  }
  head_.clear();
  is_in_payload_ = true;
  is_final_ = (first & kFinal) != 0;
  opcode_ = static_cast<Opcode>(first & 0x0f);
  if ((first & kReserved) != 0)
    return fail(Code::invalid_request, "a frame uses an extension that was not agreed on");
  if ((second & kMasked) != 0) return fail(Code::invalid_request, "a server masked its frame");
  switch (opcode_) {
    case Opcode::binary:
    case Opcode::more:
      if (is_in_message_ != (opcode_ == Opcode::more))
        return fail(Code::invalid_request, "the fragments of messages are mixed up");
      is_in_message_ = !is_final_;
      if (left_ > max_message_bytes_ - message_.size())
        return fail(Code::invalid_request, "a message is too long");
      return {};
    case Opcode::ping:
    case Opcode::pong:
    case Opcode::close:
      if (!is_final_ || left_ > kMaxControlBytes)
        return fail(Code::invalid_request, "a control frame is too long");
      return {};
    case Opcode::text:
      return fail(Code::invalid_request, "messages must be binary");
  }
  return fail(Code::invalid_request, "a frame is of no known kind");
}

void WsReader::end_frame(const Take& take) {
  is_in_payload_ = false;
  if (is_control(opcode_)) return take(opcode_, std::exchange(control_, {}));
  if (is_final_) take(Opcode::binary, std::exchange(message_, {}));
}

}  // namespace chatd::net
