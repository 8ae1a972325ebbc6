#include "federation/session.hpp"

#include "federation/handshake.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace chatd::federation {
namespace {

constexpr std::size_t kSharedPage = 1000;

RoomHead head_of(const core::SharedRoom& room) {
  return {room.room, room.term, room.head, room.head_hash};
}

std::vector<RoomHead> heads_of(std::span<const core::SharedRoom> rooms) {
  std::vector<RoomHead> heads;
  heads.reserve(rooms.size());
  for (const core::SharedRoom& room : rooms) heads.push_back(head_of(room));
  return heads;
}

}  // namespace

Session::Session(Env& env, Channel& channel, std::string peer, bool is_dialled)
    : env_(env),
      channel_(channel),
      peer_(std::move(peer)),
      is_dialled_(is_dialled),
      submits_(env, channel, peer_),
      taking_(env, channel, peer_),
      feed_(env, channel, peer_, FeedSender::Part::log),
      ahead_(env, channel, peer_, FeedSender::Part::ahead),
      following_(env, channel, peer_),
      notices_(env, channel, peer_),
      passing_(env, channel, peer_),
      recovery_(env, channel, peer_),
      handovers_(env, channel, peer_),
      compared_by_(env.clock.now() + kHelloDeadline) {
  load_shared(RoomId());
}

void Session::load_shared(const RoomId& after) {
  const auto take_page = [this](const Result<std::vector<core::SharedRoom>>& page) {
    if (!page)
      return channel_.end("the rooms shared with it can't be read: " + page.error().message);
    shared_.insert(shared_.end(), page->begin(), page->end());
    if (!page->empty()) return load_shared(page->back().room);
    is_loaded_ = true;
    if (!is_dialled_ || has_heard_hello_) say_hello();
  };
  env_.service.shared_rooms(peer_, after, kSharedPage, lifeline_.guard(take_page));
}

void Session::say_hello() {
  Hello hello;
  hello.restore_epoch = env_.settings.restore_epoch;
  hello.document_issued = env_.own_document ? env_.own_document->issued : 0;
  const std::vector<RoomHead> heads = heads_of(shared_);
  if (heads.size() <= kMaxHelloHeads)
    hello.heads = heads;
  else
    hello.digests = digests_ = digests_of(heads);
  channel_.send(hello);
  for (const core::SharedRoom& room : shared_)
    if (!room.is_hub) ++rooms_followed_;
  has_said_hello_ = true;
  if (has_heard_hello_) compare();
}

void Session::has_submits() {
  if (is_ready()) submits_.wake();
}

void Session::has_notices() {
  if (is_ready()) notices_.pump();
}

void Session::received(std::string_view bytes) {
  if (channel_.is_over()) return;
  // What this side said last in the handshake was not believed.
  if (const auto refused = has_heard_hello_ ? std::nullopt : read_refusal(bytes))
    return channel_.end(fmt::format("it refuses: {}", sentence(*refused)));
  auto frame = decode_frame(bytes);
  if (!frame) return channel_.refuse_and_end(Fault::malformed, frame.error().message);
  const bool may_be_first =
      std::holds_alternative<Hello>(*frame) || std::holds_alternative<Alive>(*frame);
  if (!has_heard_hello_ && !may_be_first)
    return channel_.refuse_and_end(Fault::out_of_turn, "the first frame is not hello");
  std::visit([&](auto& known) { take(std::move(known)); }, *frame);
}

void Session::take(Hello frame) {
  if (std::exchange(has_heard_hello_, true))
    return channel_.refuse_and_end(Fault::out_of_turn, "hello came twice");
  restore_epoch_ = frame.restore_epoch;
  const auto* const known = env_.documents.find(peer_);
  if (known != nullptr && known->document.issued < frame.document_issued)
    env_.documents.refresh(peer_, [](const auto&) {});
  heard_ = std::move(frame);
  if (has_said_hello_) return compare();
  if (is_loaded_) say_hello();
}

