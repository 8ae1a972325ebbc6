#include "daemon/base/encoding.hpp"
#include "daemon/base/utf8.hpp"
#include "daemon/core/account_events.hpp"
#include "daemon/core/accounts.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/commands/members.hpp"
#include "daemon/core/direct_room.hpp"
#include "daemon/core/fanout.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/membership.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/room_list.hpp"
#include "daemon/core/seating.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace chatd::core::commands {
namespace {

std::string nonce(Context& core) {
  std::array<std::uint8_t, 16> bytes;
  core.random.fill(bytes);
  return base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Status has_place(const Context& core, const User& user) {
  // Most have so few altogether that there is nothing to count.
  const std::size_t most = core.settings.max_rooms;
  if (user.rooms.size() < most || user.live_rooms() < most) return {};
  return fail(Code::limit_reached, "this account is in as many rooms as it can be");
}

Task<Status> ask_plugins(Context& core, UserId founder, std::string name) {
  if (!core.hooks.wants_room_pre_create()) co_return Status();
  auto verdict = co_await call<Verdict>(
      [&](auto done) { core.hooks.room_pre_create(founder, name, std::move(done)); });
  co_return status_of(std::move(verdict));
}

// Each once and never the founder; what speaks against one is said before there is a room.
Task<Result<std::vector<UserId>>> check_guests(Context& core, UserId founder,
                                               std::optional<std::vector<UserId>> wanted) {
  std::vector<UserId> guests;
  for (UserId& guest : wanted.value_or(std::vector<UserId>()))
    if (guest != founder && std::find(guests.begin(), guests.end(), guest) == guests.end())
      guests.push_back(std::move(guest));
  if (guests.size() >= core.settings.room_member_limit)
    co_return fail(Code::limit_reached,
                   fmt::format("a room has at most {} members", core.settings.room_member_limit));
  std::map<std::string, std::size_t> from_elsewhere;
  for (const UserId& guest : guests) {
    auto status = co_await check_guest(core, founder, guest);
    if (!status) co_return fail(std::move(status).error());
    if (!is_ours(core, guest)) ++from_elsewhere[std::string(guest.server())];
  }
  for (const auto& [server, count] : from_elsewhere) {
    co_await core.waiting_notices.count_if_full(server, count);
    CHATD_CO_CHECK(core.waiting_notices.has_place(server, count));
  }
  co_return guests;
}

}  // namespace

Answered<wire::RoomCreate> handle(Context& core, Caller caller, wire::RoomCreate params) {
  CHATD_CO_CHECK(check_words(params.name, params.topic));
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  auto guests = co_await check_guests(core, caller.user, std::move(params.invite));
  if (!guests) co_return fail(std::move(guests).error());
  auto status = co_await ask_plugins(core, caller.user, params.name);
  if (!status) co_return fail(std::move(status).error());
  auto user = co_await core.users.load(caller.user);
  if (!user) co_return fail(std::move(user).error());
  CHATD_CO_CHECK(has_place(core, **user));
  CHATD_CO_CHECK(core.committer.accepting());
  wire::CreateContent content;
  content.type = wire::RoomType::group;
  content.name = std::move(params.name);
  content.topic = std::move(params.topic).value_or("");
  content.join = params.join.value_or(wire::JoinRule::invite);
  content.presence = params.presence.value_or(true);
  content.members = {caller.user};
  content.nonce = nonce(core);
  CHATD_CO_TRY(const Founded founded, found_room(core, caller, wire::to_json(content)));
  show_room(core, **user, founded.room);
  status = co_await core.committer.committed(founded.ticket);
  if (!status) co_return fail(std::move(status).error());
  co_await tell_room_entry(core, caller.user, founded.room);
  for (const UserId& guest : *guests) {
    // The room is there now: a guest who can't come after all does not undo it.
    auto seated = co_await seat_guest(core, caller, founded.room, guest);
    if (!seated && !is_peer_fault(seated.error().code)) co_return fail(std::move(seated).error());
  }
  co_return wire::RoomAnswer{founded.room};
}

namespace {

// The room is here already, or is in a moment.
Task<Result<wire::RoomAnswer>> enter_direct(Context& core, UserId user, RoomId room) {
  auto known = co_await core.rooms.load(room);
  if (!known) co_return fail(std::move(known).error());
  auto own = co_await core.users.load(user);
  if (!own) co_return fail(std::move(own).error());
  const RoomEntry* const entry = (*own)->room(room);
  if (entry == nullptr || entry->membership != wire::Membership::joined) {
    if (core.rooms.find(room) == nullptr)
      co_return fail(Code::unavailable, "the room's state was dropped");
    const Ticket ticket = show_room(core, **own, room);
    auto status = co_await core.committer.committed(ticket);
    if (!status) co_return fail(std::move(status).error());
    co_await tell_room_entry(core, user, room);
  }
  co_return wire::RoomAnswer{room};
}

// With someone of another server: both make the same room (direct_room.hpp), and one of the two is
// its hub, which hears of it with the first word.
Task<Result<wire::RoomAnswer>> open_across(Context& core, Caller caller, UserId other) {
  wire::Record create = direct_create(caller.user, other);
  const RoomId id = create.room;
  const auto turn = co_await core.turns.enter(std::string(id.bytes()));
  auto known = co_await core.rooms.load(id);
  if (!known && known.error().code != Code::not_found) co_return fail(std::move(known).error());
  if (!known) {
    CHATD_CO_CHECK(core.peers->admits(other.server()));
    CHATD_CO_CHECK(check_record_rate(core, caller.user));
    auto own = co_await core.users.load(caller.user);
    if (!own) co_return fail(std::move(own).error());
    CHATD_CO_CHECK(has_place(core, **own));
    CHATD_CO_CHECK(core.committer.accepting());
    CHATD_CO_TRY(const Founded founded, found_room(core, std::move(create), caller.session));
    auto status = co_await core.committer.committed(founded.ticket);
    if (!status) co_return fail(std::move(status).error());
  }
  auto answer = co_await enter_direct(core, caller.user, id);
  co_return answer;
}

}  // namespace

Answered<wire::RoomOpenDirect> handle(Context& core, Caller caller, wire::RoomOpenDirect params) {
  if (!is_ours(core, params.user)) {
    auto answer = co_await open_across(core, std::move(caller), std::move(params.user));
    co_return answer;
  }
  const std::string key = keys::direct_room(caller.user, params.user);
  // Both sides may ask at the same moment: the second finds the first one's room.
  const auto turn = co_await core.turns.enter(key);
  auto known = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { core.store.get(key, std::move(done)); });
  if (!known) co_return fail(std::move(known).error());
  if (*known) {
    CHATD_CO_TRY(const RoomId room, RoomId::from_bytes(**known));
    auto answer = co_await enter_direct(core, caller.user, room);
    co_return answer;
  }
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  auto other = co_await core.users.load(params.user);
  if (!other) co_return fail(std::move(other).error());
  if (!(*other)->account.is_enabled || (*other)->blocks(caller.user))
    co_return fail(Code::forbidden, "this account takes no messages");
  auto own = co_await core.users.load(caller.user);
  if (!own) co_return fail(std::move(own).error());
  User* const peer = core.users.find(params.user);
  if (peer == nullptr) co_return fail(Code::unavailable, "the account's state was dropped");
  CHATD_CO_CHECK(has_place(core, **own));
  CHATD_CO_CHECK(has_place(core, *peer));
  CHATD_CO_CHECK(core.committer.accepting());
  wire::CreateContent content;
  content.type = wire::RoomType::direct;
  content.members = {caller.user};
  if (params.user != caller.user) content.members.push_back(params.user);
  content.nonce = nonce(core);
  CHATD_CO_TRY(const Founded founded, found_room(core, caller, wire::to_json(content)));
  show_room(core, **own, founded.room);
  core.committer.add(Put{key, std::string(founded.room.bytes())});
  auto status = co_await core.committer.committed(founded.ticket);
  if (!status) co_return fail(std::move(status).error());
  co_await tell_room_entry(core, caller.user, founded.room);
  co_return wire::RoomAnswer{founded.room};
}

