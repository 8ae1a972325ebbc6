#pragma once

#include "daemon/core/context.hpp"
#include "daemon/core/ports/plugins.hpp"
#include "daemon/wire/methods/message.hpp"

#include <string>
#include <vector>

// The path of everything that is appended to a room, top to bottom (ARCHITECTURE.md walks it).
namespace chatd::core {

// Posts what a member's device wants to say: resend check, admission, plugins, number, disk. The
// answer is there once the record is durable and on its way to the members; a resend gets the first
// one's answer. `beside` is committed together with the record (`{}` for most kinds).
[[nodiscard]] Task<Result<wire::SendAnswer>> post(Context& core, Caller caller, Draft draft,
                                                  std::vector<Write> beside);

// The record that this draft became, if it was said before; the room need not be here.
[[nodiscard]] Task<Result<std::optional<wire::SendAnswer>>> find_said(Context& core, Draft draft);

// What one account may write, whatever kind of record it is.
[[nodiscard]] Status check_record_rate(Context& core, const UserId& user);

// Whether this room may get its next record now; `unavailable` while it waits for what this server
// has lost of it (recovery.hpp).
[[nodiscard]] Status accepting(const Context& core, const Room& room);

// Gives the next number to a record of a room that is loaded and collects it for the disk. No
// checks: whoever calls has made them, in the same breath. The caller may await the ticket.
Ticket number(Context& core, Room& room, Draft draft, SessionId from);

// Takes the room's next record, which its hub has numbered, and collects it for the disk with what
// follows from it. Fails, changing nothing, where it can't follow.
[[nodiscard]] Status append(Context& core, Room& room, wire::Record&& record, SessionId from);
// The same of the log of a room in preview (preview.hpp): what follows from it was done by that.
[[nodiscard]] Status append_behind(Context& core, Room& log, wire::Record record);
// So that an erasure of the message finds its edits.
void note_edit(Context& core, const wire::Record& record);

// Founds a room by its create record; the room is in the cache from now on.
struct Founded {
  RoomId room;
  Ticket ticket = 0;
};
[[nodiscard]] Result<Founded> found_room(Context& core, const Caller& founder, std::string content);
// The same by a record that is made already.
[[nodiscard]] Result<Founded> found_room(Context& core, wire::Record create, SessionId from);

// The account's side of a room that it is in from now on, into the open batch. The room is loaded.
Ticket show_room(Context& core, User& user, const RoomId& room);
// The other side of a 1:1 room gets to know it by the first word of `sender`. Someone of another
// server who is no contact is a request, without a word, until it is accepted.
void introduce(Context& core, User& user, const RoomId& room, const UserId& sender);

// The room that this account has joined, loaded; else `not_found`: who is not in it, or was asked
// to and has not accepted, learns nothing.
[[nodiscard]] Task<Result<Room*>> joined_room(Context& core, RoomId id, UserId user);

}  // namespace chatd::core
