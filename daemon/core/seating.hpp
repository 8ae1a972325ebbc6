#pragma once

#include "daemon/core/context.hpp"
#include "daemon/core/membership.hpp"
#include "daemon/wire/methods/message.hpp"

#include <functional>

// Memberships, and what else a room is, as they get into a room's log and into the accounts that
// they are about.
namespace chatd::core {

using Decide = std::function<membership::Change(const Room&)>;

// Any change of one account's membership, by whoever of whatever server (draft.sender): decided on
// the room as it is, written to the log and to the account's own row in one commit, then told to
// that account's devices. Where another server is the hub it is handed in there. A draft that came
// from another server has the content, which must be the one that was decided.
[[nodiscard]] Task<Result<wire::SendAnswer>> change_member(Context& core, Caller caller,
                                                           Draft draft, UserId subject,
                                                           Decide decide);

// Any change of a group's name, topic or rules (draft.content), in the same way.
[[nodiscard]] Task<Result<wire::SendAnswer>> change_room(Context& core, Caller caller, Draft draft);

// A ban of another server from a group, or its end (draft.content), in the same way. Its users' own
// rows are their server's, which gets the record.
[[nodiscard]] Task<Result<wire::SendAnswer>> ban_server(Context& core, Caller caller, Draft draft);

// The account's side of a membership that its room's log says now, into the open batch. Whether its
// devices are to be told.
bool seat(Context& core, User& user, const Room& room, const wire::MemberContent& content,
          const UserId& by);

// Leaves a room as far as its account is concerned.
void unseat(User& user, const RoomId& room, std::vector<Write>& out);

[[nodiscard]] Status check_words(const std::optional<std::string>& name,
                                 const std::optional<std::string>& topic);
// A draft of a change of the room itself by this account.
[[nodiscard]] Draft room_draft(const Caller& caller, const RoomId& room, wire::RecordKind kind);
// The same, for a hub elsewhere: it must know a resend.
[[nodiscard]] Draft room_draft_elsewhere(Context& core, Draft draft, std::string content);

}  // namespace chatd::core
