#include "daemon/core/fanout.hpp"

#include <algorithm>

namespace chatd::core {

void tell(Context& core, const UserId& user, const wire::Packet& packet, SessionId but) {
  for (const SessionId id : core.sessions.of(user)) {
    if (id == but) continue;
    const Session* const session = core.sessions.find(id);
    if (session != nullptr && session->is_live) core.clients.send(id, packet, wire::Delivery::live);
  }
}

Task<bool> shows_to(Context& core, RoomId room, UserId user, UserId peer) {
  auto theirs = co_await core.users.load(peer);
  if (!theirs || (*theirs)->room(room) == nullptr || (*theirs)->blocks(user)) co_return false;
  auto own = co_await core.users.load(user);
  co_return own && !(*own)->blocks(peer);
}

Task<void> tell_room(Context& core, RoomId id, UserId user, wire::Packet packet) {
  const Room* room = core.rooms.find(id);
  if (room != nullptr && room->is_direct() && room->peer_of(user) != user) {
    const bool is_shown = co_await shows_to(core, id, user, room->peer_of(user));
    if (!is_shown) co_return;
    room = core.rooms.find(id);
  }
  if (room == nullptr) co_return;
  for (const auto& [member, state] : room->members())
    if (state.membership == wire::Membership::joined && member != user) tell(core, member, packet);
}

void fan_out(Context& core, const wire::Record& record, SessionId from) {
  std::string text = R"({"jsonrpc":"2.0","method":"room.record","params":{"room":")";
  text += record.room.text();
  text += R"(","record":)";
  const std::size_t start = text.size();
  wire::append_json(text, record);
  core.recent.append(record, std::string_view(text).substr(start));
  text += "}}";
  Room* const room = core.rooms.find(record.room);
  if (room == nullptr) return;  // dropped meanwhile; readers find the record in the log
  room->durable = std::max(room->durable, record.seq);
  const auto packet = wire::Packet::text(text);
  // The other side of a 1:1 room gets to know it by the first word.
  const bool is_for_sender = room->is_direct() && record.kind == wire::RecordKind::create;
  for (const auto& [user, state] : room->members()) {
    if (state.membership != wire::Membership::joined) continue;
    if (is_for_sender && user != record.sender) continue;
    tell(core, user, packet, from);
    core.sessions.wake(user);
  }
}

}  // namespace chatd::core
