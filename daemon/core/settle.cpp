#include "daemon/core/settle.hpp"

#include "daemon/base/utf8.hpp"
#include "daemon/core/account_events.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/seating.hpp"
#include "daemon/wire/encode.hpp"

#include <utility>

namespace chatd::core {
namespace {

using wire::Membership;

// What the hub did not hear of within a week its sender has forgotten.
constexpr TimeMs kExpiresAfter = 7 * 24 * 3600 * TimeMs{1000};
// A device that was not there for so long after a refusal is not told of it any more.
constexpr TimeMs kForgottenAfter = 30 * 24 * 3600 * TimeMs{1000};
constexpr Millis kLookEvery = std::chrono::hours(1);

Task<void> end_refused(Context& core, UserId user, std::uint64_t entry, Error why, bool is_by_hub) {
  if (const auto asker = core.unanswered.take(entry)) {
    core.outbox.erase(user, entry);
    asker->answer(refusal(why.code, why.message));
    co_return;
  }
  const Submission* known = core.outbox.find(user, entry);
  if (known == nullptr) co_return;
  const RoomId room = known->draft.room;
  auto log = co_await core.rooms.load(room);
  if (!log && log.error().code != Code::not_found) co_return;  // it is told again
  const bool is_member = log && (*log)->is_joined(user);
  auto owner = co_await core.users.load(user);
  known = core.outbox.find(user, entry);
  if (!owner || known == nullptr || known->refused) co_return;
  if (!is_by_hub && known->may_be_known) co_return;
  const Submission waiting = *known;
  Submission refused = waiting;
  refused.refused = why.code;
  refused.refusal = first_bytes(why.message, kMaxRefusalBytes);
  std::vector<Write> writes{Put{keys::outbox(entry), refused.encode()}};
  (*owner)->write_pending(writes);
  // One's own leaving was taken as done: now it is not.
  const auto seat = (*owner)->rooms.find(room);
  const bool has_stayed = is_member && says_leaving(refused.draft) && seat != (*owner)->rooms.end();
  if (has_stayed) {
    seat->second.membership = Membership::joined;
    (*owner)->write_room(seat->second, writes);
  }
  // Before it is on disk: what is given up must not be handed in meanwhile.
  core.outbox.put(std::move(refused));
  auto status = co_await commit(core, **owner, std::move(writes));
  if (core.outbox.find(user, entry) == nullptr) co_return;
  if (!status) {
    core.outbox.put(waiting);  // and is refused again
    co_return;
  }
  if (has_stayed) co_await tell_room_entry(core, user, room);
  if (is_shown(core, waiting)) co_await tell_pending(core, user, entry, {});
}

Task<void> expire(Context& core) {
  const TimeMs now = core.clock.wall_ms();
  struct Old {
    UserId user;
    std::uint64_t entry;
    bool is_forgotten;
  };
  const Error timeout{Code::timeout, {}, 0};
  std::vector<Old> old;
  for (const Submission& each : core.outbox.older_than(now - kExpiresAfter)) {
    const bool is_forgotten = each.refused && each.since < now - kForgottenAfter;
    const bool is_given_up = !each.refused && !says_leaving(each.draft);
    if (is_given_up || is_forgotten) old.push_back({each.draft.sender, each.entry, is_forgotten});
  }
  for (const Old& each : old) {
    if (each.is_forgotten) {
      static_cast<void>(co_await settle(core, each.user, each.entry));
    } else {
      co_await end_refused(core, each.user, each.entry, timeout, false);
    }
  }
  core.is_expiring = false;
  expire_later(core);
}

// Whether the hub may have let somebody in who asked for it, and this server does not know it yet.
Task<bool> may_be_in(Context& core, Submission asked) {
  const Draft& draft = asked.draft;
  if (asked.refused || !asked.may_be_known || !says_own(draft, Membership::joined)) co_return false;
  auto room = co_await core.rooms.load(draft.room);
  co_return !room || !(*room)->is_joined(draft.sender);  // a member who says so gives up a role
}

// Its sender hears what one hears who says it again.
Task<void> answer_as_resent(Context& core, Asker asker, std::uint64_t entry) {
  Draft said = core.outbox.find(asker.user, entry)->draft;
  core.outbox.erase(asker.user, entry);
  auto record = co_await find_said(core, std::move(said));
  if (!record)
    asker.answer(fail(std::move(record).error()));
  else if (!*record)
    asker.answer(has_moved());
  else
    asker.answer(**record);
}

Task<Status> leave_instead(Context& core, Caller caller, Submission asked) {
  const RoomId room = asked.draft.room;
  const std::uint64_t entry = asked.entry;
  wire::MemberContent content;
  content.user = caller.user;
  content.membership = Membership::left;
  Draft draft = room_draft(caller, room, wire::RecordKind::member);
  draft = room_draft_elsewhere(core, std::move(draft), wire::to_json(content));
  Beside beside = [room, entry](User& own, std::vector<Write>& out) {
    out.push_back(Delete{keys::outbox(entry)});
    unseat(own, room, out);
  };
  const UserId user = caller.user;
  auto left = co_await hand_in(core, std::move(caller), std::move(asked.hub), std::move(draft),
                               std::move(beside));
  if (!left) co_return fail(std::move(left).error());
  core.outbox.erase(user, entry);
  co_await tell_settled(core, user, entry);
  co_await tell_room_entry(core, user, room);
  co_return Status();
}

}  // namespace

Task<Status> settle(Context& core, UserId user, std::uint64_t entry) {
  auto owner = co_await core.users.load(user);
  if (!owner) co_return fail(std::move(owner).error());
  if (auto asker = core.unanswered.take(entry)) {
    co_await answer_as_resent(core, *std::move(asker), entry);
    co_return Status();
  }
  const Submission* const known = core.outbox.find(user, entry);
  if (known == nullptr) co_return Status();
  const Submission settled = *known;
  // What is given up before it was handed in must not be handed in meanwhile.
  if (!settled.may_be_known) core.outbox.erase(user, entry);
  std::vector<Write> writes{Delete{keys::outbox(entry)}};
  (*owner)->write_pending(writes);
  auto status = co_await commit(core, **owner, std::move(writes));
  if (!status && !settled.may_be_known) {
    core.outbox.put(settled);
    core.peers->redirected(settled.hub);
  }
  if (!status) co_return status;
  core.outbox.erase(user, entry);
  if (is_shown(core, settled)) co_await tell_settled(core, user, entry);
  co_return status;
}

Task<void> refuse(Context& core, UserId user, std::uint64_t entry, Error why) {
  const Submission* const known = core.outbox.find(user, entry);
  // Who is not in the room any more has what they wanted.
  if (known != nullptr && why.code == Code::not_found && says_leaving(known->draft)) {
    static_cast<void>(co_await settle(core, user, entry));
    co_return;
  }
  co_await end_refused(core, user, entry, std::move(why), true);
}

Task<Status> take_back(Context& core, Caller caller, std::uint64_t entry) {
  const Submission* known = core.outbox.find(caller.user, entry);
  if (known == nullptr || !is_shown(core, *known))
    co_return fail(Code::not_found, "nothing of that number is pending");
  if (known->accepted != 0)
    co_return fail(Code::conflict, "the room's server has taken it: it is about to come");
  if (!known->refused && says_leaving(known->draft))
    co_return fail(Code::conflict, "who has left comes back by joining");
  auto is_in = co_await may_be_in(core, *known);
  known = core.outbox.find(caller.user, entry);
  if (is_in && known != nullptr) {
    auto left = co_await leave_instead(core, std::move(caller), *known);
    co_return left;
  }
  auto status = co_await settle(core, caller.user, entry);
  co_return status;
}

void expire_later(Context& core) {
  if (core.is_expiring || core.outbox.size() == 0) return;
  core.is_expiring = true;
  core.timers.after(kLookEvery, [&core] { core.tasks.spawn(expire(core)); });
}

}  // namespace chatd::core
