#pragma once

#include "federation/channel.hpp"
#include "federation/env.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace chatd::federation {

// Takes what the users of the other server say in rooms of this one: one after the other in each
// room, in the order in which it came. When one has to come again, so has all that follows it in
// that room. Owned by Session; loop only.
class SubmitReceiver {
 public:
  SubmitReceiver(Env& env, Channel& channel, std::string follower)
      : env_(env), channel_(channel), follower_(std::move(follower)) {}
  SubmitReceiver(const SubmitReceiver&) = delete;
  SubmitReceiver& operator=(const SubmitReceiver&) = delete;

  void take(Submit frame);
  // The passing of time: what came too fast goes on.
  void tick();

 private:
  struct Room {
    std::deque<Submit> waiting;
    bool is_busy = false;    // the core has one
    bool is_broken = false;  // until the follower begins anew with an entry that it sent before
    std::uint64_t last = 0;  // the entry that came last
    [[nodiscard]] bool is_idle() const { return waiting.empty() && !is_busy && !is_broken; }
  };
  // Hands the next one of a room to the core.
  void go_on(const RoomId& room);
  // From the quotas of the peer.
  [[nodiscard]] Status pay(const Submit& submit);
  void answer(const RoomId& room, std::uint64_t entry, const Result<Seq>& outcome);
  // All of that room has to come again.
  void turn_back(Room& room, const Retry& retry);
  void send_back(std::uint64_t entry, const Retry& retry);
  [[nodiscard]] bool has_signed(const Submit& submit);

  // Constant after construction
  Env& env_;
  Channel& channel_;
  std::string follower_;
  // Loop only
  std::map<RoomId, Room> rooms_;
  std::size_t unanswered_ = 0;
  std::size_t bytes_ = 0;  // of those in `waiting`
  bool is_looking_for_key_ = false;
  bool has_looked_for_key_ = false;
  Lifeline lifeline_;
};

}  // namespace chatd::federation
