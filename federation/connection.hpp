#pragma once

#include "federation/greeting.hpp"
#include "federation/session.hpp"

#include <functional>
#include <memory>
#include <string>

namespace chatd::federation {

// One connection of Federation's: on its way, in the handshake, or proven.
struct Connection {
  Connection(LinkPort& links, Clock& clock, LinkId id) : channel(links, clock, id) {}

  Channel channel;
  std::string peer;     // whom it was dialled to, or who is proven; empty: nobody yet
  std::string address;  // where it was dialled to, or came from
  std::string network;  // of a guest; empty: it was dialled, or is proven
  bool is_dialled = false;
  TimeMs since = 0;  // proven
  std::unique_ptr<Greeting> greeting;
  std::unique_ptr<Session> session;
  // Of a trial: what became of it, and whether it was open at least.
  std::function<void(const Status&, bool was_open)> trial_done;
};

}  // namespace chatd::federation
