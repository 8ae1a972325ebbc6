#pragma once

#include "daemon/base/clock.hpp"

#include <coroutine>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace chatd::core {

// What is to happen at a time. Owned by the core; whoever owns the loop runs what is due and sleeps
// until next(). Loop only.
class Timers {
 public:
  using Id = std::pair<Monotonic, std::uint64_t>;

  explicit Timers(Clock& clock) : clock_(clock) {}
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  Id after(Millis delay, std::function<void()> action) {
    const Id id{clock_.now() + delay, ++last_};
    due_.emplace(id, std::move(action));
    return id;
  }
  void cancel(const Id& id) { due_.erase(id); }

  // co_await timers.sleep(delay);
  struct Sleep {
    Timers& timers;
    Millis delay;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> self) {
      timers.after(delay, [self] { self.resume(); });
    }
    void await_resume() const noexcept {}
  };
  [[nodiscard]] Sleep sleep(Millis delay) { return {*this, delay}; }

  // Runs all that is due now; what these add is left for the next call.
  void run_due() {
    const Id limit{clock_.now(), last_};
    while (!due_.empty() && due_.begin()->first <= limit) {
      auto action = std::move(due_.begin()->second);
      due_.erase(due_.begin());
      action();
    }
  }
  [[nodiscard]] std::optional<Monotonic> next() const {
    if (due_.empty()) return std::nullopt;
    return due_.begin()->first.first;
  }

 private:
  Clock& clock_;
  std::map<Id, std::function<void()>> due_;
  std::uint64_t last_ = 0;
};

}  // namespace chatd::core
