#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/random.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace chatd::sim {

// Time, chance and the order of events, all from one seed: the same seed is the same story. Nothing
// in a simulation looks at a real clock, a real random source, or an address.
class World final : public Clock, public Random {
 public:
  explicit World(std::uint64_t seed, bool is_told)
      : state_(seed * 2654435769u + 1), is_told_(is_told) {}

  // Runs `event` after `delay`; events of the same moment run in the order they were added.
  void after(Millis delay, std::function<void()> event) {
    events_.emplace(std::pair{time_ + delay, ++order_}, std::move(event));
  }
  // Runs the next event; false when there is none.
  bool step();
  // Runs all that happens until then.
  void run_for(Millis duration);

  [[nodiscard]] bool chance(unsigned percent) { return below(100) < percent; }
  [[nodiscard]] std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return low + below(high - low + 1);
  }

  // The wall clock is off by so much from now on.
  void jump_wall_clock(Millis by) { wall_offset_ += by; }

  // A line of the story.
  template <class... Args>
  void tell(fmt::format_string<Args...> format, Args&&... args) {
    if (is_told_) print(fmt::format(format, std::forward<Args>(args)...));
  }
  [[nodiscard]] bool is_told() const { return is_told_; }

  TimeMs wall_ms() override { return 1'800'000'000'000 + (time_ + wall_offset_).count(); }
  Monotonic now() override { return Monotonic(time_); }
  void fill(std::span<std::uint8_t> out) override;

 private:
  void print(const std::string& line) const;
  [[nodiscard]] std::uint64_t next();

  std::uint64_t state_;
  const bool is_told_;
  Millis time_{0};
  Millis wall_offset_{0};
  std::uint64_t order_ = 0;
  std::map<std::pair<Millis, std::uint64_t>, std::function<void()>> events_;
};

}  // namespace chatd::sim
