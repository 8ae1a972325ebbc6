#pragma once

#include "daemon/core/context.hpp"
#include "daemon/wire/methods/message.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// What our users say in rooms whose hub is another server. Where that answers at once, the answer
// is theirs; else it is durable in the outbox, and pending for them until that server has answered.
namespace chatd::core {

// Between a check and what it was for, the room has moved, from here or to here: nothing happened,
// and the next try goes where it is now.
[[nodiscard]] tl::unexpected<Error> has_moved();

// Takes it into the outbox and wakes the hub. The sender is an account of ours; it is no resend,
// the room and what is said were checked as far as that can be done here, and that this server
// federates with the hub. What `beside` changes of the sender's account is committed together with
// it.
using Beside = std::function<void(User& sender, std::vector<Write>& out)>;
[[nodiscard]] Task<Result<wire::SendAnswer>> hand_in(Context& core, Caller caller, std::string hub,
                                                     Draft draft, Beside beside);

// The same of a message: while there is a link with the hub, its sender waits for what that says,
// but not for long. `turn` is let go as soon as what is said next may follow it.
[[nodiscard]] Task<Result<wire::SendAnswer>> say_at_hub(Context& core, Caller caller,
                                                        std::string hub, Draft draft,
                                                        Turns::Pass turn);
// Writes down what its sender is still unanswered about, who hears that it is pending. Nothing
// happens where that was answered.
[[nodiscard]] Task<void> keep(Context& core, std::uint64_t entry);
// The same of all that waits for this hub.
void keep_all(Context& core, const std::string& hub);

// The answer to a draft that was taken before: it waits, was refused (that is the error), or is a
// record here.
[[nodiscard]] Task<Result<std::optional<wire::SendAnswer>>> find_handed_in(Context& core,
                                                                           Draft draft);

// An id for what has none from a client, as the hub must know a resend; its device is none.
[[nodiscard]] ClientMsgId new_msg_id(Context& core);

// As the sender's devices see it. Founding a 1:1 room is no news to anybody, nor is what is not
// written down.
[[nodiscard]] wire::Pending pending_view(const Submission& submission);
[[nodiscard]] inline bool is_shown(const Context& core, const Submission& submission) {
  return submission.draft.kind != wire::RecordKind::create &&
         core.unanswered.find(submission.entry) == nullptr;
}

// The hub's no, as its sender hears it.
[[nodiscard]] tl::unexpected<Error> refusal(Code code, const std::string& why);

// Whether this is how its sender changes their own membership.
[[nodiscard]] bool says_own(const Draft& draft, wire::Membership membership);
[[nodiscard]] inline bool says_leaving(const Draft& draft) {
  return says_own(draft, wire::Membership::left);
}
// Whether this account is about to leave this room: the hub has not said so up to this record.
[[nodiscard]] bool is_leaving(const Context& core, const UserId& user, const RoomId& room,
                              Seq as_of);

// Reads the outbox; at the start.
[[nodiscard]] Task<Status> load_outbox(Context& core);

}  // namespace chatd::core
