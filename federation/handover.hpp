#pragma once

#include "federation/channel.hpp"
#include "federation/env.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace chatd::federation {

// Rooms that get another hub, and who is asked about it: both sides of that, on one link. Owned by
// Session; loop only.
class Handovers {
 public:
  using Done = std::function<void(Status)>;

  Handovers(Env& env, Channel& channel, std::string peer)
      : env_(env), channel_(channel), peer_(std::move(peer)) {}
  Handovers(const Handovers&) = delete;
  Handovers& operator=(const Handovers&) = delete;

  // As the hub (core::PeerPort::hand_over); calls back once.
  void ask(const core::SharedRoom& room, Done done);
  void take(const Handover& frame);
  void take(const Moved& frame);
  void tick();
  // The link ends: nobody answers any more.
  void give_up();

 private:
  struct Question {
    RoomHead head;
    Done done;
    Monotonic until;
  };
  void answer_to(const Handover& question);
  void finish(const RoomId& room, Status status);

  // Constant after construction
  Env& env_;
  Channel& channel_;
  std::string peer_;
  // Loop only
  std::map<RoomId, Question> asked_;
  Lifeline lifeline_;
};

}  // namespace chatd::federation
