#pragma once

#include "daemon/core/context.hpp"
#include "daemon/wire/events.hpp"
#include "daemon/wire/record.hpp"

namespace chatd::core {

// A record is durable: encodes it once and hands it to every live session of the room's members,
// except the one that sent it (its answer says the same).
void fan_out(Context& core, const wire::Record& record, SessionId from);

// An event to the live sessions of one account, except `but`.
void tell(Context& core, const UserId& user, const wire::Packet& packet, SessionId but = {});
// To those of everyone who joined the room, except this account.
void tell_room(Context& core, const Room& room, const wire::Packet& packet, const UserId& but);

template <class Event>
[[nodiscard]] wire::Packet event_packet(const Event& event) {
  return wire::Packet::text(wire::encode_event(event));
}

}  // namespace chatd::core