void Session::compare() {
  has_submits();
  has_notices();
  env_.service.linked(peer_);
  const Hello heard = std::move(heard_);
  if (heard.digests.empty()) {
    begin_feeds(heard.heads, shared_);
    // It has our digests: where they differ from its own it waits for our heads.
    if (!digests_.empty()) {
      const auto theirs = digests_of(heard.heads);
      for (std::size_t i = 0; i < kBuckets; ++i)
        if (theirs[i] != digests_[i]) send_heads(i);
    }
  } else {
    const auto ours = digests_.empty() ? digests_of(heads_of(shared_)) : digests_;
    for (std::size_t i = 0; i < kBuckets; ++i) {
      if (heard.digests[i] == ours[i]) {
        begin_feeds(heads_of(bucket(i)), bucket(i));
        continue;
      }
      awaits_heads_[i] = true;
      ++awaited_;
      // Where it has our heads already, they were in hello.
      if (!digests_.empty()) send_heads(i);
    }
  }
  for (const core::SharedRoom& room : shared_)
    if (room.ahead != 0) channel_.send(Ahead{{room.room, room.term, room.ahead, room.ahead_hash}});
  if (awaited_ == 0) compared();
}

void Session::compared() {
  feed_.be_ready();
  recovery_.compared();
  shared_ = {};
}

void Session::send_heads(std::size_t number) {
  std::vector<RoomHead> heads = heads_of(bucket(number));
  heads.resize(std::min(heads.size(), kMaxBucketHeads));  // the others begin anew
  channel_.send(Heads{static_cast<std::uint8_t>(number), std::move(heads)});
}

void Session::take(Heads frame) {
  if (!awaits_heads_[frame.bucket])
    return channel_.refuse_and_end(Fault::out_of_turn, "heads came that were not asked for");
  awaits_heads_[frame.bucket] = false;
  begin_feeds(frame.heads, bucket(frame.bucket));
  if (--awaited_ == 0) compared();
}

std::span<const core::SharedRoom> Session::bucket(std::size_t number) const {
  const auto is_before = [](const core::SharedRoom& room, std::size_t bucket) {
    return bucket_of(room.room) < bucket;
  };
  const auto first = std::lower_bound(shared_.begin(), shared_.end(), number, is_before);
  const auto last = std::lower_bound(first, shared_.end(), number + 1, is_before);
  return {first, last};
}

void Session::begin_feeds(std::span<const RoomHead> theirs,
                          std::span<const core::SharedRoom> ours) {
  auto has = theirs.begin();
  for (const core::SharedRoom& room : ours) {
    while (has != theirs.end() && has->room < room.room) ++has;
    const bool is_named = has != theirs.end() && has->room == room.room;
    const RoomHead head = is_named ? *has : RoomHead();
    if (room.is_hub) feed_.share(room, head.seq, head.hash);
    if (room.is_hub && room.until == 0 && head.seq > room.head) recovery_.expect(head);
    // It may have lost records of its own: as the hub, or as the one that was it before.
    if (head.seq < room.head && room.ahead == 0 && (!room.is_hub || room.has_moved))
      recovery_.offer(room.room);
  }
}

void Session::take(NoticeFrame frame) {
  core::Notice& notice = frame.notice;
  if (notice.erased == 0 && notice.user.server() != env_.identity.server())
    return channel_.refuse_and_end(Fault::wrong_sender, "a notice is for a user of another server");
  if (const Status paid = env_.quotas.take(Spend::notice, peer_); !paid) {
    channel_.limit(Spend::notice);
    return channel_.send(Failure{static_cast<std::uint64_t>(FrameKind::notice), notice.room,
                                 Code::rate_limited, paid.error().retry_after_ms});
  }
  const Noticed noticed{notice.room, notice.seq, notice.user};
  env_.service.take_notice(peer_, std::move(notice),
                           lifeline_.guard([this, noticed](const Status& status) {
                             if (status) channel_.send(noticed);  // else it comes again
                           }));
}

void Session::stored(const wire::Record& record) {
  feed_.stored(record);
  if (ahead_.acked(record.room)) ahead_.stored(record);
}

void Session::take(const Ack& frame) {
  feed_.take(frame);
  // What was ahead of the log is in it now.
  if (frame.seq >= ahead_.acked(frame.room).value_or(0)) ahead_.forget(frame.room);
}

