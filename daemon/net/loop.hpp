#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"

#include <uv.h>

#include <functional>
#include <memory>

namespace chatd::net {

// One thread's event loop (libuv). Owned by whoever runs it; what is attached to it (Waker, Alarm,
// TurnEnd) must be gone before it.
class Loop {
 public:
  // Fails when the process has no descriptors left.
  [[nodiscard]] static Result<std::unique_ptr<Loop>> create();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop();

  // Handles events on the calling thread until stop(). May be called again afterwards.
  void run();
  // Any thread; also before run(), which then returns at once.
  void stop();
  // Handles what is ready now and returns: for taking things down after run().
  void run_once_without_waiting();
  // Whether the caller is inside this loop's run().
  [[nodiscard]] bool is_on_this_thread() const;

  [[nodiscard]] uv_loop_t* native() { return &loop_; }

 private:
  Loop() = default;

  uv_loop_t loop_{};
  uv_async_t stopper_{};
};

// Lets any thread call a function on a loop's thread: many wakes before the call are one call.
// Made and destroyed on the loop's thread, or while the loop does not run.
class Waker {
 public:
  Waker(Loop& loop, std::function<void()> on_wake);
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;
  ~Waker();

  void wake();  // any thread

 private:
  struct State;
  State* const state_;  // freed by libuv's close callback
};

// Calls a function on the loop's thread once a point in time has come. Loop only.
class Alarm {
 public:
  Alarm(Loop& loop, std::function<void()> on_time);
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;
  ~Alarm();

  // Replaces an earlier setting. Rings at or up to a few milliseconds after the point.
  void set(Monotonic when);
  void clear();

 private:
  struct State;
  State* const state_;
};

// Calls a function after the loop has handled what was ready, before it waits again: where batches
// are handed on. When it returns true the loop looks for more without waiting. Loop only.
class TurnEnd {
 public:
  TurnEnd(Loop& loop, std::function<bool()> on_turn_end);
  TurnEnd(const TurnEnd&) = delete;
  TurnEnd& operator=(const TurnEnd&) = delete;
  ~TurnEnd();

 private:
  struct State;
  State* const state_;
};

}  // namespace chatd::net
