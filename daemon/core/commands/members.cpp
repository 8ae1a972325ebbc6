#include "daemon/core/commands/members.hpp"

#include "daemon/core/account_events.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/membership.hpp"
#include "daemon/core/pipeline.hpp"

#include <functional>

namespace chatd::core::commands {
namespace {

using Decide = std::function<membership::Change(const Room&)>;

// Any change of one account's membership: decided on the room as it is, written to the log and to
// the account's own row in one commit, then told to that account's devices.
Task<Status> change(Context& core, Caller caller, RoomId room_id, UserId subject, Decide decide) {
  User* user = nullptr;
  if (subject.server() == core.settings.server_name) {
    auto loaded = co_await core.users.load(subject);
    if (!loaded) co_return fail(std::move(loaded).error());
  } else {
    co_return fail(Code::not_found, "there is no such account");
  }
  auto loaded = co_await core.rooms.load(room_id);
  if (!loaded && loaded.error().code == Code::not_found)
    co_return fail(Code::not_found, "you are in no such room");
  if (!loaded) co_return fail(std::move(loaded).error());
  Room& room = **loaded;
  user = core.users.find(subject);
  if (user == nullptr) co_return fail(Code::unavailable, "the account's state was dropped");

  CHATD_CO_CHECK(core.committer.accepting());
  CHATD_CO_TRY(const wire::MemberContent content, decide(room));
  const bool takes_seat = content.membership == wire::Membership::invited ||
                          content.membership == wire::Membership::joined;
  const RoomEntry* const before = user->room(room_id);
  const bool is_known = before != nullptr && before->membership == content.membership;
  const bool had_seat = before != nullptr && (before->membership == wire::Membership::invited ||
                                              before->membership == wire::Membership::joined);
  const std::size_t most = core.settings.max_rooms;
  if (takes_seat && !is_known && user->rooms.size() >= most && user->live_rooms() >= most)
    co_return fail(Code::limit_reached, "this account is in as many rooms as it can be");

  Draft draft;
  draft.kind = wire::RecordKind::member;
  draft.sender = caller.user;
  draft.device = caller.device;
  draft.content = wire::to_json(content);
  const Ticket ticket = number(core, room, std::move(draft), {});
  if (before != nullptr || takes_seat) {  // who never was there is not bothered with a ban
    RoomEntry& entry = user->rooms[room_id];
    entry.room = room_id;
    entry.membership = content.membership;
    entry.invited_by = content.membership == wire::Membership::invited ? caller.user : UserId();
    if (content.membership == wire::Membership::joined && !is_known) {
      // What was said before one came is there to be read, but not new.
      entry.read_seq = room.head();
      entry.read_ordinal = room.messages();
    }
    std::vector<Write> writes;
    user->write_room(entry, writes);
    for (Write& write : writes) user->last_ticket = core.committer.add(std::move(write));
  }
  auto status = co_await core.committer.committed(ticket);
  if (!status) co_return fail(std::move(status).error());
  if (!is_known && (takes_seat || had_seat)) co_await tell_room_entry(core, subject, room_id);
  co_return Status();
}

Task<Result<wire::Nothing>> changed(Context& core, Caller caller, RoomId room, UserId subject,
                                    Decide decide) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  auto status = co_await change(core, caller, room, subject, std::move(decide));
  if (!status) co_return fail(std::move(status).error());
  co_return wire::Nothing{};
}

}  // namespace

Task<Status> check_guest(Context& core, UserId host, UserId guest) {
  CHATD_CO_CHECK(core.rates.take("invite", host.text(), core.settings.invites_per_user));
  auto user = co_await core.users.load(guest);
  if (!user) co_return fail(std::move(user).error());
  if (!(*user)->account.is_enabled || (*user)->blocks(host))
    co_return fail(Code::forbidden, "this account takes no invitations");
  co_return Status();
}

Task<Status> seat_guest(Context& core, Caller host, RoomId room, UserId guest) {
  const std::size_t limit = core.settings.room_member_limit;
  // Named first: GCC 12 destroys a capture twice when the lambda is a temporary of a co_await.
  Decide decide = [=, actor = host.user](const Room& now) {
    return membership::invite(now, actor, guest, limit);
  };
  auto status = co_await change(core, host, room, guest, std::move(decide));
  co_return status;
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
    if (verdict.kind == Verdict::Kind::deny) co_return fail(std::move(verdict.error));
    if (verdict.kind == Verdict::Kind::drop)
      co_return fail(Code::denied, "the server refused this");
  }
  const std::size_t limit = core.settings.room_member_limit;
  Decide decide = [limit, user = caller.user](const Room& room) {
    return membership::join(room, user, limit);
  };
  auto answer = co_await changed(core, caller, params.room, caller.user, std::move(decide));
  co_return answer;
}

Answered<wire::RoomLeave> handle(Context& core, Caller caller, wire::RoomLeave params) {
  return changed(core, caller, params.room, caller.user,
                 [user = caller.user](const Room& room) { return membership::leave(room, user); });
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

Answered<wire::RoomSetRole> handle(Context& core, Caller caller, wire::RoomSetRole params) {
  const UserId actor = caller.user;
  return changed(core, std::move(caller), params.room, params.user,
                 [actor, params](const Room& room) {
                   return membership::set_role(room, actor, params.user, params.role);
                 });
}

}  // namespace chatd::core::commands