void Session::take(const Ahead& frame) {
  const auto& [room, term, seq, hash] = frame.head;
  if (ahead_.acked(room)) return ahead_.take(Ack{room, seq});
  const auto shared = feed_.shared(room);
  if (shared && feed_.acked(room).value_or(0) < seq) ahead_.share(*shared, seq, hash);
}

void Session::take(const RangeRequest& frame) {
  const auto ahead = ahead_.acked(frame.room);
  if (ahead && frame.first > *ahead) return ahead_.take(frame);
  if (feed_.feeds(frame.room)) return feed_.take(frame);
  recovery_.take(frame);
}

void Session::flush() {
  if (channel_.is_over()) return;
  following_.flush();
  if (is_ready()) submits_.flush();
  ahead_.flush();
  feed_.flush();
}

void Session::tick() {
  if (channel_.is_over()) return;
  const Monotonic now = env_.clock.now();
  if (now - channel_.received_at() >= kSilentAfter)
    return channel_.end("nothing came for a minute");
  if ((!has_heard_hello_ || awaited_ > 0) && now >= compared_by_)
    return channel_.end("it does not say how far it has the shared rooms");
  // To who has not judged the proof yet this would be a message out of turn.
  if (is_dialled_ && !has_heard_hello_) return;
  if (now - channel_.sent_at() >= kAliveAfter) channel_.send(Alive{});
  if (!asked_.empty() && now >= check_deadline_)
    take_checked({{"answer", false, "it did not say what it sees: maybe its version is older"}});
  if (!is_ready()) return;
  submits_.tick();
  feed_.tick();
  ahead_.tick();
  notices_.tick();
  taking_.tick();
  following_.tick();
  recovery_.tick();
  handovers_.tick();
}

void Session::ask_to_check(CheckDone done) {
  asked_.push_back(std::move(done));
  if (asked_.size() > 1) return;
  if (!has_said_hello_ || !has_heard_hello_)
    return take_checked({{"answer", true, "not asked: the link has only just begun"}});
  check_deadline_ = env_.clock.now() + kCheckDeadline;
  channel_.send(CheckRequest{});
}

void Session::take(const CheckRequest&) {
  const Monotonic now = env_.clock.now();
  if (now < next_check_) {
    const auto wait = std::chrono::duration_cast<Millis>(next_check_ - now);
    return channel_.send(Failure{static_cast<std::uint64_t>(FrameKind::check), RoomId(),
                                 Code::rate_limited, static_cast<std::uint32_t>(wait.count())});
  }
  next_check_ = now + kCheckEvery;
  env_.check(peer_, lifeline_.guard([this](std::vector<CheckStep> steps) {
    channel_.send(Checked{std::move(steps)});
  }));
}

void Session::take(const Failure& frame) {
  if (frame.about == static_cast<std::uint64_t>(FrameKind::notice)) return notices_.take(frame);
  if (recovery_.take(frame)) return;
  if (frame.about != static_cast<std::uint64_t>(FrameKind::check)) {
    ahead_.take(frame);
    return feed_.take(frame);
  }
  take_checked({{"answer", true, "not asked: it answered a moment ago"}});
}

void Session::take(Checked frame) {
  if (asked_.empty()) return channel_.refuse(Fault::out_of_turn);
  take_checked(std::move(frame.steps));
}

void Session::give_up() {
  handovers_.give_up();
  take_checked({{"link", false, "the link ended before it answered"}});
}

void Session::take_checked(std::vector<CheckStep> steps) {
  for (CheckStep& step : steps) step.is_theirs = true;
  for (const CheckDone& done : std::exchange(asked_, {})) done(steps);
}

std::vector<std::string> Session::conflicts() const {
  std::vector<std::string> rooms;
  for (const auto* const side :
       {&feed_.conflicts(), &ahead_.conflicts(), &following_.conflicts(), &recovery_.conflicts()})
    for (const RoomId& room : *side) rooms.push_back(room.text());
  return rooms;
}

}  // namespace chatd::federation
