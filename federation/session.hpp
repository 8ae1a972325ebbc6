#pragma once

#include "federation/feed_receiver.hpp"
#include "federation/feed_sender.hpp"
#include "federation/handover.hpp"
#include "federation/notice_sender.hpp"
#include "federation/passing_lane.hpp"
#include "federation/recovery.hpp"
#include "federation/submit_receiver.hpp"
#include "federation/submit_sender.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::federation {

// What two servers that are proven to each other have to say on their link: first how far each is
// (hello), then what is handed in, fed and noticed. Who dialled says hello in return: before that
// it does not know whether the other believes its proof, for which it may have to look for a
// document. Owned by Federation; loop only.
class Session {
 public:
  Session(Env& env, Channel& channel, std::string peer, bool is_dialled);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void received(std::string_view bytes);
  // There is something in the outbox; or a notice.
  void has_submits();
  void has_notices();
  void stored(const wire::Record& record);
  // As core::PeerPort::say.
  [[nodiscard]] bool say(const core::Passing& what) { return is_ready() && passing_.say(what); }
  // A room that this server follows is there now.
  void follows() { following_.ask_again(); }
  // What waited for another hub waits for this one now.
  void redirected() { submits_.look_again(); }
  // core::PeerPort::hand_over.
  void hand_over(const core::SharedRoom& room, Handovers::Done done) {
    handovers_.ask(room, std::move(done));
  }
  void flush();
  void tick();
  // Asks the other side what it sees of a link with this one. Calls back once, unless this goes
  // before.
  void ask_to_check(CheckDone done);
  // The link ends: whoever waits for that is told.
  void give_up();

  [[nodiscard]] const std::string& peer() const { return peer_; }
  [[nodiscard]] std::uint64_t restore_epoch() const { return restore_epoch_; }
  [[nodiscard]] std::size_t rooms_fed() const { return feed_.rooms(); }
  [[nodiscard]] std::size_t rooms_followed() const { return rooms_followed_; }
  [[nodiscard]] std::vector<std::string> conflicts() const;
  // How far it has a room of this server, and why it takes nothing for one of its own just now.
  [[nodiscard]] std::optional<Seq> acked(const RoomId& room) const { return feed_.acked(room); }
  [[nodiscard]] std::optional<Code> waits(const RoomId& room) const { return submits_.waits(room); }

 private:
  void load_shared(const RoomId& after);
  void say_hello();
  void take(Hello frame);
  void take(Heads frame);
  void take(const Submitted& frame) { submits_.take(frame); }
  void take(Submit frame) { taking_.take(std::move(frame)); }
  void take(Feed frame) { following_.take(std::move(frame)); }
  void take(PreviewFrame frame) { following_.take(std::move(frame)); }
  void take(const Ack& frame);
  void take(const Ahead& frame);
  void take(const RangeRequest& frame);
  void take(const Proof& frame) { recovery_.take(frame); }
  void take(const Handover& frame) { handovers_.take(frame); }
  void take(const Moved& frame) { handovers_.take(frame); }
  void take(Recalled frame) { recovery_.take(std::move(frame)); }
  void take(const Failure& frame);
  void take(NoticeFrame frame);
  void take(const Noticed& frame) { notices_.take(frame); }
  void take(core::Passing what) { passing_.take(std::move(what)); }
  void take(const Alive&) {}
  void take(const CheckRequest& frame);
  void take(Checked frame);
  void take_checked(std::vector<CheckStep> steps);
  void take(const UnknownFrame&) {}
  // Both sides have said how far they are.
  [[nodiscard]] bool is_ready() const { return has_said_hello_ && has_heard_hello_; }
  void compare();
  void compared();
  void send_heads(std::size_t number);
  // What it has of the rooms of one bucket, or of all.
  void begin_feeds(std::span<const RoomHead> theirs, std::span<const core::SharedRoom> ours);
  [[nodiscard]] std::span<const core::SharedRoom> bucket(std::size_t number) const;

  // Constant after construction
  Env& env_;
  Channel& channel_;
  std::string peer_;
  bool is_dialled_;
  // Loop only
  SubmitSender submits_;
  SubmitReceiver taking_;
  FeedSender feed_;
  FeedSender ahead_;  // rooms of which the follower has the newest records, but not the log yet
  FeedReceiver following_;
  NoticeSender notices_;
  PassingLane passing_;
  Recovery recovery_;
  Handovers handovers_;
  std::vector<core::SharedRoom> shared_;  // as hello said it; until all is compared
  std::vector<Hash256> digests_;          // of shared_, where hello said these
  bool is_loaded_ = false;                // shared_
  bool has_said_hello_ = false;
  bool has_heard_hello_ = false;
  Hello heard_;            // until it is compared
  Monotonic compared_by_;  // else the link ends
  std::array<bool, kBuckets> awaits_heads_{};
  std::size_t awaited_ = 0;  // buckets
  std::size_t rooms_followed_ = 0;
  std::uint64_t restore_epoch_ = 0;
  std::vector<CheckDone> asked_;  // to check
  Monotonic check_deadline_{};    // of theirs
  Monotonic next_check_{};        // that they may ask for
  Lifeline lifeline_;
};

}  // namespace chatd::federation
