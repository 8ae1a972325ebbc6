#pragma once

#include "daemon/core/context.hpp"
#include "daemon/core/fanout.hpp"
#include "daemon/wire/methods/people.hpp"
#include "daemon/wire/methods/room.hpp"

// What an account's own devices are told of it, and how its parts look to it.
namespace chatd::core {

// This account's view of another; the name as that account shows it, if it is known here.
[[nodiscard]] Task<Result<wire::Contact>> contact_view(Context& core, ContactEntry entry);
[[nodiscard]] wire::Profile profile_view(const Account& account);

// A line of the room list for this account; both are loaded. Costs one read for the last message.
[[nodiscard]] Task<Result<wire::RoomSummary>> room_summary(Context& core, UserId user, RoomId room);
// Message records this account has not read.
[[nodiscard]] std::uint64_t unread(const Room& room, const RoomEntry& entry, const UserId& user);
// How far it has read: its marker, or its own newest message.
[[nodiscard]] Seq read_up_to(const Room& room, const RoomEntry& entry, const UserId& user);

// Live events to the account's devices, also to those that poll: always of what is on disk, and
// never an older state after a newer one.
[[nodiscard]] Task<void> tell_profile(Context& core, UserId user, SessionId but);
[[nodiscard]] Task<void> tell_contact(Context& core, UserId user, UserId other);
[[nodiscard]] Task<void> tell_room_entry(Context& core, UserId user, RoomId room);
// Of the outbox: what waits there now or was refused, and what does not any more.
[[nodiscard]] Task<void> tell_pending(Context& core, UserId user, std::uint64_t entry,
                                      SessionId but);
[[nodiscard]] Task<void> tell_settled(Context& core, UserId user, std::uint64_t entry);

}  // namespace chatd::core
