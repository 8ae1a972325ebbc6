#include "daemon/core/hub_move.hpp"

#include "daemon/base/log.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/peer_service.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/preview_rows.hpp"
#include "daemon/core/settle.hpp"
#include "daemon/core/shares.hpp"
#include "daemon/core/submit.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace chatd::core {
namespace {

// A follower that has not all of the room yet gets it within seconds, since nothing is added
// meanwhile; so long the room takes nothing new.
constexpr int kTries = 10;
constexpr Millis kTryAgain = std::chrono::seconds(1);
constexpr Millis kHandInAgain = std::chrono::seconds(1);

// While it lives, the room's log does not grow.
class Standstill {
 public:
  Standstill(Context& core, const RoomId& room)
      : core_(core), place_(core.standing_still.insert(room)) {}
  Standstill(const Standstill&) = delete;
  Standstill& operator=(const Standstill&) = delete;
  ~Standstill() { core_.standing_still.erase(place_); }

 private:
  Context& core_;
  const std::multiset<RoomId>::iterator place_;
};

Status check_move(const Context& core, const Room& room, const std::string& to) {
  if (room.is_direct())
    return fail(Code::conflict,
                "the hub of a 1:1 room follows from its two members: it can't move");
  if (is_elsewhere(core, room))
    return fail(Code::conflict,
                fmt::format("{} is the room's hub: its admin can move it", room.hub()));
  if (to == room.hub()) return fail(Code::conflict, "this server is the room's hub already");
  if (!room.has_joined_from(to))
    return fail(Code::conflict, fmt::format("nobody of {} is in the room", to));
  return core.recovery.admits(room, core.clock.now());
}

// Until it has all of the room.
Task<Status> ask_to_take_over(Context& core, RoomId id, std::string to) {
  Status status;
  for (int i = 0; i < kTries; ++i) {
    auto room = co_await settled_room(core, core.rooms, id);
    if (!room) co_return fail(std::move(room).error());
    CHATD_CO_CHECK(check_move(core, **room, to));
    const SharedRoom head = shared_end(core, **room);
    status =
        co_await call<Status>([&](auto done) { core.peers->hand_over(to, head, std::move(done)); });
    if (status || status.error().code != Code::timeout) co_return status;
    co_await core.timers.sleep(kTryAgain);
  }
  co_return status;
}

// One by one; of a room that can't take any now all wait.
Task<void> hand_in_all(Context& core) {
  const std::string own = core.settings.server_name;
  std::set<RoomId> held;
  while (!core.outbox.of_hub(own).empty()) {
    const auto& waiting = core.outbox.of_hub(own);
    const auto next = std::find_if(waiting.begin(), waiting.end(), [&](const auto& each) {
      return !held.contains(each.second.draft.room);
    });
    if (next == waiting.end()) {
      held.clear();
      co_await core.timers.sleep(kHandInAgain);
      continue;
    }
    const std::uint64_t entry = next->first;
    Draft draft = next->second.draft;
    const UserId sender = draft.sender;
    const RoomId room = draft.room;
    draft.origin = own;
    auto said = co_await take_draft(core, own, std::move(draft));
    if (said)
      static_cast<void>(co_await settle(core, sender, entry));
    else if (!is_worth_retrying(said.error().code))
      co_await refuse(core, sender, entry, said.error());
    if (core.outbox.of_hub(own).contains(entry)) held.insert(room);
  }
  core.is_handing_in = false;
}

Task<Status> check_take_over(Context& core, std::string hub, SharedRoom head) {
  auto known = co_await settled_room(core, core.rooms, head.room);
  if (!known && known.error().code == Code::not_found)
    co_return fail(Code::conflict, "the room is not here");
  if (!known) co_return fail(std::move(known).error());
  const Room& room = **known;
  if (room.hub() != hub || room.is_direct())
    co_return fail(Code::conflict, "the room's hub, as it is known here, is another one");
  if (!room.has_joined_from(core.settings.server_name))
    co_return fail(Code::conflict, "nobody here is in the room");
  if (room.occupancy() > core.settings.room_member_limit)
    co_return fail(Code::limit_reached, "the room has more members than this server wants in one");
  const bool has_all = !room.preview && room.head_term() == head.term && room.head() == head.head;
  if (!has_all) co_return fail(Code::timeout, "the newest records are not here yet");
  if (room.head_hash() != head.head_hash)
    co_return fail(Code::conflict, "the room's log is another one here");
  co_return Status();
}

Task<void> check_and_answer(Context& core, std::string hub, SharedRoom head,
                            std::function<void(Status)> done) {
  auto status = co_await check_take_over(core, std::move(hub), head);
  done(std::move(status));
}

void hand_in_at(Context& core, const std::string& hub) {
  if (hub == core.settings.server_name)
    hand_in_here(core);
  else
    core.peers->redirected(hub);
}

// What could not be written down waits for the old hub, as it does on the disk.
void put_back(Context& core, const UserId& user, std::uint64_t entry, const std::string& hub) {
  const Submission* const known = core.outbox.find(user, entry);
  if (known == nullptr || known->refused) return;
  Submission waiting = *known;
  waiting.hub = hub;
  core.outbox.put(std::move(waiting));
}

// Of a room whose log is not here.
Task<void> redirect_unknown(Context& core, RoomId room, std::string from, std::string to) {
  std::vector<std::pair<UserId, std::uint64_t>> waiting;
  for (const auto& [entry, each] : core.outbox.of_hub(from))
    if (each.draft.room == room) waiting.emplace_back(each.draft.sender, entry);
  Status status;
  for (const auto& [user, entry] : waiting) {
    co_await keep(core, entry);
    auto owner = co_await core.users.load(user);
    if (!owner) status = fail(std::move(owner).error());
    if (!status) break;
    const Submission* const known = core.outbox.find(user, entry);
    if (known == nullptr || known->hub != from || known->refused) continue;
    Submission moved = *known;
    moved.hub = to;
    std::vector<Write> writes{Put{keys::outbox(entry), moved.encode()}};
    const auto invited = (*owner)->rooms.find(room);
    if (invited != (*owner)->rooms.end() && invited->second.hub == from) {
      invited->second.hub = to;
      (*owner)->write_room(invited->second, writes);
    }
    core.outbox.put(std::move(moved));
    status = co_await commit(core, **owner, std::move(writes));
    if (!status) put_back(core, user, entry, from);
  }
  if (!waiting.empty()) hand_in_at(core, to);
  if (!status) hand_in_at(core, from);  // which says once more where the room is
}

// What the log says goes before what a server says.
Task<void> redirect_as_told(Context& core, std::string from, RoomId id, std::string to) {
  auto room = co_await core.rooms.load(id);
  if (!room && room.error().code != Code::not_found) co_return;
  if (room && knows_hub(core, **room)) {
    redirect(core, **room, from);
    co_return;
  }
  const Status admitted = core.peers->admits(to);
  if (!admitted) {
    log::warning("a room has moved to a server that is not spoken with",
                 {{"room", id.text()}, {"hub", to}, {"why", admitted.error().message}});
    co_return;
  }
  co_await redirect_unknown(core, id, std::move(from), std::move(to));
}

}  // namespace

