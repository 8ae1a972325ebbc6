#include "daemon/base/encoding.hpp"
#include "daemon/base/log.hpp"
#include "daemon/core/follow.hpp"
#include "daemon/core/follow_checks.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/preview_rows.hpp"

#include <algorithm>
#include <utility>

// The log of a room in preview (preview.hpp), from its first record on.
namespace chatd::core {
namespace {

using wire::Record;
using wire::RecordKind;

// The room is what its log says from now on.
void end_preview(Context& core, Room& room, Room& log) {
  const Ticket ticket = drop_preview(core, room);
  const Seq seen = room.durable;
  log.note_reads_of(room);
  room = std::move(log);
  room.durable = std::min(seen, room.head());
  room.last_ticket = std::max(room.last_ticket, ticket);
  core.logs.drop(room.id());
}

// At the record that was shown the log must make what was shown, and at its end the room's head.
bool agrees(const Room& room, const Room& log) {
  const StateClaim& claim = room.preview->claim;
  if (log.head() == claim.seq &&
      (log.head_hash() != claim.head_hash || blake2b_256(log.state()) != claim.state_hash))
    return false;
  return log.head() != room.head() || log.head_hash() == room.head_hash();
}

// The hub has signed both, the state and the log, and they differ: that proves that it lied. Of the
// log every record vouches for the ones before, so that is believed.
tl::unexpected<Error> disprove(const std::string& hub, const RoomId& id, const StateClaim& claim) {
  log::warning("a hub showed a room as its log does not say it was",
               {{"hub", hub},
                {"room", id.text()},
                {"record", claim.seq},
                {"state_hash", hex(view(claim.state_hash))},
                {"signature", hex(claim.signature)}});
  return unfit(claim.seq, "makes another room than the one that was shown");
}

// The preview is over where the log has come up to it, or does not say the same. The log is durable
// by then: readers go over to it at once.
Task<Status> judge(Context& core, RoomId id) {
  const Room* room = core.rooms.find(id);
  const Room* log = core.logs.find(id);
  if (room == nullptr || !room->preview || log == nullptr) co_return Status();
  const bool is_true = agrees(*room, *log);
  if (is_true && log->head() < room->head()) co_return Status();
  const Status durable = co_await core.committer.committed(log->last_ticket);
  if (!durable) co_return durable;
  Room* const seen = core.rooms.find(id);
  Room* const whole = core.logs.find(id);
  if (seen == nullptr || !seen->preview || whole == nullptr)
    co_return fail(Code::unavailable, "the room's state was dropped");
  const StateClaim claim = seen->preview->claim;
  end_preview(core, *seen, *whole);
  if (is_true) co_return Status();
  co_return disprove(seen->hub(), id, claim);
}

// The first record of the log.
Status begin(Context& core, const std::string& hub, Record create) {
  CHATD_CHECK(check_founding(core, hub, create));
  CHATD_TRY(Room log, Room::found(create));
  Room& kept = core.logs.put(create.room, std::make_unique<Room>(std::move(log)));
  kept.last_ticket = core.committer.append(std::move(create), {});
  core.committer.add(Put{keys::room_snapshot(kept.id()), kept.encode()});
  kept.records_since_snapshot = 0;
  return {};
}

Task<Status> take(Context& core, std::string hub, Record record, std::shared_ptr<News> news) {
  const RoomId id = record.room;
  std::vector<Write> erased;
  if (const Room* const log = core.logs.find(id)) {
    CHATD_CO_CHECK(check_next(core, *log, record));
    if (record.kind == RecordKind::redact) {
      const Seq head = log->head();
      const Ticket last = log->last_ticket;
      const Status status = co_await core.committer.committed(last);
      if (!status) co_return status;
      Room* const room = core.rooms.find(id);
      if (room == nullptr || !room->preview) co_return fail(Code::unavailable, "dropped");
      room->preview->log = head;
      auto writes = co_await erased_by(core, id, record.target, last);
      if (!writes) co_return fail(std::move(writes).error());
      erased = *std::move(writes);
    }
  }
  if (const Room* const log = core.logs.find(id)) {
    auto users = concerned(*log, record);
    auto loaded = co_await load_ours(core, std::move(users));
    if (!loaded) co_return loaded;
  }
  CHATD_CO_CHECK(core.committer.accepting());
  Room* const room = core.rooms.find(id);
  Room* log = core.logs.find(id);
  if (room == nullptr || !room->preview || (log == nullptr && record.seq != 1))
    co_return fail(Code::unavailable, "the room's state was dropped");
  std::vector<UserId> ousted;
  if (log == nullptr) {
    CHATD_CO_CHECK(begin(core, hub, record));
  } else {
    ousted = log->ousted_by(record);
    CHATD_CO_CHECK(append_behind(core, *log, record));
  }
  // Who was invited, or no longer, by what the hub did not show.
  take_effect(core, *room, record, ousted, *news);
  for (Write& write : erased) core.committer.add(std::move(write));
  auto status = co_await judge(core, id);
  co_return status;
}

}  // namespace

Task<Status> back_fill(Context& core, std::string hub, RoomId id,
                       std::shared_ptr<std::vector<Record>> records, std::shared_ptr<News> news) {
  auto known = co_await core.logs.load(id);
  if (!known && known.error().code != Code::not_found) co_return fail(std::move(known).error());
  Seq head = known ? (*known)->head() : 0;
  std::size_t taken = 0;
  auto status = co_await judge(core, id);  // where a crash came between
  for (; taken < records->size() && status; ++taken) {
    const Room* const room = core.rooms.find(id);
    if (room == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
    Record& record = records->at(taken);
    if (record.seq <= head) continue;
    if (!room->preview || record.seq != head + 1 || record.seq > room->head()) break;
    status = co_await take(core, hub, std::move(record), news);
    if (status) ++head;
    if (!status || head % kBetweenWaits != 0) continue;
    auto heads = co_await tell_when_durable(core, id, news);
    if (!heads) status = fail(std::move(heads).error());
  }
  records->erase(records->begin(), records->begin() + static_cast<std::ptrdiff_t>(taken));
  co_return status;
}

}  // namespace chatd::core
