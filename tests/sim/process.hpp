#pragma once

#include "tests/sim/world.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace chatd::sim {

// The server's process and its loop: what is to happen in it happens only while it lives, and the
// core gets its turn soon after. Owned by the server; ended and begun again with each crash.
class Process {
 public:
  // Answers when it wants to be called again at the latest: core::Core::end_turn().
  using Turn = std::function<std::optional<Monotonic>()>;

  explicit Process(World& world) : world_(world) {}
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void begin(Turn turn);
  // Nothing of this life happens any more.
  void end();
  // Runs `event` after `delay`, unless there is no process or it has ended by then; a turn follows.
  void after(Millis delay, std::function<void()> event);

 private:
  void turn_within(Millis delay);

  World& world_;
  Turn turn_;
  std::uint64_t life_ = 0;
  std::optional<Monotonic> turn_at_;
};

}  // namespace chatd::sim
