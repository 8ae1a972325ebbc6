#pragma once

#include "federation/channel.hpp"
#include "federation/env.hpp"

#include <string>

namespace chatd::federation {

// What is told once and kept nowhere, on one link: dropped before anything else waits, and taken
// only of those who may say it. Owned by Session; loop only.
class PassingLane {
 public:
  PassingLane(Env& env, Channel& channel, std::string peer)
      : env_(env), channel_(channel), peer_(std::move(peer)) {}
  PassingLane(const PassingLane&) = delete;
  PassingLane& operator=(const PassingLane&) = delete;

  // False: too much waits on the link, it was dropped.
  [[nodiscard]] bool say(const core::Passing& what);
  void take(core::Passing what);

 private:
  [[nodiscard]] bool speaks_for_its_own(const core::Passing& what) const;

  // Constant after construction
  Env& env_;
  Channel& channel_;
  std::string peer_;
};

}  // namespace chatd::federation