Task<Result<Seq>> move_hub(Context& core, RoomId id, std::string to) {
  const auto turn = co_await core.turns.enter(std::string(id.bytes()));
  const Standstill standstill(core, id);
  auto agreed = co_await ask_to_take_over(core, id, to);
  // To be tried again, but by people: they want words.
  if (!agreed && is_worth_retrying(agreed.error().code))
    co_return fail(Code::conflict, std::move(agreed).error().message);
  if (!agreed) co_return fail(std::move(agreed).error());
  Room* const room = core.rooms.find(id);
  if (room == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  CHATD_CO_CHECK(check_move(core, *room, to));
  CHATD_CO_CHECK(core.committer.accepting());
  Draft draft;
  draft.room = id;
  draft.kind = wire::RecordKind::hub_move;
  draft.content = wire::to_json(wire::HubMoveContent{to, room->term() + 1});
  const Ticket ticket = number(core, *room, std::move(draft), {});
  redirect(core, *room, core.settings.server_name);
  const Seq seq = room->head();
  const Status durable = co_await core.committer.committed(ticket);
  if (!durable) co_return fail(durable.error());
  log::info("a room has another hub now", {{"room", id.text()}, {"hub", to}});
  co_return seq;
}

bool knows_hub(const Context& core, const Room& room) {
  return !is_elsewhere(core, room) || room.has_joined_from(core.settings.server_name);
}

void redirect(Context& core, const Room& room, const std::string& from) {
  if (room.hub() == from) return;
  std::vector<Submission> moved;
  for (const auto& [entry, each] : core.outbox.of_hub(from))
    if (each.draft.room == room.id()) moved.push_back(each);
  for (Submission& each : moved) {
    const std::uint64_t entry = each.entry;
    const bool is_kept = core.unanswered.find(entry) == nullptr;
    each.hub = room.hub();
    if (is_kept) core.committer.add(Put{keys::outbox(entry), each.encode()});
    core.outbox.put(std::move(each));
    if (!is_kept) core.tasks.spawn(keep(core, entry));
  }
  if (!moved.empty()) hand_in_at(core, room.hub());
}

Task<Result<std::vector<Notice>>> told_anew(Context& core, const Room& room,
                                            const wire::Record& move) {
  std::vector<Notice> notices;
  CHATD_CO_TRY(const wire::HubMoveContent content, wire::decode_hub_move(move.content));
  if (content.to != core.settings.server_name) co_return notices;
  for (const auto& [user, state] : room.members())
    if (state.membership == wire::Membership::invited && !room.has_joined_from(user.server()))
      notices.push_back({room.id(), state.since_seq, user, state.membership, {}, state.since});
  const Status durable = co_await core.committer.committed(room.last_ticket);
  if (!durable) co_return fail(durable.error());
  for (Notice& notice : notices) {
    auto record = co_await read_record(core, notice.room, notice.seq);
    if (!record) co_return fail(std::move(record).error());
    notice.by = record->sender;
  }
  co_return notices;
}

void hand_in_here(Context& core) {
  if (core.outbox.of_hub(core.settings.server_name).empty()) return;
  if (std::exchange(core.is_handing_in, true)) return;
  core.tasks.spawn(hand_in_all(core));
}

void PeerService::may_take_over(std::string hub, SharedRoom head,
                                std::function<void(Status)> done) {
  core_.tasks.spawn(check_and_answer(core_, std::move(hub), head, std::move(done)));
}

void PeerService::moved(std::string from, RoomId room, std::string to) {
  core_.tasks.spawn(redirect_as_told(core_, std::move(from), room, std::move(to)));
}

std::string PeerService::moved_to(const RoomId& id) const {
  const Room* const room = core_.rooms.find(id);
  return room != nullptr && is_elsewhere(core_, *room) ? room->hub() : std::string();
}

}  // namespace chatd::core
