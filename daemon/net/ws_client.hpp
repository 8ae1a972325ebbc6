#pragma once

#include "daemon/net/tls_stream.hpp"
#include "daemon/net/ws_frames.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace chatd::net {

// A WebSocket to another server (RFC 6455) for binary messages, with the subprotocol
// kLinkSubprotocol. Owned by who wants it; loop only; not destroyed from within an event.
class WsClient final : private TlsStream::Events {
 public:
  class Events {
   public:
    Events() = default;
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;
    virtual ~Events() = default;

    virtual void on_open(const Hash256& exporter) = 0;
    virtual void on_message(std::string message) = 0;
    // So many bytes of what was sent have left.
    virtual void on_sent(std::size_t bytes) = 0;
    // For good, also when it never opened.
    virtual void on_end(std::string why) = 0;
  };

  // Begins at once; on_open() or on_end() follows, never from within.
  WsClient(const TlsStream::Parts& parts, Place place, std::size_t max_message_bytes,
           Events& events);

  // Leaves with flush(), or when there is room.
  void send(std::string_view message);
  void flush() { stream_.flush(); }
  [[nodiscard]] std::size_t queued() const { return stream_.queued(); }
  // After what was sent before has left, with a close frame; on_end() follows.
  void close();

 private:
  void on_open() override;
  void on_bytes(std::string_view bytes) override;
  void on_sent(std::size_t bytes) override;
  void on_end(std::string why) override;
  [[nodiscard]] Result<std::string> read_answer(std::string_view bytes);
  void take(Opcode opcode, std::string payload);
  void write(Opcode opcode, std::string_view payload);
  void finish(std::string_view last_frame, std::string why);

  // Constant after construction
  const Place place_;
  Events& events_;
  std::string key_;  // of the upgrade

  // Loop only
  std::string answer_;  // to the upgrade, until it is whole
  bool is_open_ = false;
  bool is_closing_ = false;
  WsReader reader_;
  TlsStream stream_;
};

}  // namespace chatd::net
