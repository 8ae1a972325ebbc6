#include "federation/recovery.hpp"

#include "daemon/base/log.hpp"
#include "federation/limits.hpp"

#include <algorithm>
#include <utility>

namespace chatd::federation {
namespace {

using wire::Record;

// A follower that has more proves it in its next frames.
constexpr Millis kProofDeadline = std::chrono::seconds(30);
// After which those of rooms that are not here at all have come too.
constexpr Millis kProofsCome = std::chrono::seconds(3);
// What was asked for is asked for again after so long.
constexpr Millis kAskAgainAfter = std::chrono::seconds(10);
// Rooms that come back at the same time on a link.
constexpr std::size_t kReturnsAtOnce = 4;
constexpr std::size_t kMaxOffers = 100'000;

}  // namespace

void Recovery::expect(const RoomHead& theirs) {
  env_.service.claimed(peer_, theirs.room, theirs.seq);
  claims_[theirs.room] = {theirs.seq, env_.clock.now() + kProofDeadline};
}

void Recovery::compared() { heard_at_ = env_.clock.now() + kProofsCome; }

void Recovery::offer(const RoomId& room) {
  if (to_offer_.size() < kMaxOffers) to_offer_.push_back(room);
  offer_next();
}

void Recovery::offer_next() {
  if (is_offering_ || to_offer_.empty() || channel_.is_over()) return;
  const RoomId room = to_offer_.front();
  to_offer_.pop_front();
  is_offering_ = true;
  env_.service.proof(room, lifeline_.guard([this, room](const Result<std::string>& kept) {
    is_offering_ = false;
    auto frame = decode_frame(kept ? *kept : std::string());
    auto* const proof = frame ? std::get_if<Proof>(&*frame) : nullptr;
    // One that the hub before this one signed it has no use for.
    const auto* const known = env_.documents.find(peer_);
    if (proof != nullptr && known != nullptr && check(proof->key, known->document.root, peer_)) {
      offered_[room] = proof->head.seq;
      channel_.send(*proof);
    }
    offer_next();
  }));
}

bool Recovery::is_own(const Proof& proof) const {
  const std::string& self = env_.identity.server();
  const PublicKey* key = env_.identity.find(proof.by_hub.root.key);
  if (key == nullptr && proof.key.key.id() == proof.by_hub.root.key &&
      check(proof.key, env_.identity.root_key(), self))
    key = &proof.key.key;
  return key != nullptr &&
         env_.signatures.is_signed(proof.by_hub, *key, Purpose::head, self, form(proof.head));
}

void Recovery::take(const Proof& frame) {
  if (!is_own(frame))
    return channel_.refuse_and_end(Fault::wrong_signature,
                                   "what it gives back was not signed by this server");
  const RoomHead proven = frame.head;
  env_.service.head(proven.room,
                    lifeline_.guard([this, proven](const Result<core::SharedRoom>& here) {
                      claims_.erase(proven.room);
                      if (here) return begin(proven, *here);
                      env_.service.give_up(proven.room);
                      log::error("a room can't be read",
                                 {{"room", proven.room.text()}, {"why", here.error().message}});
                    }));
}

void Recovery::begin(const RoomHead& proven, const core::SharedRoom& here) {
  const bool is_other = proven.seq == here.head && proven.hash != here.head_hash;
  if (is_other) return note_conflict(proven.room, "both have another record of the same number");
  if (!here.is_hub || proven.seq <= here.head) return;  // it has come meanwhile
  env_.service.proven(peer_, proven.room, proven.seq);
  env_.rolled_back(peer_);
  Return& room = returns_[proven.room];
  if (room.is_running || proven.seq <= room.proven.seq) return;
  room.proven = proven;
  room.here = room.at = {here.head, here.head_hash};
  run_next();
}

void Recovery::run_next() {
  for (auto& [id, room] : returns_) {
    if (running_ >= kReturnsAtOnce) return;
    if (std::exchange(room.is_running, true)) continue;
    ++running_;
    log::info("records that were lost come back", {{"room", id.text()},
                                                   {"server", peer_},
                                                   {"from", room.here.seq + 1},
                                                   {"to", room.proven.seq}});
    ask(id, room);
  }
}

void Recovery::ask(const RoomId& id, Return& room) {
  room.asked = env_.clock.now();
  channel_.send(RangeRequest{id, room.at.seq + 1, room.proven.seq});
}

void Recovery::take(Recalled frame) {
  const auto found = returns_.find(frame.room);
  // A page that came twice, after the first was taken.
  if (found == returns_.end() || found->second.is_busy || frame.first != found->second.at.seq + 1)
    return channel_.refuse(Fault::out_of_turn);
  Return& room = found->second;
  auto records = read(frame, room);
  if (!records) return;
  channel_.counters().records_received += records->size();
  if (room.is_proven)
    write(frame.room, room, *std::move(records));
  else
    look_through(frame.room, room, records->back());
}

std::optional<std::vector<Record>> Recovery::read(const Recalled& frame, const Return& room) {
  std::vector<Record> records;
  records.reserve(frame.stored.size());
  Hash256 hash = room.at.hash;
  for (const std::string& stored : frame.stored) {
    auto record = wire::decode_stored(frame.room, frame.first + records.size(), stored);
    if (!record || record->seq > room.proven.seq) {
      channel_.refuse_and_end(Fault::malformed,
                              record ? "more comes back than was proven" : record.error().message);
      return std::nullopt;
    }
    record->prev_hash = hash;
    hash = record_hash(*record);
    records.push_back(*std::move(record));
  }
  return records;
}

void Recovery::look_through(const RoomId& id, Return& room, const Record& last) {
  room.at = {last.seq, record_hash(last)};
  room.ends[last.seq] = room.at.hash;
  if (last.seq == room.proven.seq) {
    if (room.at.hash != room.proven.hash)
      return note_conflict(id, "its records do not follow those here");
    room.is_proven = true;
    room.at = room.here;
  }
  ask(id, room);
}

void Recovery::write(const RoomId& id, Return& room, std::vector<Record> records) {
  const Mark upto{records.back().seq, record_hash(records.back())};
  const auto end = room.ends.find(upto.seq);
  if (end == room.ends.end() || end->second != upto.hash)
    return note_conflict(id, "its records are others than a moment ago");
  room.is_busy = true;
  env_.service.recover(std::move(records), lifeline_.guard([this, id, upto](const auto& heads) {
    written(id, upto, heads);
  }));
}

void Recovery::written(const RoomId& id, const Mark& upto, const Result<core::Followed>& heads) {
  Return& room = returns_[id];
  room.is_busy = false;
  if (!heads && heads.error().code == Code::conflict)
    return note_conflict(id, heads.error().message);
  if (!heads) {  // asked for again by tick()
    log::warning("what came back can't be written",
                 {{"room", id.text()}, {"why", heads.error().message}});
    return;
  }
  if (heads->log < upto.seq) return;
  room.at = upto;
  if (upto.seq < room.proven.seq) return ask(id, room);
  log::info("all that was lost is here again", {{"room", id.text()}, {"to", upto.seq}});
  finish(id);
}

void Recovery::finish(const RoomId& id) {
  const auto found = returns_.find(id);
  if (found == returns_.end()) return;
  if (found->second.is_running) --running_;
  returns_.erase(found);
  env_.service.give_up(id);
  run_next();
}

void Recovery::note_conflict(const RoomId& id, std::string_view why) {
  channel_.refuse(Fault::conflict);
  conflicts_.insert(id);
  log::warning("the log of a room is not the one that another server has",
               {{"server", peer_}, {"room", id.text()}, {"why", why}});
  channel_.send(Failure{static_cast<std::uint64_t>(FrameKind::proof), id, Code::conflict, 0});
  finish(id);
  env_.service.give_up(id);
}

void Recovery::take(const RangeRequest& frame) {
  const auto offered = offered_.find(frame.room);
  if (offered == offered_.end() || frame.first > offered->second)
    return channel_.send(
        Failure{static_cast<std::uint64_t>(FrameKind::range), frame.room, Code::not_found, 0});
  if (!giving_.insert(frame.room).second) return;  // it comes
  env_.service.read(frame.room, frame.first, std::min(frame.last, offered->second), kFeedPageBytes,
                    lifeline_.guard([this, room = frame.room, first = frame.first](auto page) {
                      giving_.erase(room);
                      if (!page || page->empty()) return;  // it asks again
                      channel_.counters().records_sent += page->size();
                      channel_.send(Recalled{room, first, *std::move(page)});
                    }));
}

bool Recovery::take(const Failure& frame) {
  const bool is_proof = frame.about == static_cast<std::uint64_t>(FrameKind::proof);
  const bool is_range = frame.about == static_cast<std::uint64_t>(FrameKind::range);
  if (is_proof && offered_.contains(frame.room)) {
    channel_.refuse(Fault::conflict);
    conflicts_.insert(frame.room);
  }
  if (!is_range || !returns_.contains(frame.room)) return is_proof;
  note_conflict(frame.room, "it does not give back what it has proven");
  return true;
}

// Nothing proved it: either the record here is another one by now, or it claimed what is not so.
void Recovery::check_claim(const RoomId& id, const Claim& claim) {
  env_.service.head(id, lifeline_.guard([this, id, seq = claim.seq](const auto& here) {
    if (here && here->is_hub && here->head < seq)
      note_conflict(id, "it has more than this server ever told it, as far as can be seen");
  }));
}

void Recovery::tick() {
  const Monotonic now = env_.clock.now();
  if (heard_at_ != Monotonic() && now >= heard_at_) {
    heard_at_ = {};
    env_.service.heard(peer_);
  }
  for (auto claim = claims_.begin(); claim != claims_.end();) {
    if (now < claim->second.until) {
      ++claim;
      continue;
    }
    check_claim(claim->first, claim->second);
    claim = claims_.erase(claim);
  }
  for (auto& [id, room] : returns_)
    if (room.is_running && !room.is_busy && now - room.asked >= kAskAgainAfter) ask(id, room);
}

}  // namespace chatd::federation
