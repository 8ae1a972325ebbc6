#include "daemon/core/fanout.hpp"

#include "daemon/wire/room_content.hpp"

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
  if (is_ours(core, peer)) {
    auto theirs = co_await core.users.load(peer);
    const RoomEntry* const entry = theirs ? (*theirs)->room(room) : nullptr;
    if (entry == nullptr || entry->membership != wire::Membership::joined) co_return false;
    if ((*theirs)->blocks(user)) co_return false;
  }
  if (!is_ours(core, user)) co_return true;
  auto own = co_await core.users.load(user);
  co_return own && !(*own)->blocks(peer);
}

Task<bool> tell_room(Context& core, RoomId id, UserId user, wire::Packet packet) {
  const Room* room = core.rooms.find(id);
  if (room != nullptr && room->is_direct() && room->peer_of(user) != user) {
    const bool is_shown = co_await shows_to(core, id, user, room->peer_of(user));
    if (!is_shown) co_return false;
    room = core.rooms.find(id);
  }
  if (room == nullptr) co_return false;
  for (const auto& [member, state] : room->members())
    if (state.membership == wire::Membership::joined && member != user) tell(core, member, packet);
  co_return true;
}

namespace {

// A 1:1 room that someone of another server opened shows no word before it is accepted.
Task<void> tell_accepted(Context& core, UserId user, RoomId room, wire::Packet packet,
                         SessionId but) {
  auto loaded = co_await core.users.load(user);
  const RoomEntry* const entry = loaded ? (*loaded)->room(room) : nullptr;
  if (entry == nullptr || entry->membership != wire::Membership::joined) co_return;
  tell(core, user, packet, but);
  core.sessions.wake(user);
}

// Whose user, or which server, a record is about that changes who is in the room.
std::string server_of_subject(const wire::Record& record) {
  if (record.kind == wire::RecordKind::member)
    if (const auto content = wire::decode_member(record.content))
      return std::string(content->user.server());
  if (record.kind == wire::RecordKind::server)
    if (const auto content = wire::decode_server(record.content)) return content->server;
  return {};
}

// Hands it to the servers that follow the room, or tells those that don't of an invitation or of
// what is erased.
void tell_peers(Context& core, const Room& room, const wire::Record& record) {
  std::vector<std::string> followers = room.followers_at(record.seq);
  if (record.kind == wire::RecordKind::redact)
    for (const auto& server : room.parted_with(record.target, core.settings.server_name))
      core.peers->wake(server);
  if (record.kind == wire::RecordKind::hub_move && record.origin == core.settings.server_name) {
    // The last one that comes from here.
    std::erase(followers, record.origin);
    followers.push_back(room.hub());
    return core.peers->stored(record, followers);
  }
  if (is_elsewhere(core, room)) return;
  if (!followers.empty()) core.peers->stored(record, followers);
  if (record.kind == wire::RecordKind::hub_move)
    for (const auto& [user, state] : room.members())
      if (state.membership == wire::Membership::invited && !is_ours(core, user))
        core.peers->wake(std::string(user.server()));
  const std::string server = server_of_subject(record);
  if (server.empty() || server == core.settings.server_name) return;
  if (std::find(followers.begin(), followers.end(), server) == followers.end())
    core.peers->wake(server);
}

}  // namespace

void fan_out(Context& core, const wire::Record& record, SessionId from) {
  Room* const room = core.rooms.find(record.room);
  // It was seen before: the log has come up to what was ahead of it.
  if (room != nullptr && record.seq <= room->durable) return;
  std::string text = R"({"jsonrpc":"2.0","method":"room.record","params":{"room":")";
  text += record.room.text();
  text += R"(","record":)";
  const std::size_t start = text.size();
  wire::append_json(text, record);
  core.recent.append(record, std::string_view(text).substr(start));
  text += "}}";
  if (room == nullptr) return;  // dropped meanwhile; readers find the record in the log
  room->durable = std::max(room->durable, record.seq);
  const auto packet = wire::Packet::text(text);
  // The other side of a 1:1 room gets to know it by the first word.
  const bool is_for_sender = room->is_direct() && record.kind == wire::RecordKind::create;
  const bool may_be_request = room->is_direct() && room->spans_servers();
  for (const auto& [user, state] : room->members()) {
    if (state.membership != wire::Membership::joined) continue;
    if (record.seq < state.since_seq)
      continue;  // whoever comes reads what was before, page by page
    if (is_for_sender && user != record.sender) continue;
    if (may_be_request) {
      if (is_ours(core, user))
        core.tasks.spawn(tell_accepted(core, user, record.room, packet, from));
      continue;
    }
    tell(core, user, packet, from);
    core.sessions.wake(user);
  }
  const bool is_for_peers = record.kind == wire::RecordKind::member ||
                            record.kind == wire::RecordKind::server ||
                            record.kind == wire::RecordKind::hub_move;
  if (room->spans_servers() || is_for_peers) tell_peers(core, *room, record);
}

}  // namespace chatd::core
