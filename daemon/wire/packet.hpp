#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace chatd::wire {

// One outgoing message: its JSON, or bytes for another server, with the header of a server's
// WebSocket frame in front (RFC 6455 section 5.2), so that all who get it share one encoding.
// Immutable; copies are cheap and may go to any thread. An empty one (nothing to send) is false.
class Packet {
 public:
  Packet() = default;
  [[nodiscard]] static Packet text(std::string_view payload) { return Packet(kText, payload); }
  [[nodiscard]] static Packet binary(std::string_view payload) { return Packet(kBinary, payload); }

  // As it leaves on a WebSocket.
  [[nodiscard]] std::string_view frame() const { return bytes_ ? *bytes_ : std::string_view(); }
  // As it leaves everywhere else.
  [[nodiscard]] std::string_view payload() const;
  explicit operator bool() const { return bytes_ != nullptr; }

 private:
  // The first byte of a frame that is a whole message.
  static constexpr char kText = static_cast<char>(0x81);
  static constexpr char kBinary = static_cast<char>(0x82);
  Packet(char first, std::string_view payload);

  std::shared_ptr<const std::string> bytes_;
};

}  // namespace chatd::wire
