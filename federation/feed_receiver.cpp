#include "federation/feed_receiver.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/overloaded.hpp"
#include "federation/limits.hpp"
#include "federation/origin.hpp"

#include <algorithm>
#include <utility>

namespace chatd::federation {
namespace {

using wire::Record;

// What was asked for is asked for again only after so long.
constexpr Millis kAskAgainAfter = std::chrono::seconds(10);
// Who may be the hub by now, and is not known to be, unless the log comes to say so before.
constexpr Millis kAskNewHubAfter = std::chrono::minutes(1);

std::size_t size_of(const std::vector<std::string>& records) {
  std::size_t bytes = 0;
  for (const std::string& stored : records) bytes += stored.size();
  return bytes;
}
std::size_t size_of(const std::variant<Feed, PreviewFrame>& frame) {
  return std::visit(overloaded{[](const Feed& feed) { return size_of(feed.stored); },
                               [](const PreviewFrame& shown) {
                                 const core::ShownPreview& preview = shown.preview;
                                 return preview.state.size() + preview.create.size() +
                                        size_of(preview.newest);
                               }},
                    frame);
}

}  // namespace

void FeedReceiver::queue(RoomId id, std::variant<Feed, PreviewFrame> frame) {
  if (conflicts_.contains(id)) return channel_.refuse(Fault::conflict);
  Room& room = rooms_[id];
  // The hub keeps to its windows, of the log and ahead of it, and to one page more.
  if (room.bytes > 2 * kRoomWindowBytes + kMaxLinkFrameBytes || rooms_.size() > kMaxOddRooms)
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
  Step step =
      std::visit([this](const auto& frame) { return step_of(frame); }, room.waiting.front());
  if (!step) return;
  room.bytes -= size_of(room.waiting.front());
  room.waiting.pop_front();
  room.is_busy = true;
  step();
}

FeedReceiver::Step FeedReceiver::step_of(const Feed& feed) {
  Hash256 hash = feed.prev_hash;
  auto records = read(feed.room, feed.first, hash, feed.stored);
  if (!records) return {};
  const Record& newest = records->back();
  const RoomHead head{feed.room, newest.term, newest.seq, hash};
  if (feed.head && !is_signed_by_hub(*feed.head, Purpose::head, form(head))) return {};
  const auto done = [this, id = feed.room, first = feed.first, last = newest.seq](
                        const Result<core::Followed>& heads) { followed(id, first, last, heads); };
  return [this, done, proof = proof_of(feed, head), records = *std::move(records)]() mutable {
    channel_.counters().records_received += records.size();
    env_.service.follow(hub_, std::move(records), std::move(proof), lifeline_.guard(done));
  };
}

FeedReceiver::Step FeedReceiver::step_of(const PreviewFrame& frame) {
  const core::ShownPreview& preview = frame.preview;
  core::GivenPreview given{preview.state, {}, {}, bytes_of(frame.signature)};
  auto create = wire::decode_stored(preview.room, 1, preview.create);
  if (!create) {
    channel_.refuse_and_end(Fault::malformed, create.error().message);
    return {};
  }
  given.create = *std::move(create);
  Hash256 hash = preview.prev_hash;
  auto newest = read(preview.room, preview.first, hash, preview.newest);
  if (!newest) return {};
  given.newest = *std::move(newest);
  if (!is_signed_by_hub(frame.signature, Purpose::state, view(blake2b_256(preview.state))))
    return {};
  const auto done = [this, id = preview.room](const Result<core::Followed>& heads) {
    shown(id, heads);
  };
  return [this, done, given = std::move(given)]() mutable {
    channel_.counters().records_received += given.newest.size();
    env_.service.take_preview(hub_, std::move(given), lifeline_.guard(done));
  };
}

std::optional<std::vector<Record>> FeedReceiver::read(const RoomId& room, Seq first, Hash256& hash,
                                                      const std::vector<std::string>& stored) {
  std::vector<Record> records;
  records.reserve(stored.size());
  for (const std::string& bytes : stored) {
    auto record = wire::decode_stored(room, first + records.size(), bytes);
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
  return records;
}

bool FeedReceiver::is_signed_by_hub(const BatchSignature& signature, Purpose purpose,
                                    std::string_view form) {
  using Judgement = Documents::Judgement;
  const Judgement judgement = env_.documents.judge(hub_, signature, purpose, form);
  if (judgement == Judgement::good) {
    has_looked_for_key_ = false;
    return true;
  }
  if (judgement == Judgement::bad || has_looked_for_key_) {
    channel_.refuse_and_end(Fault::wrong_signature, "a room is not signed by its hub");
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

std::string FeedReceiver::proof_of(const Feed& feed, const RoomHead& head) const {
  const auto* const known = env_.documents.find(hub_);
  if (!feed.head || known == nullptr) return {};
  const SigningKey* const key = known->document.find(feed.head->root.key);
  if (key == nullptr) return {};
  return encode(Proof{head, *feed.head, *key});
}

// As far as its keys are known: a key that signed long ago may stand in no document any more.
bool FeedReceiver::is_signed_by_origin(const Record& record) const {
  if (record.origin_signature.empty()) return true;  // the core knows whose rooms it was
  ByteReader in(record.origin_signature);
  const auto signature = read_batch_signature(in, kMaxRecordPath);
  if (!signature || !in.empty()) return false;
  const PublicKey* key = nullptr;
  if (record.origin == env_.identity.server()) {
    key = env_.identity.find(signature->root.key);
    if (key == nullptr) return false;  // none of ours ever: nobody here said this
  } else if (const auto* const known = env_.documents.find(record.origin)) {
    const SigningKey* const named = known->document.find(signature->root.key);
    if (named != nullptr) key = &named->key;
  }
  return key == nullptr || env_.signatures.is_signed(*signature, *key, Purpose::record,
                                                     record.origin, origin_form(record));
}

void FeedReceiver::note(const RoomId& id, const core::Followed& heads, Seq last) {
  if (heads.log > 0) acks_[id] = std::max(acks_[id], heads.log);
  if (heads.ahead != 0 && last >= heads.ahead)
    aheads_[id] = {id, heads.ahead_term, heads.ahead, heads.ahead_hash};
}

void FeedReceiver::shown(const RoomId& id, const Result<core::Followed>& heads) {
  rooms_[id].is_busy = false;
  if (heads) {
    note(id, *heads, heads->ahead);
  } else if (heads.error().code == Code::forbidden) {
    channel_.refuse(Fault::unwanted);
  } else if (heads.error().code == Code::conflict) {
    channel_.refuse(Fault::conflict);
    log::warning("a room can't be as its hub shows it",
                 {{"server", hub_}, {"room", id.text()}, {"why", heads.error().message}});
  }
  go_on(id);  // the log comes in any case
}

void FeedReceiver::followed(const RoomId& id, Seq first, Seq last,
                            const Result<core::Followed>& heads) {
  Room& room = rooms_[id];
  room.is_busy = false;
  if (heads) {
    note(id, *heads, last);
    const Seq head = std::max(heads->log, heads->ahead);
    if (head >= last) {
      room.asked = room.ask_at = {};
    } else {
      ask(id, room, head + 1, last);
    }
  } else if (heads.error().code == Code::forbidden || heads.error().code == Code::denied) {
    channel_.refuse(Fault::unwanted);
    tell_failure(id, Code::forbidden);
  } else if (heads.error().code == Code::conflict) {
    channel_.refuse(Fault::conflict);
    conflicts_.insert(id);
    room.waiting.clear();
    room.bytes = 0;
    log::warning("the log of a room is not the one known here",
                 {{"server", hub_}, {"room", id.text()}, {"why", heads.error().message}});
    tell_failure(id, Code::conflict);
  } else {
    const bool may_have_moved = heads.error().code == Code::timeout;
    if (may_have_moved) channel_.refuse(Fault::unwanted);
    room.ask_at = env_.clock.now() + (may_have_moved ? kAskNewHubAfter : kRetryAfter);
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
  for (const auto& [room, head] : std::exchange(aheads_, {})) channel_.send(Ahead{head});
}

void FeedReceiver::ask_again() {
  for (auto& [id, room] : rooms_)
    if (room.ask_at != Monotonic()) room.ask_at = env_.clock.now();
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
