#include "daemon/core/commands/members.hpp"

#include "daemon/core/account_events.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/seating.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"

namespace chatd::core::commands {
namespace {

Task<Result<wire::Nothing>> changed(Context& core, Caller caller, RoomId room, UserId subject,
                                    Decide decide) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  Draft draft = room_draft(caller, room, wire::RecordKind::member);
  auto answer =
      co_await change_member(core, std::move(caller), std::move(draft), subject, std::move(decide));
  if (!answer) co_return fail(std::move(answer).error());
  co_return wire::Nothing{};
}

// Where the answer to an invitation does not go by the log that is here.
enum class Request : std::uint8_t {
  none,    // it goes by the log
  direct,  // someone of another server opened a 1:1 room, and only this account asks itself
  remote   // only the hub, another server, has the room's log
};
struct Asked {
  Request kind = Request::none;
  std::string hub;
};

// What the account's entry and the room's log say together. `hub`: where the person says it is.
Task<Result<Asked>> asked_of(Context& core, UserId user, RoomId id,
                             std::optional<std::string> hub) {
  auto own = co_await core.users.load(user);
  if (!own) co_return fail(std::move(own).error());
  const RoomEntry* const entry = (*own)->room(id);
  const bool is_invited = entry != nullptr && entry->membership == wire::Membership::invited;
  if (is_invited && !entry->hub.empty()) hub = entry->hub;
  auto room = co_await core.rooms.load(id);
  if (!room && room.error().code != Code::not_found) co_return fail(std::move(room).error());
  if (room && (*room)->is_direct() && is_invited) co_return Asked{Request::direct, {}};
  if (room && is_elsewhere(core, **room)) hub = (*room)->hub();
  if (room && (*room)->has_joined_from(core.settings.server_name)) co_return Asked{};
  if (!hub || *hub == core.settings.server_name) co_return Asked{};
  co_return Asked{Request::remote, *std::move(hub)};
}

// Only this account's own side changes.
Task<Result<wire::Nothing>> answer_direct(Context& core, UserId user, RoomId room, bool accepts) {
  auto own = co_await core.users.load(user);
  if (!own) co_return fail(std::move(own).error());
  if ((*own)->room(room) == nullptr) co_return fail(Code::not_found, "you are in no such room");
  if (core.rooms.find(room) == nullptr)
    co_return fail(Code::unavailable, "the room's state was dropped");
  std::vector<Write> writes;
  if (accepts)
    show_room(core, **own, room);
  else
    unseat(**own, room, writes);
  auto status = co_await commit(core, **own, std::move(writes));
  if (!status) co_return fail(std::move(status).error());
  co_await tell_room_entry(core, user, room);
  co_return wire::Nothing{};
}

// The hub is asked to let the account in, or told that it does not come.
Task<Result<wire::Nothing>> answer_remote(Context& core, Caller caller, RoomId room,
                                          std::string hub, bool accepts) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  wire::MemberContent content;
  content.user = caller.user;
  content.membership = accepts ? wire::Membership::joined : wire::Membership::left;
  Draft draft = room_draft(caller, room, wire::RecordKind::member);
  draft = room_draft_elsewhere(core, std::move(draft), wire::to_json(content));
  Beside beside;
  if (accepts) {
    CHATD_CO_CHECK(core.peers->admits(hub));
  } else {
    beside = [room](User& own, std::vector<Write>& out) { unseat(own, room, out); };
  }
  const UserId user = caller.user;
  auto answer = co_await hand_in(core, std::move(caller), std::move(hub), std::move(draft),
                                 std::move(beside));
  if (!answer) co_return fail(std::move(answer).error());
  if (!accepts) co_await tell_room_entry(core, user, room);
  co_return wire::Nothing{};
}

}  // namespace

Task<Status> check_guest(Context& core, UserId host, UserId guest) {
  CHATD_CO_CHECK(core.rates.take("invite", host.text(), core.settings.invites_per_user));
  if (!is_ours(core, guest)) co_return core.peers->admits(guest.server());
  auto user = co_await core.users.load(guest);
  if (!user) co_return fail(std::move(user).error());
  if (!(*user)->account.is_enabled || (*user)->blocks(host))
    co_return fail(Code::forbidden, "this account takes no invitations");
  co_return Status();
}

