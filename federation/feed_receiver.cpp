#include "federation/feed_receiver.hpp"

#include "daemon/base/log.hpp"
#include "federation/limits.hpp"
#include "federation/origin.hpp"

#include <algorithm>
#include <utility>

namespace chatd::federation {
namespace {

using wire::Record;

// What was asked for is asked for again only after so long.
constexpr Millis kAskAgainAfter = std::chrono::seconds(10);

std::size_t size_of(const Feed& feed) {
  std::size_t bytes = 0;
  for (const std::string& stored : feed.stored) bytes += stored.size();
  return bytes;
}

}  // namespace

void FeedReceiver::take(Feed frame) {
  const RoomId id = frame.room;
  if (conflicts_.contains(id)) return channel_.refuse(Fault::conflict);
  Room& room = rooms_[id];
  // The hub keeps to its window, and to one page more.
  if (room.bytes > kRoomWindowBytes + kMaxLinkFrameBytes || rooms_.size() > kMaxOddRooms)
    return channel_.refuse_and_end(Fault::flood, "more is sent of a room than may be on its way");
  room.bytes += size_of(frame);
  room.waiting.push_back(std::move(frame));
  go_on(id);
}

void FeedReceiver::go_on(const RoomId& id) {
  const auto found = rooms_.find(id);
  if (found == rooms_.end() || channel_.is_over() || is_looking_for_key_) return;
  Room& room = found->second;
  if (room.is_busy) return;
  if (room.waiting.empty()) {
    if (room.asked == Monotonic() && room.ask_at == Monotonic()) rooms_.erase(found);
    return;
  }
  auto records = read(room.waiting.front());
  if (!records) return;
  room.bytes -= size_of(room.waiting.front());
  room.waiting.pop_front();
  room.is_busy = true;
  const Seq first = records->front().seq;
  const Seq last = records->back().seq;
  channel_.counters().records_received += records->size();
  env_.service.follow(hub_, *std::move(records),
                      lifeline_.guard([this, id, first, last](const Result<Seq>& head) {
                        followed(id, first, last, head);
                      }));
}

std::optional<std::vector<Record>> FeedReceiver::read(const Feed& feed) {
  std::vector<Record> records;
  records.reserve(feed.stored.size());
  Hash256 hash = feed.prev_hash;
  for (const std::string& stored : feed.stored) {
    auto record = wire::decode_stored(feed.room, feed.first + records.size(), stored);
    if (!record) {
      channel_.refuse_and_end(Fault::malformed, record.error().message);
      return std::nullopt;
    }
    record->prev_hash = hash;
    hash = record_hash(*record);
    if (!is_signed_by_origin(*record)) {
      channel_.refuse_and_end(Fault::wrong_signature, "a record is not signed by its origin");
      return std::nullopt;
    }
    records.push_back(*std::move(record));
  }
  if (feed.head && !is_signed_by_hub(feed, records.back())) return std::nullopt;
  return records;
}

bool FeedReceiver::is_signed_by_hub(const Feed& feed, const Record& last) {
  using Judgement = Documents::Judgement;
  const RoomHead head{feed.room, last.term, last.seq, record_hash(last)};
  const Judgement judgement = env_.documents.judge(hub_, *feed.head, Purpose::head, form(head));
  if (judgement == Judgement::good) {
    has_looked_for_key_ = false;
    return true;
  }
  if (judgement == Judgement::bad || has_looked_for_key_) {
    channel_.refuse_and_end(Fault::wrong_signature, "the head of a room is not signed by its hub");
    return false;
  }
  is_looking_for_key_ = true;
  env_.documents.refresh(hub_, lifeline_.guard([this](const auto&) {
    is_looking_for_key_ = false;
    has_looked_for_key_ = true;
    tick();
  }));
  return false;
}

// As far as its keys are known: a key that signed long ago may stand in no document any more.
bool FeedReceiver::is_signed_by_origin(const Record& record) const {
  if (record.origin == hub_) return record.origin_signature.empty();
  if (record.origin_signature.empty()) return false;
  ByteReader in(record.origin_signature);
  const auto signature = read_signature(in);
  if (!signature) return false;
  const PublicKey* key = nullptr;
  if (record.origin == env_.identity.server()) {
    key = env_.identity.find(signature->key);
    if (key == nullptr) return false;  // none of ours ever: nobody here said this
  } else if (const auto* const known = env_.documents.find(record.origin)) {
    const SigningKey* const named = known->document.find(signature->key);
    if (named != nullptr) key = &named->key;
  }
  return key == nullptr ||
         is_signed(*signature, *key, Purpose::record, record.origin, origin_form(record));
}

void FeedReceiver::followed(const RoomId& id, Seq first, Seq last, const Result<Seq>& head) {
  Room& room = rooms_[id];
  room.is_busy = false;
  if (head) {
    if (*head > 0) acks_[id] = std::max(acks_[id], *head);
    if (*head >= last) {
      room.asked = room.ask_at = {};
    } else {
      ask(id, room, *head + 1, last);
    }
  } else if (head.error().code == Code::forbidden || head.error().code == Code::denied) {
    channel_.refuse(Fault::unwanted);
    tell_failure(id, Code::forbidden);
  } else if (head.error().code == Code::conflict) {
    channel_.refuse(Fault::conflict);
    conflicts_.insert(id);
    room.waiting.clear();
    room.bytes = 0;
    log::warning("the log of a room is not the one known here",
                 {{"server", hub_}, {"room", id.text()}, {"why", head.error().message}});
    tell_failure(id, Code::conflict);
  } else {
    room.ask_at = env_.clock.now() + kRetryAfter;
    room.ask_for = room.ask_for == 0 ? first : std::min(room.ask_for, first);
  }
  go_on(id);
}

void FeedReceiver::ask(const RoomId& id, Room& room, Seq first, Seq last) {
  const Monotonic now = env_.clock.now();
  if (room.asked != Monotonic() && now - room.asked < kAskAgainAfter) return;
  room.asked = now;
  channel_.send(RangeRequest{id, first, last});
}

void FeedReceiver::tell_failure(const RoomId& id, Code code) {
  channel_.send(Failure{static_cast<std::uint64_t>(FrameKind::feed), id, code, 0});
}

void FeedReceiver::flush() {
  for (const auto& [room, seq] : std::exchange(acks_, {})) channel_.send(Ack{room, seq});
}

void FeedReceiver::tick() {
  std::vector<RoomId> waiting;
  for (auto& [id, room] : rooms_) {
    if (room.ask_at != Monotonic() && env_.clock.now() >= room.ask_at) {
      room.ask_at = {};
      ask(id, room, room.ask_for, room.ask_for);
      room.ask_for = 0;
    }
    waiting.push_back(id);
  }
  for (const RoomId& id : waiting) go_on(id);
}

}  // namespace chatd::federation
