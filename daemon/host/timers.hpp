#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/guarded.hpp"
#include <chatd/timer.h>

#include <cstdint>
#include <map>
#include <optional>

namespace chatd::host {

class Plugin;
class Workers;

// What stands behind chatd.timer.v1: looked at on each tick of the loop, run on workers.
class Timers {
 public:
  Timers(Clock& clock, Workers& jobs) : clock_(clock), jobs_(jobs) {}

  // Any thread.
  [[nodiscard]] chatd_status start(Plugin& plugin, std::uint64_t delay_ms, std::uint64_t repeat_ms,
                                   chatd_task task, void* arg, chatd_timer* timer);
  [[nodiscard]] chatd_status stop(const Plugin& plugin, chatd_timer timer);
  // Ends all; a call may still be running.
  void clear();

  // Loop only: hands what is due to the workers. Also sets the delays of new timers off.
  void tick();

 private:
  struct Timer {
    Plugin* plugin = nullptr;
    chatd_task task = nullptr;
    void* arg = nullptr;
    std::optional<Monotonic> at;  // none before the first tick
    Millis delay{0};
    Millis repeat{0};
    bool is_running = false;
  };
  struct State {
    chatd_timer last = 0;
    bool is_closed = false;
    std::map<chatd_timer, Timer> timers;
  };

  void run(chatd_timer id);  // on a worker

  // Constant after construction
  Clock& clock_;
  Workers& jobs_;

  Guarded<State> state_;
};

}  // namespace chatd::host