Answered<wire::RoomSet> handle(Context& core, Caller caller, wire::RoomSet params) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  Draft draft = room_draft(caller, params.room, wire::RecordKind::meta);
  draft.content = wire::to_json(wire::MetaContent{std::move(params.name), std::move(params.topic),
                                                  params.join, params.presence});
  auto answer = co_await change_room(core, std::move(caller), std::move(draft));
  if (!answer) co_return fail(std::move(answer).error());
  co_return wire::Nothing{};
}

Answered<wire::RoomGet> handle(Context& core, Caller caller, wire::RoomGet params) {
  auto joined = co_await joined_room(core, params.room, caller.user);
  if (!joined) co_return fail(std::move(joined).error());
  const Room& room = **joined;
  wire::RoomDetails details{params.room,    room.type(),      room.name(),
                            room.topic(),   room.join_rule(), room.has_presence(),
                            room.created(), room.durable,     {},
                            std::nullopt,   std::nullopt,     std::nullopt};
  if (is_elsewhere(core, room)) {
    details.hub = room.hub();
    details.unreachable_since = core.peers->unreachable_since(room.hub());
  }
  const MemberState* const own = room.member(caller.user);
  const auto& banned = room.banned_servers();
  if (!banned.empty() && own->role != wire::Role::member)
    details.banned_servers.emplace(banned.begin(), banned.end());
  for (const auto& [user, state] : room.members()) {
    if (state.membership == wire::Membership::banned && own->role == wire::Role::member) continue;
    details.members.push_back({user, state.membership, state.role, state.last_sent});
  }
  for (wire::Member& member : details.members) {
    if (details.type == wire::RoomType::direct && member.user != caller.user) {
      const bool is_shown = co_await shows_to(core, params.room, member.user, caller.user);
      if (!is_shown) continue;
    }
    if (!is_ours(core, member.user)) {
      const Room* const here = core.rooms.find(params.room);
      if (here != nullptr) member.read_seq = std::max(member.read_seq, here->read_by(member.user));
      continue;
    }
    auto user = co_await core.users.load(member.user);
    if (!user) continue;  // an account that is gone
    if (const RoomEntry* const entry = (*user)->room(params.room))
      member.read_seq = std::max(member.read_seq, entry->read_seq);
  }
  co_return details;
}

Answered<wire::RoomList> handle(Context& core, Caller caller, wire::RoomList params) {
  CHATD_CO_TRY(const auto after, RoomPosition::parse(params.after));
  const std::size_t limit = std::max(1u, params.limit.value_or(kDefaultRooms));
  auto rooms = co_await rooms_by_activity(core, caller.user);
  if (!rooms) co_return fail(std::move(rooms).error());
  wire::RoomListAnswer answer;
  std::optional<RoomPosition> last;
  for (const RoomPosition& position : *rooms) {
    if (after && !(*after < position)) continue;
    if (answer.rooms.size() == limit) {
      answer.next = last->text();
      break;
    }
    auto summary = co_await room_summary(core, caller.user, position.room);
    if (!summary && summary.error().code == Code::not_found) continue;  // left meanwhile
    if (!summary) co_return fail(std::move(summary).error());
    answer.rooms.push_back(*std::move(summary));
    last = position;
  }
  co_return answer;
}

}  // namespace chatd::core::commands
