#pragma once

#include "daemon/core/context.hpp"
#include "daemon/wire/methods/message.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// What our users say in rooms whose hub is another server: durable in the outbox, and pending for
// them until that server has answered.
namespace chatd::core {

// Takes it into the outbox and wakes the hub; a resend gets the first one's answer. The sender is
// an account of ours, the room and what is said were checked as far as that can be done here, and
// that this server federates with the hub. What `beside` changes of the sender's account is
// committed together with it.
using Beside = std::function<void(User& sender, std::vector<Write>& out)>;
[[nodiscard]] Task<Result<wire::SendAnswer>> hand_in(Context& core, Caller caller, std::string hub,
                                                     Draft draft, Beside beside);

// An id for what has none from a client, as the hub must know a resend; its device is none.
[[nodiscard]] ClientMsgId new_msg_id(Context& core);

// As the sender's devices see it. Founding a 1:1 room is no news to anybody.
[[nodiscard]] wire::Pending pending_view(const Submission& submission);
[[nodiscard]] inline bool is_shown(const Submission& submission) {
  return submission.draft.kind != wire::RecordKind::create;
}

// Whether this account is about to leave this room: the hub does not know yet.
[[nodiscard]] bool is_leaving(const Context& core, const UserId& user, const RoomId& room);

// It became a record, or is given up by its sender: gone for good, and its devices are told.
[[nodiscard]] Task<Status> settle(Context& core, UserId user, std::uint64_t entry);
// It will be no record.
[[nodiscard]] Task<void> refuse(Context& core, UserId user, std::uint64_t entry, Code why);

// Reads the outbox; at the start.
[[nodiscard]] Task<Status> load_outbox(Context& core);

}  // namespace chatd::core
