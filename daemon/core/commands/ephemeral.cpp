#include "daemon/core/account_events.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/room_list.hpp"
#include "daemon/core/room_passing.hpp"

namespace chatd::core::commands {
namespace {

// How those of `users` are whom the viewer may see; in `room` they are together, else contacts.
Task<void> add_visible(Context& core, UserId viewer, std::vector<UserId> users,
                       std::optional<RoomId> room, std::vector<wire::PresenceInfo>& out) {
  for (const UserId& id : users) {
    auto own = co_await core.users.load(viewer);
    if (!own) co_return;
    if (!is_ours(core, id)) {
      const bool is_blocked = (*own)->blocks(id);
      auto info = room && !(*own)->is_contact(id)
                      ? core.remote_presence.watch_member(viewer, id, *room)
                      : core.remote_presence.watch_contact(viewer, id);
      if (info && !is_blocked) out.push_back(*std::move(info));
      continue;
    }
    auto user = co_await core.users.load(id);
    if (!user) continue;
    const User* const here = core.users.find(viewer);
    if (here != nullptr && Presence::may_see(*here, **user))
      out.push_back(core.presence.of(**user));
  }
}

}  // namespace

Answered<wire::TypingSet> handle(Context& core, Caller caller, wire::TypingSet params) {
  auto room = co_await joined_room(core, params.room, caller.user);
  if (!room) co_return fail(std::move(room).error());
  Typing typing{params.room, caller.user, params.typing};
  co_await pass_in_room(core, std::move(typing));
  co_return wire::Nothing{};
}

Answered<wire::PresenceSet> handle(Context& core, Caller caller, wire::PresenceSet params) {
  if (Session* const session = core.sessions.find(caller.session)) {
    session->declared = params.state;
    session->active_at = core.clock.now();
  }
  auto user = co_await core.users.load(caller.user);
  if (!user) co_return fail(std::move(user).error());
  const wire::VisibilityAnswer answer{params.visible.value_or((*user)->account.shows_presence)};
  if ((*user)->account.shows_presence != answer.visible) {
    (*user)->account.shows_presence = answer.visible;
    std::vector<Write> writes;
    (*user)->write_account(writes);
    auto status = co_await commit(core, **user, std::move(writes));
    if (!status) co_return fail(std::move(status).error());
    core.presence.visibility_changed(caller.user);
  }
  core.presence.changed(caller.user);
  co_return answer;
}

Answered<wire::PresenceContacts> handle(Context& core, Caller caller, wire::PresenceContacts) {
  auto user = co_await core.users.load(caller.user);
  if (!user) co_return fail(std::move(user).error());
  std::vector<UserId> contacts;
  for (const auto& [other, entry] : (*user)->contacts)
    if (entry.state == wire::ContactState::accepted) contacts.push_back(other);
  wire::PresenceAnswer answer;
  co_await add_visible(core, caller.user, std::move(contacts), std::nullopt, answer.presence);
  co_return answer;
}

Answered<wire::PresenceWatch> handle(Context& core, Caller caller, wire::PresenceWatch params) {
  wire::PresenceAnswer answer;
  if (params.room) {
    auto room = co_await joined_room(core, *params.room, caller.user);
    if (!room) co_return fail(std::move(room).error());
    if (!core.presence.is_shown_in(**room))
      co_return fail(Code::forbidden, "this room shows no presence: it is turned off or too large");
    auto seat = co_await load_seat(core, caller.user, *params.room);
    if (!seat) co_return fail(std::move(seat).error());
    std::vector<UserId> members;
    for (const auto& [user, state] : seat->room->members()) {
      if (state.membership != wire::Membership::joined || user == caller.user) continue;
      // Anybody may open a 1:1 room with anybody: only being contacts is consent.
      if (seat->room->is_direct() && !seat->user->is_contact(user)) continue;
      members.push_back(user);
    }
    // From here on: who is asked about is looked at.
    if (Session* const session = core.sessions.find(caller.session))
      core.presence.watch(*session, params.room);
    co_await add_visible(core, caller.user, std::move(members), params.room, answer.presence);
  } else if (Session* const session = core.sessions.find(caller.session)) {
    core.presence.watch(*session, std::nullopt);
  }
  co_return answer;
}

}  // namespace chatd::core::commands
