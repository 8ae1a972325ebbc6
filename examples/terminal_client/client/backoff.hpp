#pragma once

#include "env.hpp"
#include <algorithm>
#include <cstdint>

namespace client {

// When to try again: 1 s, doubled each time up to 60 s, of which a random half is taken off, so
// that the clients of a server that was down do not come back all at once.
class Backoff {
 public:
  explicit Backoff(Env env) : env_(std::move(env)) {}

  [[nodiscard]] std::int64_t next_ms() {
    const std::int64_t full = std::min(kFirstMs << std::min(attempts_, 6), kMostMs);
    ++attempts_;
    return static_cast<std::int64_t>((0.5 + 0.5 * env_.random()) * static_cast<double>(full));
  }
  void reset() { attempts_ = 0; }

 private:
  static constexpr std::int64_t kFirstMs = 1000;
  static constexpr std::int64_t kMostMs = 60'000;

  Env env_;
  int attempts_ = 0;
};

}  // namespace client
