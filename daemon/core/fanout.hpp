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
// Whether what `user` does in a 1:1 room (typing, reading) shows to `peer`: not before the first
// word or before they accepted the room, and never across a block. Of an account of another server
// only that knows.
[[nodiscard]] Task<bool> shows_to(Context& core, RoomId room, UserId user, UserId peer);
// To those of everyone else who joined the room: what `user` does there. In a 1:1 room only if it
// shows to the other one; whether it does.
[[nodiscard]] Task<bool> tell_room(Context& core, RoomId room, UserId user, wire::Packet packet);

template <class Event>
[[nodiscard]] wire::Packet event_packet(const Event& event) {
  return wire::Packet::text(wire::encode_event(event));
}

}  // namespace chatd::core
