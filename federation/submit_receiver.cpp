#include "federation/submit_receiver.hpp"

#include "daemon/wire/room_content.hpp"
#include "federation/limits.hpp"
#include "federation/origin.hpp"

#include <utility>
#include <vector>

namespace chatd::federation {
namespace {

// All that may be handed in at once, waiting so long for each, is answered well before the other
// side gives up.
constexpr std::uint32_t kShortWaitMs = 1000;

}  // namespace

void SubmitReceiver::take(Submit frame) {
  if (unanswered_ >= kSubmitWindow || (unanswered_ > 0 && bytes_ >= kSubmitWindowBytes))
    return channel_.refuse_and_end(Fault::flood, "more is handed in than may wait");
  if (frame.draft.sender.server() != follower_)
    return channel_.refuse_and_end(Fault::wrong_sender, "the sender is not a user of the peer");
  const RoomId id = frame.draft.room;
  Room& room = rooms_[id];
  if (rooms_.size() > kMaxOddRooms)
    return channel_.refuse_and_end(Fault::flood, "too many rooms have to be handed in again");
  ++unanswered_;
  const bool begins_anew = frame.entry <= room.last;
  room.last = frame.entry;
  if (room.is_broken && !begins_anew) return send_back(frame.entry, {Code::unavailable, 0});
  room.is_broken = false;
  bytes_ += frame.draft.content.size();
  room.waiting.push_back(std::move(frame));
  go_on(id);
}

bool SubmitReceiver::has_signed(const Submit& submit) {
  using Judgement = Documents::Judgement;
  const Judgement judgement =
      env_.documents.judge(follower_, submit.origin, Purpose::record, origin_form(submit.draft));
  if (judgement == Judgement::good) {
    has_looked_for_key_ = false;
    return true;
  }
  if (judgement == Judgement::bad || has_looked_for_key_) {
    channel_.refuse_and_end(Fault::wrong_signature,
                            "what was handed in is not signed by its origin");
    return false;
  }
  is_looking_for_key_ = true;
  env_.documents.refresh(follower_, lifeline_.guard([this](const auto&) {
    is_looking_for_key_ = false;
    has_looked_for_key_ = true;
    tick();
  }));
  return false;
}

void SubmitReceiver::go_on(const RoomId& id) {
  const auto found = rooms_.find(id);
  if (found == rooms_.end() || channel_.is_over() || is_looking_for_key_) return;
  Room& room = found->second;
  if (room.is_idle()) {
    rooms_.erase(found);
    return;
  }
  if (room.is_busy || room.waiting.empty()) return;
  if (!has_signed(room.waiting.front())) return;
  if (const Status paid = pay(room.waiting.front()); !paid) {
    const std::uint32_t wait = paid.error().retry_after_ms;
    if (wait <= kShortWaitMs) return;  // tick()
    return turn_back(room, {Code::rate_limited, wait});
  }
  Submit submit = std::move(room.waiting.front());
  room.waiting.pop_front();
  room.is_busy = true;
  bytes_ -= submit.draft.content.size();
  submit.draft.origin = follower_;
  submit.draft.origin_signature = bytes_of(submit.origin);
  env_.service.submit(follower_, std::move(submit.draft),
                      lifeline_.guard([this, id, entry = submit.entry](const Result<Seq>& outcome) {
                        answer(id, entry, outcome);
                      }));
}

Status SubmitReceiver::pay(const Submit& submit) {
  const auto take = [&](Spend what, std::uint64_t amount) {
    Status paid = env_.quotas.take(what, follower_, amount);
    if (!paid) channel_.limit(what);
    return paid;
  };
  const core::Draft& draft = submit.draft;
  CHATD_CHECK(take(Spend::submit, 1));
  CHATD_CHECK(take(Spend::byte, draft.content.size()));
  if (draft.kind == wire::RecordKind::create) return take(Spend::room, 1);
  if (draft.kind != wire::RecordKind::member) return {};
  const auto content = wire::decode_member(draft.content);
  if (!content) return {};  // the core says what is wrong with it
  if (content->membership == wire::Membership::invited) return take(Spend::invite, 1);
  const bool enters =
      content->membership == wire::Membership::joined && content->user == draft.sender;
  return enters ? take(Spend::join, 1) : Status();
}

void SubmitReceiver::turn_back(Room& room, const Retry& retry) {
  for (const Submit& behind : room.waiting) {
    bytes_ -= behind.draft.content.size();
    send_back(behind.entry, retry);
  }
  room.waiting.clear();
  room.is_broken = true;
}

void SubmitReceiver::answer(const RoomId& id, std::uint64_t entry, const Result<Seq>& outcome) {
  Room& room = rooms_[id];
  room.is_busy = false;
  if (outcome) {
    --unanswered_;
    channel_.send(Submitted{entry, Accepted{*outcome}});
  } else if (core::is_worth_retrying(outcome.error().code)) {
    const Retry retry{outcome.error().code, outcome.error().retry_after_ms};
    const std::string hub = env_.service.moved_to(id);
    if (!hub.empty()) channel_.send(Moved{id, hub});
    send_back(entry, retry);
    turn_back(room, retry);
  } else {
    --unanswered_;
    const auto& [code, words, delay] = outcome.error();
    // What a plugin says is for the sender; any other code says all that another server may know.
    channel_.send(Submitted{entry, Refused{code, code == Code::denied ? words : std::string()}});
  }
  go_on(id);
}

void SubmitReceiver::send_back(std::uint64_t entry, const Retry& retry) {
  --unanswered_;
  channel_.send(Submitted{entry, retry});
}

void SubmitReceiver::tick() {
  std::vector<RoomId> waiting;
  for (const auto& [id, room] : rooms_)
    if (!room.waiting.empty()) waiting.push_back(id);
  for (const RoomId& id : waiting) go_on(id);
}

}  // namespace chatd::federation
