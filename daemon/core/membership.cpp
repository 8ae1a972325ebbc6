#include "daemon/core/membership.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatd::core::membership {
namespace {

using wire::Membership;
using wire::Role;

// Bans are kept for good, so they are bounded: those of people, and those of servers.
constexpr std::size_t kMaxBans = 1000;

tl::unexpected<Error> not_in_room() { return fail(Code::not_found, "you are in no such room"); }

Status check_group(const Room& room) {
  if (room.is_direct()) return fail(Code::forbidden, "a 1:1 room has its two members for good");
  return {};
}

// The actor's role, if they are in.
Result<Role> role_of(const Room& room, const UserId& actor) {
  const MemberState* const state = room.member(actor);
  if (state == nullptr || state->membership != Membership::joined) return not_in_room();
  return state->role;
}

// Admins act on members, owners on everyone.
Status outranks(const Room& room, const UserId& actor, const UserId& subject) {
  CHATD_TRY(const Role role, role_of(room, actor));
  const MemberState* const other = room.member(subject);
  const bool is_enough =
      role == Role::owner || (role == Role::admin && (other == nullptr || other->role < role));
  if (!is_enough) return fail(Code::forbidden, "your role in this room does not allow that");
  return {};
}

std::size_t joined(const Room& room) {
  const auto& members = room.members();
  return static_cast<std::size_t>(std::count_if(
      members.begin(), members.end(),
      [](const auto& member) { return member.second.membership == Membership::joined; }));
}

Status has_seat_free(const Room& room, std::size_t member_limit) {
  if (room.occupancy() < member_limit) return {};
  return fail(Code::limit_reached, fmt::format("a room has at most {} members", member_limit));
}

bool has_expired(const Room& room, const UserId& user, const MemberState& state, TimeMs now) {
  return state.membership == Membership::invited && user.server() != room.hub() &&
         now - state.since > kInvitationHolds;
}

}  // namespace

Change invite(const Room& room, const UserId& actor, const UserId& subject,
              std::size_t member_limit, TimeMs now) {
  CHATD_TRY(const Role role, role_of(room, actor));
  CHATD_CHECK(check_group(room));
  const MemberState* const state = room.member(subject);
  const bool is_again = state != nullptr && has_expired(room, subject, *state, now);
  if (state != nullptr && !is_again) {
    if (state->membership == Membership::banned)
      return fail(Code::forbidden, "this account is banned from the room");
    return fail(Code::conflict, state->membership == Membership::joined
                                    ? "this account is a member already"
                                    : "this account is invited already");
  }
  if (room.bans_server(subject.server()))
    return fail(Code::forbidden, "this account's server is banned from the room");
  if (room.join_rule() == wire::JoinRule::invite && role == Role::member)
    return fail(Code::forbidden, "only admins and owners invite to this room");
  if (!is_again) CHATD_CHECK(has_seat_free(room, member_limit));
  return wire::MemberContent{subject, Membership::invited, Role::member, {}};
}

Change join(const Room& room, const UserId& subject, std::size_t member_limit, TimeMs now) {
  const MemberState* const state = room.member(subject);
  if (state != nullptr && state->membership == Membership::joined)
    return fail(Code::conflict, "you are a member already");
  if (state != nullptr && has_expired(room, subject, *state, now))
    return fail(Code::not_found, "the invitation has expired");
  if (state != nullptr && state->membership == Membership::invited) {
    // Its owner left with the last of all: an invitation does not bring an empty room back.
    if (joined(room) == 0) return fail(Code::not_found, "nobody is in this room any more");
    return wire::MemberContent{subject, Membership::joined, state->role, {}};
  }
  if (room.is_direct() || room.join_rule() != wire::JoinRule::open)
    return fail(Code::not_found, "there is no such room, or it is not open");
  if (state != nullptr) return fail(Code::forbidden, "you are banned from this room");
  if (room.bans_server(subject.server()))
    return fail(Code::forbidden, "your server is banned from this room");
  CHATD_CHECK(has_seat_free(room, member_limit));
  return wire::MemberContent{subject, Membership::joined, Role::member, {}};
}

Change leave(const Room& room, const UserId& subject) {
  const MemberState* const state = room.member(subject);
  if (state == nullptr || state->membership == Membership::banned) return not_in_room();
  CHATD_CHECK(check_group(room));
  if (state->role == Role::owner && room.owners() == 1 && joined(room) > 1)
    return fail(Code::conflict, "make someone else an owner first");
  return wire::MemberContent{subject, Membership::left, Role::member, {}};
}

Change kick(const Room& room, const UserId& actor, const UserId& subject,
            std::optional<std::string> reason) {
  CHATD_CHECK(outranks(room, actor, subject));
  CHATD_CHECK(check_group(room));
  const MemberState* const state = room.member(subject);
  if (state == nullptr || state->membership == Membership::banned)
    return fail(Code::not_found, "this account is not in the room");
  if (actor == subject) return fail(Code::forbidden, "leave the room instead");
  return wire::MemberContent{subject, Membership::left, Role::member, std::move(reason)};
}