Task<Status> seat_guest(Context& core, Caller host, RoomId room, UserId guest) {
  const std::size_t limit = core.settings.room_member_limit;
  // Named first: GCC 12 destroys a capture twice when the lambda is a temporary of a co_await.
  const TimeMs time = core.clock.wall_ms();
  Decide decide = [=, actor = host.user](const Room& now) {
    return membership::invite(now, actor, guest, limit, time);
  };
  Draft draft = room_draft(host, room, wire::RecordKind::member);
  auto answer =
      co_await change_member(core, std::move(host), std::move(draft), guest, std::move(decide));
  if (!answer) co_return fail(std::move(answer).error());
  co_return Status();
}

Answered<wire::RoomInvite> handle(Context& core, Caller caller, wire::RoomInvite params) {
  auto status = co_await check_guest(core, caller.user, params.user);
  if (!status) co_return fail(std::move(status).error());
  status = co_await seat_guest(core, caller, params.room, params.user);
  if (!status) co_return fail(std::move(status).error());
  co_return wire::Nothing{};
}

Answered<wire::RoomJoin> handle(Context& core, Caller caller, wire::RoomJoin params) {
  if (core.hooks.wants_room_pre_join()) {
    auto verdict = co_await call<Verdict>(
        [&](auto done) { core.hooks.room_pre_join(params.room, caller.user, std::move(done)); });
    CHATD_CO_CHECK(status_of(std::move(verdict)));
  }
  auto asked = co_await asked_of(core, caller.user, params.room, std::move(params.hub));
  if (!asked) co_return fail(std::move(asked).error());
  if (asked->kind == Request::direct) {
    auto accepted = co_await answer_direct(core, caller.user, params.room, true);
    co_return accepted;
  }
  if (asked->kind == Request::remote) {
    auto pending = co_await answer_remote(core, std::move(caller), params.room, asked->hub, true);
    co_return pending;
  }
  const std::size_t limit = core.settings.room_member_limit;
  Decide decide = [limit, now = core.clock.wall_ms(), user = caller.user](const Room& room) {
    return membership::join(room, user, limit, now);
  };
  auto answer = co_await changed(core, caller, params.room, caller.user, std::move(decide));
  co_return answer;
}

Answered<wire::RoomLeave> handle(Context& core, Caller caller, wire::RoomLeave params) {
  auto asked = co_await asked_of(core, caller.user, params.room, std::nullopt);
  if (!asked) co_return fail(std::move(asked).error());
  if (asked->kind == Request::direct) {
    auto declined = co_await answer_direct(core, caller.user, params.room, false);
    co_return declined;
  }
  if (asked->kind == Request::remote) {
    auto declined = co_await answer_remote(core, std::move(caller), params.room, asked->hub, false);
    co_return declined;
  }
  Decide decide = [user = caller.user](const Room& room) { return membership::leave(room, user); };
  const UserId user = caller.user;
  auto answer = co_await changed(core, std::move(caller), params.room, user, std::move(decide));
  co_return answer;
}

Answered<wire::RoomKick> handle(Context& core, Caller caller, wire::RoomKick params) {
  const UserId actor = caller.user;
  return changed(core, std::move(caller), params.room, params.user,
                 [actor, params](const Room& room) {
                   return membership::kick(room, actor, params.user, params.reason);
                 });
}

Answered<wire::RoomBan> handle(Context& core, Caller caller, wire::RoomBan params) {
  const UserId actor = caller.user;
  return changed(core, std::move(caller), params.room, params.user,
                 [actor, params](const Room& room) {
                   return membership::ban(room, actor, params.user, params.banned, params.reason);
                 });
}

Answered<wire::RoomBanServer> handle(Context& core, Caller caller, wire::RoomBanServer params) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  Draft draft = room_draft(caller, params.room, wire::RecordKind::server);
  draft.content = wire::to_json(
      wire::ServerContent{std::move(params.server), params.banned, std::move(params.reason)});
  auto answer = co_await ban_server(core, std::move(caller), std::move(draft));
  if (!answer) co_return fail(std::move(answer).error());
  co_return wire::Nothing{};
}

Answered<wire::RoomSetRole> handle(Context& core, Caller caller, wire::RoomSetRole params) {
  const UserId actor = caller.user;
  return changed(core, std::move(caller), params.room, params.user,
                 [actor, params](const Room& room) {
                   return membership::set_role(room, actor, params.user, params.role);
                 });
}

}  // namespace chatd::core::commands
