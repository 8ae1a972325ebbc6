#pragma once

#include <chrono>
#include <cstdint>

namespace chatd {

// Milliseconds since 1970-01-01 UTC: what records and clients carry.
using TimeMs = std::int64_t;
using Millis = std::chrono::milliseconds;
// A point on a clock that never jumps: deadlines, rates and grace periods.
using Monotonic = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;

// The time of day and the passing of time, as the core sees them. Loop only.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimeMs wall_ms() = 0;
  [[nodiscard]] virtual Monotonic now() = 0;
};

class SystemClock final : public Clock {
 public:
  TimeMs wall_ms() override {
    return std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  Monotonic now() override { return std::chrono::steady_clock::now(); }
};

}  // namespace chatd
