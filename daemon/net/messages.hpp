#pragma once

#include "daemon/base/hash.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/secret.hpp"
#include "daemon/wire/packet.hpp"
#include "daemon/wire/send_queue.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <variant>
#include <vector>

// What net and the core say to each other: values that may go to any thread.
namespace chatd::net {

enum class Kind : std::uint8_t {
  websocket,
  http,     // one POST /rpc: exactly one request and one reply
  control,  // the admin, over the Unix socket
};

// A client is there. Each Opened is followed by exactly one Closed.
struct Opened {
  SessionId session;
  Kind kind = Kind::websocket;
  std::string peer;  // its address as text; "control" for the Unix socket
  Secret bearer;     // http: the token of the Authorization header, may be empty
  uid_t uid = 0;     // control: whom the kernel says it is
};
// One whole frame, not yet looked at.
struct Received {
  SessionId session;
  std::string bytes;
};
// Gone, whoever ended it. What is sent to it from now on is ignored.
struct Closed {
  SessionId session;
};

// Another server has connected. It is followed by what it says, and by exactly one LinkClosed.
struct LinkOpened {
  SessionId link;
  std::string peer;    // its address as text
  Hash256 exporter{};  // of its TLS connection, see link_exporter()
};
struct LinkReceived {
  SessionId link;
  std::string bytes;  // one whole message
};
// So many bytes of what was sent to it, frame headers included, have left.
struct LinkSent {
  SessionId link;
  std::size_t bytes = 0;
};
struct LinkClosed {
  SessionId link;
  std::string why;  // in words
};
using LinkEvent = std::variant<LinkOpened, LinkReceived, LinkSent, LinkClosed>;

using Inbound = std::variant<Opened, Received, Closed, LinkEvent>;

struct Send {
  SessionId session;
  wire::Packet packet;
  wire::Delivery delivery = wire::Delivery::reply;
};
// After what was sent before has left. `code` as in RFC 6455 section 7.4; http and control just
// end.
struct Close {
  SessionId session;
  std::uint16_t code = 1000;
  std::string reason;  // at most 123 bytes, the rest is cut off
};
// The reader has caught up: live packets reach it again.
struct ResumeLive {
  SessionId session;
};
using Outbound = std::variant<Send, Close, ResumeLive>;

// Where what comes in goes to. Implemented by the app; outlives the server.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  // Called on I/O thread `io_thread` with all that came in since the last time. False: no room now;
  // the batch is then untouched, that thread stops reading and offers it again.
  [[nodiscard]] virtual bool deliver(unsigned io_thread, std::vector<Inbound>&& batch) = 0;
};

}  // namespace chatd::net
