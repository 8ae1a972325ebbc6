#include "daemon/core/account_events.hpp"
#include "daemon/core/contact_rows.hpp"
#include "daemon/core/context.hpp"
#include "daemon/core/follow.hpp"
#include "daemon/core/peer_service.hpp"
#include "daemon/core/room_list.hpp"

#include <algorithm>
#include <utility>

// What other servers say about our users: that they are invited to a room there, or no longer.
// Nothing comes back from it: not whether there is such an account, nor what it thinks of it. And
// what the hub of a room that was left says about a message there.
namespace chatd::core {
namespace {

using wire::Membership;

// Invitations of other servers that wait for one account's answer; more are not taken.
constexpr std::ptrdiff_t kMaxRequests = 200;

bool is_welcome(const Context& core, const User& user, const Notice& notice) {
  const auto requests = std::count_if(user.rooms.begin(), user.rooms.end(), [](const auto& room) {
    return room.second.membership == Membership::invited && !room.second.hub.empty();
  });
  return user.account.is_enabled && !user.blocks(notice.by) && !is_ours(core, notice.by) &&
         !notice.by.empty() && requests < kMaxRequests &&
         user.live_rooms() < core.settings.max_rooms;
}

// Whether the account's entry changes with it; `entry` is there or made anew.
bool change(const Context& core, const std::string& hub, const User& user, const Notice& notice,
            RoomEntry& entry) {
  const TimeMs now = core.clock.wall_ms();
  const bool is_request = entry.membership == Membership::invited && entry.hub == hub;
  if (notice.membership != Membership::invited) {
    if (!is_request) return false;
    entry.membership = Membership::left;
    entry.invited_by = {};
    return true;
  }
  if (entry.membership == Membership::joined || (is_request && is_live(entry, now))) return false;
  if (!is_welcome(core, user, notice)) return false;
  entry.room = notice.room;
  entry.membership = Membership::invited;
  entry.invited_by = notice.by;
  entry.hub = hub;
  entry.since = now;
  return true;
}

// What comes before it is not here yet: the hub will tell it again.
tl::unexpected<Error> not_yet() {
  return fail(Code::unavailable, "the room's log is not here up to that record");
}

// A room that is left is as its log says it was, and nothing is said there any more; but for this.
Task<Status> erase(Context& core, std::string hub, Notice notice) {
  const auto turn = co_await core.turns.enter(std::string(notice.room.bytes()));
  auto room = co_await core.rooms.load(notice.room);
  if (!room && room.error().code != Code::not_found) co_return fail(std::move(room).error());
  // Of what is still on its way nobody knows whether it was erased when it was sent.
  if (!room && core.outbox.awaits_room(hub, notice.room)) co_return not_yet();
  if (!room || (*room)->hub() != hub) co_return Status();
  const bool is_followed = (*room)->has_joined_from(core.settings.server_name);
  const auto& preview = (*room)->preview;
  const bool is_coming = preview && !preview->has(notice.erased);
  if (is_coming || (is_followed && notice.erased > (*room)->head())) co_return not_yet();
  auto writes = co_await erased_by(core, notice.room, notice.erased, (*room)->last_ticket);
  if (!writes) co_return fail(std::move(writes).error());
  CHATD_CO_CHECK(core.committer.accepting());
  Ticket last = core.committer.completed();
  for (Write& write : *writes) last = core.committer.add(std::move(write));
  auto status = co_await core.committer.committed(last);
  core.recent.forget(notice.room);
  co_return status;
}

Task<Status> take(Context& core, std::string hub, Notice notice) {
  if (notice.erased != 0) {
    auto status = co_await erase(core, std::move(hub), std::move(notice));
    co_return status;
  }
  if (notice.room.empty()) {
    if (notice.by.server() != hub) co_return Status();  // it speaks for its own users alone
    auto status = co_await take_contact_notice(core, std::move(notice));
    co_return status;
  }
  // In the order in which they came, and not between the records of a batch.
  const auto turn = co_await core.turns.enter(std::string(notice.room.bytes()));
  auto room = co_await core.rooms.load(notice.room);
  if (!room && room.error().code != Code::not_found) co_return fail(std::move(room).error());
  // Of a room that is followed only its hub speaks, and its log has said what it says. One that was
  // followed once may have moved since.
  const bool is_followed = room && (*room)->has_joined_from(core.settings.server_name);
  if (room && (*room)->head() >= notice.seq) co_return Status();
  if (is_followed && (*room)->hub() != hub) co_return Status();
  if (is_followed) co_return not_yet();
  // Somebody here is about to enter, or to decline: then the log begins, or this is old.
  if (core.outbox.awaits_room(hub, notice.room)) co_return not_yet();
  auto user = co_await core.users.load(notice.user);
  if (!user && user.error().code == Code::not_found) co_return Status();
  if (!user) co_return fail(std::move(user).error());
  CHATD_CO_CHECK(core.committer.accepting());
  const RoomEntry* const before = (*user)->room(notice.room);
  const bool had_other_hub = before != nullptr && !before->hub.empty() && before->hub != hub;
  if (had_other_hub && core.outbox.awaits_room(before->hub, notice.room)) co_return not_yet();
  RoomEntry entry = before == nullptr ? RoomEntry{} : *before;
  if (before == nullptr) entry.membership = Membership::none;
  if (!change(core, hub, **user, notice, entry)) co_return Status();
  RoomEntry& kept = (*user)->rooms[notice.room] = std::move(entry);
  std::vector<Write> writes;
  (*user)->write_room(kept, writes);
  auto status = co_await commit(core, **user, std::move(writes));
  if (!status) co_return status;
  co_await tell_room_entry(core, notice.user, notice.room);
  co_return Status();
}

Task<void> take_and_answer(Context& core, std::string hub, Notice notice,
                           std::function<void(Status)> done) {
  auto status = co_await take(core, std::move(hub), std::move(notice));
  done(std::move(status));
}

}  // namespace

void PeerService::take_notice(std::string hub, Notice notice, std::function<void(Status)> done) {
  core_.tasks.spawn(take_and_answer(core_, std::move(hub), std::move(notice), std::move(done)));
}

}  // namespace chatd::core
