#pragma once

#include "federation/channel.hpp"
#include "federation/env.hpp"
#include "federation/frames.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace chatd::federation {

// Hands in on one link what the users of this server said in rooms whose hub the other one is: the
// outbox from its beginning, in order, so much at a time. What the hub could not take just now is
// handed in again, with all that came after it in that room. Owned by Session; loop only.
class SubmitSender {
 public:
  SubmitSender(Env& env, Channel& channel, std::string hub)
      : env_(env), channel_(channel), hub_(std::move(hub)) {}
  SubmitSender(const SubmitSender&) = delete;
  SubmitSender& operator=(const SubmitSender&) = delete;

  // There is something to send, at the end of the turn.
  void wake() { is_due_ = true; }
  // There are entries with numbers below those that were sent.
  void look_again();
  // Sends what may be sent now, and signs it together.
  void flush();
  void take(const Submitted& frame);
  // The passing of time.
  void tick();
  // Why the hub asked to hand in later what is said in a room, if it did.
  [[nodiscard]] std::optional<Code> waits(const RoomId& room) const {
    const auto held = held_.find(room);
    return held == held_.end() ? std::nullopt : std::optional(held->second.why);
  }

 private:
  struct InFlight {
    RoomId room;
    std::size_t bytes = 0;
    Monotonic sent{};
  };
  struct Answered {
    Submitted answer;
    Monotonic at;
  };
  // A room that the hub could not serve.
  struct Held {
    Monotonic until{};
    Code why = Code::unavailable;
    bool is_resending = false;
    std::set<std::uint64_t> entries;
  };
  [[nodiscard]] bool has_place() const;
  void collect();
  void add(const core::Submission& submission);
  // False: the window is full.
  bool resend(const RoomId& room, Held& held);
  void hold(std::uint64_t entry, const RoomId& room, const Retry& retry);
  // To the core; again after a while, as long as the entry is in the outbox: the disk may have been
  // full.
  void pass_on(const Submitted& answer);

  // Constant after construction
  Env& env_;
  Channel& channel_;
  std::string hub_;
  // Loop only
  bool is_due_ = false;
  std::vector<Submit> leaving_;  // not signed yet
  std::uint64_t newest_ = 0;     // all entries up to here were sent, or are held
  std::map<std::uint64_t, InFlight> in_flight_;
  std::map<RoomId, std::size_t> in_flight_of_;  // entries by room
  std::size_t bytes_ = 0;                       // of in_flight_
  std::map<RoomId, Held> held_;
  std::deque<Answered> answered_;  // for good; by time
};

}  // namespace chatd::federation
