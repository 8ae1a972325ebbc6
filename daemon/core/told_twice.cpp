#include "daemon/core/told_twice.hpp"

#include "daemon/base/encoding.hpp"
#include "daemon/base/log.hpp"
#include "daemon/core/follow_checks.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/preview_rows.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core {
namespace {

using wire::Record;

// As the hub says how many there are, and they may be longer here.
constexpr std::size_t kReadRecords = 500;
constexpr std::size_t kReadBytes = 256 * 1024;

// The other half of the proof is kept with the log (keys::proof).
tl::unexpected<Error> disprove(const std::string& hub, const Record& told, const Hash256& known,
                               Seq head, const std::string& proof) {
  if (!proof.empty())
    log::warning("a hub signed two logs of one room", {{"hub", hub},
                                                       {"room", told.room.text()},
                                                       {"record", told.seq},
                                                       {"known_hash", hex(view(known))},
                                                       {"told_hash", hex(view(record_hash(told)))},
                                                       {"signed_head", head},
                                                       {"proof", hex(proof)}});
  return unfit(told.seq, "is another one than the one known");
}

}  // namespace

Task<Status> check_told_twice(Context& core, std::string hub,
                              std::shared_ptr<std::vector<Record>> records, std::string proof) {
  const RoomId id = records->front().room;
  const Seq first = records->front().seq;
  const Room* const room = core.rooms.find(id);
  if (room == nullptr || room->preview || first > room->head()) co_return Status();
  const Seq head = room->head();
  const Hash256 head_hash = room->head_hash();
  const Seq last = std::min(records->back().seq, head);
  const Status durable = co_await core.committer.committed(room->last_ticket);
  if (!durable) co_return durable;
  for (Seq next = first; next <= last;) {
    auto page = co_await read_stored(core, Range{id, next, last, kReadRecords, kReadBytes, false});
    if (!page) co_return fail(std::move(page).error());
    if (page->empty()) co_return fail(Code::internal, "the room's log has a gap here");
    for (const StoredRecord& stored : *page) {
      CHATD_CO_TRY(Record known, wire::decode_stored(id, stored.seq, stored.bytes));
      const Record& told = records->at(stored.seq - first);
      // The hash before is derived from the records before; only at the head it is at hand.
      known.prev_hash = told.prev_hash;
      const Hash256 hash = stored.seq == head ? head_hash : record_hash(known);
      if (hash != record_hash(told))
        co_return disprove(hub, told, hash, records->back().seq, proof);
      next = stored.seq + 1;
    }
  }
  co_return Status();
}

bool may_be_said_before(const Context& core, const Room& room, const Record& record) {
  return is_ours(core, record.sender) && !record.client_msg_id.empty() &&
         room.novelty({record.sender, record.device}, record.client_msg_id).kind !=
             Room::Novelty::Kind::fresh;
}

Draft said_in(const Record& record) {
  Draft said;
  said.room = record.room;
  said.sender = record.sender;
  said.device = record.device;
  said.client_msg_id = record.client_msg_id;
  return said;
}

Task<Status> check_said_once(Context& core, Seq seq, Draft said) {
  auto before = co_await find_said(core, std::move(said));
  if (!before) co_return fail(std::move(before).error());
  if (*before) co_return unfit(seq, "says once more what was said once");
  co_return Status();
}

}  // namespace chatd::core
