#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/net/server.hpp"
#include "daemon/wire/codec.hpp"

#include <variant>

namespace chatd::app {

// A frame, decoded on the I/O thread that read it.
struct Asked {
  SessionId session;
  wire::Decoded request;
};
using Arrival = std::variant<net::Opened, Asked, net::Closed, net::LinkEvent>;

// What the core takes of what came in. On the thread that `decoder` belongs to.
[[nodiscard]] Arrival decode(wire::Decoder& decoder, net::Inbound&& inbound);

}  // namespace chatd::app
