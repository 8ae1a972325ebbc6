#pragma once

#include "daemon/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

// The frames of a WebSocket's client (RFC 6455 section 5), which libwebsockets is for the server's
// side only.
namespace chatd::net {

enum class Opcode : std::uint8_t { more = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// Adds a whole frame as a client has to send it, masked with `key`.
void append_masked_frame(std::string& out, Opcode opcode, std::string_view payload,
                         std::uint32_t key);
// The payload of a close frame.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason);
// Why the other side ended the connection, of the payload of its close frame: a line of printable
// ASCII for the admin.
[[nodiscard]] std::string close_sentence(std::string_view payload);

// Puts together the messages of a server that sends binary ones. Total. Owned by its connection.
class WsReader {
 public:
  // A binary message, or a ping, pong or close frame.
  using Take = std::function<void(Opcode opcode, std::string payload)>;

  explicit WsReader(std::size_t max_message_bytes) : max_message_bytes_(max_message_bytes) {}

  // Reads bytes as they come, in pieces of any size, and calls `take` for each whole message. An
  // error, in words, is for good.
  [[nodiscard]] Status feed(std::string_view bytes, const Take& take);

 private:
  [[nodiscard]] bool fill_head(std::string_view& bytes);
  [[nodiscard]] Status take_head();
  void end_frame(const Take& take);

  // Constant after construction
  std::size_t max_message_bytes_;

  std::string head_;        // of the frame, until it is whole
  std::uint64_t left_ = 0;  // of the frame's payload
  bool is_in_payload_ = false;
  bool is_final_ = false;
  Opcode opcode_ = Opcode::more;
  bool is_in_message_ = false;  // a fragment of it came, and not the last one
  std::string message_;
  std::string control_;  // the payload of a frame that may come between the fragments
};

}  // namespace chatd::net
