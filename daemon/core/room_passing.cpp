#include "daemon/core/room_passing.hpp"

#include "daemon/core/fanout.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace chatd::core {
namespace {

// Other servers are told no more often that somebody types: every 3 s, and each time they stop.
constexpr Rate kTypingOfUser{40, Millis{60'000}};

wire::Packet packet_of(const Typing& what) {
  return event_packet(wire::TypingEvent{what.room, what.user, what.is_typing});
}
wire::Packet packet_of(const ReadMark& what) {
  return event_packet(wire::ReadEvent{what.room, what.user, what.seq});
}

// To everyone here, then to the servers that have to know; `from` knows.
template <class What>
Task<void> pass_on(Context& core, What what, std::string from) {
  wire::Packet packet = packet_of(what);
  const bool is_shown = co_await tell_room(core, what.room, what.user, std::move(packet));
  const Room* const room = core.rooms.find(what.room);
  if (!is_shown || room == nullptr || !room->spans_servers()) co_return;
  std::vector<std::string> servers{room->hub()};
  if (!is_elsewhere(core, *room)) servers = room->joined_servers();
  for (const std::string& server : servers)
    if (server != from) core.peers->say(server, what);
}

// The room, if that server may say what this user does in it.
Task<Room*> room_of(Context& core, std::string peer, RoomId id, UserId user) {
  auto room = co_await core.rooms.load(id);
  if (!room || !(*room)->is_joined(user)) co_return nullptr;
  const bool is_hub = (*room)->hub() == peer;
  const bool is_at_hub = !is_elsewhere(core, **room) && user.server() == peer;
  co_return is_hub || is_at_hub ? *room : nullptr;
}

}  // namespace

Task<void> pass_in_room(Context& core, Typing what) {
  if (core.rates.take("typing", what.user.text(), kTypingOfUser)) {
    co_await pass_on(core, std::move(what), std::string());
    co_return;
  }
  wire::Packet packet = packet_of(what);
  [[maybe_unused]] const bool is_shown =
      co_await tell_room(core, what.room, what.user, std::move(packet));
}

Task<void> pass_in_room(Context& core, ReadMark what) {
  co_await pass_on(core, std::move(what), std::string());
}

Task<void> take_in_room(Context& core, std::string peer, Typing what) {
  Room* const room = co_await room_of(core, peer, what.room, what.user);
  if (room != nullptr) co_await pass_on(core, std::move(what), std::move(peer));
}

Task<void> take_in_room(Context& core, std::string peer, ReadMark what) {
  Room* const room = co_await room_of(core, peer, what.room, what.user);
  if (room == nullptr) co_return;
  what.seq = std::min(what.seq, room->durable);  // what is not here yet nobody here sees as read
  if (room->note_read(what.user, what.seq))
    co_await pass_on(core, std::move(what), std::move(peer));
}

}  // namespace chatd::core
