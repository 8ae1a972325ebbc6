#include "daemon/net/loop.hpp"

#include "daemon/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatd::net {
namespace {

thread_local const Loop* running_loop = nullptr;

template <class Handle>
uv_handle_t* as_handle(Handle& handle) {
  return reinterpret_cast<uv_handle_t*>(&handle);
}

}  // namespace

Result<std::unique_ptr<Loop>> Loop::create() {
  std::unique_ptr<Loop> loop(new Loop());
  if (const int failed = uv_loop_init(&loop->loop_); failed != 0) {
    loop->loop_.data = &loop->loop_;  // tells the destructor that there is nothing to close
    return fail(Code::unavailable, fmt::format("no event loop: {}", uv_strerror(failed)));
  }
  const int started = uv_async_init(&loop->loop_, &loop->stopper_,
                                    [](uv_async_t* stopper) { uv_stop(stopper->loop); });
  CHATD_ASSERT(started == 0);
  return loop;
}

Loop::~Loop() {
  if (loop_.data == &loop_) return;
  uv_close(as_handle(stopper_), nullptr);
  // Runs the close callbacks of everything that was attached; nothing else may be left.
  uv_run(&loop_, UV_RUN_DEFAULT);
  CHATD_ASSERT(uv_loop_close(&loop_) == 0);
}

void Loop::run() {
  const Loop* const outer = running_loop;
  running_loop = this;
  uv_run(&loop_, UV_RUN_DEFAULT);
  running_loop = outer;
}

void Loop::stop() { uv_async_send(&stopper_); }

void Loop::run_once_without_waiting() {
  const Loop* const outer = running_loop;
  running_loop = this;
  uv_run(&loop_, UV_RUN_NOWAIT);
  running_loop = outer;
}

bool Loop::is_on_this_thread() const { return running_loop == this; }

struct Waker::State {
  uv_async_t async{};
  std::function<void()> on_wake;
};

Waker::Waker(Loop& loop, std::function<void()> on_wake) : state_(new State) {
  state_->on_wake = std::move(on_wake);
  state_->async.data = state_;
  const int failed = uv_async_init(loop.native(), &state_->async, [](uv_async_t* async) {
    static_cast<State*>(async->data)->on_wake();
  });
  CHATD_ASSERT(failed == 0);
}

Waker::~Waker() {
  uv_close(as_handle(state_->async),
           [](uv_handle_t* handle) { delete static_cast<State*>(handle->data); });
}

void Waker::wake() { uv_async_send(&state_->async); }

struct Alarm::State {
  uv_timer_t timer{};
  std::function<void()> on_time;
};

Alarm::Alarm(Loop& loop, std::function<void()> on_time) : state_(new State) {
  state_->on_time = std::move(on_time);
  state_->timer.data = state_;
  uv_timer_init(loop.native(), &state_->timer);
}

Alarm::~Alarm() {
  uv_close(as_handle(state_->timer),
           [](uv_handle_t* handle) { delete static_cast<State*>(handle->data); });
}

void Alarm::set(Monotonic when) {
  const auto wait = std::chrono::ceil<Millis>(when - Monotonic(std::chrono::steady_clock::now()));
  uv_update_time(state_->timer.loop);  // else the time the loop has spent would be taken off
  uv_timer_start(
      &state_->timer, [](uv_timer_t* timer) { static_cast<State*>(timer->data)->on_time(); },
      static_cast<std::uint64_t>(std::max<std::int64_t>(wait.count(), 0)), 0);
}

void Alarm::clear() { uv_timer_stop(&state_->timer); }

struct TurnEnd::State {
  uv_prepare_t prepare{};  // called before each wait
  uv_idle_t idle{};        // while it is active the wait is none
  std::function<bool()> on_turn_end;
  int open_handles = 2;
};

TurnEnd::TurnEnd(Loop& loop, std::function<bool()> on_turn_end) : state_(new State) {
  state_->on_turn_end = std::move(on_turn_end);
  state_->prepare.data = state_;
  state_->idle.data = state_;
  uv_prepare_init(loop.native(), &state_->prepare);
  uv_idle_init(loop.native(), &state_->idle);
  uv_prepare_start(&state_->prepare, [](uv_prepare_t* prepare) {
    auto* const state = static_cast<State*>(prepare->data);
    if (state->on_turn_end()) {
      uv_idle_start(&state->idle, [](uv_idle_t*) {});
    } else {
      uv_idle_stop(&state->idle);
    }
  });
}

TurnEnd::~TurnEnd() {
  const uv_close_cb free_after_both = [](uv_handle_t* handle) {
    auto* const state = static_cast<State*>(handle->data);
    if (--state->open_handles == 0) delete state;
  };
  uv_close(as_handle(state_->prepare), free_after_both);
  uv_close(as_handle(state_->idle), free_after_both);
}

}  // namespace chatd::net
