#pragma once

#include "env.hpp"
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <utility>

namespace client {

// What is to happen later, on the one thread there is.
class Timers {
 public:
  explicit Timers(Env env) : env_(std::move(env)) {}

  void after(std::int64_t ms, std::function<void()> work) {
    due_.emplace(env_.steady_ms() + ms, std::move(work));
  }
  // By steady_ms.
  [[nodiscard]] std::int64_t next() const {
    return due_.empty() ? std::numeric_limits<std::int64_t>::max() : due_.begin()->first;
  }
  void run_due() {
    while (!due_.empty() && due_.begin()->first <= env_.steady_ms()) {
      const auto work = std::move(due_.begin()->second);
      due_.erase(due_.begin());
      work();
    }
  }

 private:
  Env env_;
  std::multimap<std::int64_t, std::function<void()>> due_;
};

}  // namespace client
