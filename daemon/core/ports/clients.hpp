#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/wire/packet.hpp"
#include "daemon/wire/send_queue.hpp"

#include <cstdint>
#include <string_view>

namespace chatd::core {

// The doors through which requests come. On http one request is one session.
enum class Door : std::uint8_t { websocket, http, control };

// Why the core ends a connection.
enum class CloseReason : std::uint8_t { logged_out, went_away, login_timeout };

// The connections, as the core drives them. Loop only; never calls back from within. A session that
// is gone already is ignored.
class ClientPort {
 public:
  ClientPort() = default;
  ClientPort(const ClientPort&) = delete;
  ClientPort& operator=(const ClientPort&) = delete;
  virtual ~ClientPort() = default;

  virtual void send(SessionId session, wire::Packet packet, wire::Delivery delivery) = 0;
  // After what was sent before has left, or could not.
  virtual void close(SessionId session, CloseReason reason) = 0;
  // The reader has caught up: live packets may flow again (see wire::SendQueue).
  virtual void resume_live(SessionId session) = 0;
};

}  // namespace chatd::core
