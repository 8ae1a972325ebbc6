#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/settings.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace chatd::core {

// Token buckets by name: so many at once, refilled evenly. Bounded: buckets that are full again are
// forgotten, and when even that is not enough newcomers (and only they) wait. Loop only.
class RateLimiter {
 public:
  explicit RateLimiter(Clock& clock) : clock_(clock) {}

  // Takes `amount`, or says `rate_limited` and when to come back. `what` and `who` name the bucket;
  // where it has less than that, but something, what comes next waits for so much longer.
  [[nodiscard]] Status take(std::string_view what, std::string_view who, const Rate& rate,
                            std::uint64_t amount = 1);
  // What was taken is not to count after all.
  void give_back(std::string_view what, std::string_view who);
  [[nodiscard]] std::size_t size() const { return buckets_.size(); }

 private:
  struct Bucket {
    double tokens = 0;
    Monotonic filled{};  // when `tokens` was true
    Monotonic full{};    // when it will be full
  };
  [[nodiscard]] bool has_place(Monotonic now);
  [[nodiscard]] const std::string& name_of(std::string_view what, std::string_view who);

  Clock& clock_;
  std::unordered_map<std::string, Bucket> buckets_;
  std::string name_;  // of the bucket asked for last: its memory is used again
  Monotonic next_sweep_{};
};

}  // namespace chatd::core
