#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chatd::bench {

// The client's side of WebSocket framing (RFC 6455), as much as a load generator needs.
enum class Opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

// Appends one whole frame. Clients must mask; the key is zero, which is a legal one, costs nobody
// anything here, and spares the generator a pass over each payload.
void append_frame(std::string& out, Opcode opcode, std::string_view payload);

struct Frame {
  Opcode opcode;
  bool is_last;              // of its message
  std::string_view payload;  // within the bytes given
  std::size_t size;          // of the whole frame
};

// The frame at the front of `bytes`; nothing if it is not whole yet. Servers don't mask: a frame
// that is masked is given as one of the close kind, since the connection is of no use any more.
[[nodiscard]] std::optional<Frame> front_frame(std::string_view bytes);

}  // namespace chatd::bench