Change ban(const Room& room, const UserId& actor, const UserId& subject, bool banned,
           std::optional<std::string> reason) {
  CHATD_CHECK(outranks(room, actor, subject));
  CHATD_CHECK(check_group(room));
  if (actor == subject) return fail(Code::forbidden, "leave the room instead");
  const MemberState* const state = room.member(subject);
  const bool is_banned = state != nullptr && state->membership == Membership::banned;
  if (is_banned == banned)
    return fail(Code::not_found,
                banned ? "this account is banned already" : "this account is not banned");
  const auto& members = room.members();
  const auto bans = std::count_if(members.begin(), members.end(), [](const auto& member) {
    return member.second.membership == Membership::banned;
  });
  if (banned && static_cast<std::size_t>(bans) >= kMaxBans)
    return fail(Code::limit_reached, "this room has as many bans as it can");
  return wire::MemberContent{subject, banned ? Membership::banned : Membership::left, Role::member,
                             std::move(reason)};
}

Status ban_server(const Room& room, const UserId& actor, const wire::ServerContent& wanted) {
  CHATD_TRY(const Role role, role_of(room, actor));
  CHATD_CHECK(check_group(room));
  if (role == Role::member)
    return fail(Code::forbidden, "only admins and owners ban a server from a room");
  if (!is_server_name(wanted.server))
    return fail(Code::invalid_params, "that is no server's name, such as chat.example");
  if (wanted.server == room.hub() || wanted.server == actor.server())
    return fail(Code::forbidden, "neither the room's own server nor yours can be banned");
  if (room.bans_server(wanted.server) == wanted.banned)
    return fail(Code::not_found,
                wanted.banned ? "this server is banned already" : "this server is not banned");
  if (!wanted.banned) return {};
  for (const UserId& user : room.seated_from(wanted.server))
    CHATD_CHECK(outranks(room, actor, user));
  if (room.banned_servers().size() >= kMaxBans)
    return fail(Code::limit_reached, "this room has as many bans as it can");
  return {};
}

Change apply(const Room& room, const UserId& actor, const wire::MemberContent& wanted,
             std::size_t member_limit, TimeMs now) {
  const UserId& subject = wanted.user;
  const MemberState* const state = room.member(subject);
  const auto is_now = [state](Membership membership) {
    return state != nullptr && state->membership == membership;
  };
  switch (wanted.membership) {
    case Membership::invited:
      return invite(room, actor, subject, member_limit, now);
    case Membership::joined:
      if (actor == subject && !is_now(Membership::joined))
        return join(room, subject, member_limit, now);
      return set_role(room, actor, subject, wanted.role);
    case Membership::left:
      if (actor == subject) return leave(room, subject);
      if (is_now(Membership::banned)) return ban(room, actor, subject, false, wanted.reason);
      return kick(room, actor, subject, wanted.reason);
    case Membership::banned:
      return ban(room, actor, subject, true, wanted.reason);
    case Membership::none:
      break;
  }
  return fail(Code::forbidden, "nobody can be made nothing");
}

Change set_role(const Room& room, const UserId& actor, const UserId& subject, Role role) {
  CHATD_TRY(const Role own, role_of(room, actor));
  CHATD_CHECK(check_group(room));
  const MemberState* const state = room.member(subject);
  if (state == nullptr || state->membership != Membership::joined)
    return fail(Code::not_found, "this account is not a member of the room");
  const bool is_step_down = actor == subject && role < own;
  if (!is_step_down) CHATD_CHECK(outranks(room, actor, subject));
  if (role > own) return fail(Code::forbidden, "you can't give a role above your own");
  if (state->role == role) return fail(Code::conflict, "they have this role already");
  if (state->role == Role::owner && room.owners() == 1)
    return fail(Code::conflict, "a room needs an owner: make someone else one first");
  return wire::MemberContent{subject, Membership::joined, role, {}};
}

Status may_set_meta(const Room& room, const UserId& actor) {
  CHATD_TRY(const Role role, role_of(room, actor));
  CHATD_CHECK(check_group(room));
  if (role == Role::member)
    return fail(Code::forbidden, "only admins and owners change a room's name and rules");
  return {};
}

bool has_seat(const Room& room, const UserId& user) {
  const MemberState* const state = room.member(user);
  return state != nullptr &&
         (state->membership == Membership::joined || state->membership == Membership::invited);
}

bool may_redact_others(const Room& room, const UserId& actor) {
  const auto role = role_of(room, actor);
  return !room.is_direct() && role && *role != Role::member;
}

}  // namespace chatd::core::membership
