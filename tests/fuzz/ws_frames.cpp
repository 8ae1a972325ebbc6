// Any bytes as the frames of another server, in pieces of any size: the same messages as in one
// piece, none longer than allowed. And what a client writes is read back once its mask is off.

#include "daemon/net/ws_frames.hpp"

#include "daemon/base/assert.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using chatd::net::Opcode;

constexpr std::size_t kMaxMessageBytes = 200;

struct Outcome {
  std::vector<std::pair<Opcode, std::string>> taken;
  std::string error;
  bool operator==(const Outcome&) const = default;
};

Outcome read(std::string_view bytes, std::size_t piece) {
  chatd::net::WsReader reader(kMaxMessageBytes);
  Outcome outcome;
  for (; !bytes.empty() && outcome.error.empty();
       bytes.remove_prefix(std::min(piece, bytes.size()))) {
    const auto status = reader.feed(bytes.substr(0, piece), [&](Opcode opcode, std::string text) {
      CHATD_ASSERT(text.size() <= kMaxMessageBytes);
      outcome.taken.emplace_back(opcode, std::move(text));
    });
    if (!status) outcome.error = status.error().message;
  }
  return outcome;
}

void check_round_trip(std::string_view payload, std::uint32_t key) {
  payload = payload.substr(0, 125);  // its header has two bytes then
  std::string frame;
  chatd::net::append_masked_frame(frame, Opcode::binary, payload, key);
  for (std::size_t i = 6; i < frame.size(); ++i)
    frame[i] = static_cast<char>(frame[i] ^ frame[2 + (i - 6) % 4]);
  frame[1] = static_cast<char>(frame[1] & 0x7f);
  frame.erase(2, 4);
  const Outcome outcome = read(frame, frame.size());
  CHATD_ASSERT(outcome.error.empty() && outcome.taken.size() == 1);
  CHATD_ASSERT(outcome.taken[0] == std::pair(Opcode::binary, std::string(payload)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  CHATD_ASSERT(read(bytes, std::size_t{data[0]} + 1) == read(bytes, bytes.size() + 1));
  check_round_trip(bytes, data[0] * 0x01020304U);
  for (const char c : chatd::net::close_sentence(bytes)) CHATD_ASSERT(c >= ' ' && c <= '~');
  return 0;
}
