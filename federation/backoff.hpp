#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/random.hpp"
#include "daemon/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace chatd::federation {

// When to try a peer again that can't be reached. One for each peer, owned by what dials it; kept
// in the store, so that a restart is no reason to try all of them at once. Loop only.
//
// The time between two tries doubles from 1 s to 10 min, after a day to 1 h; each is shortened by
// up to half at random, so that those who lost a server together do not come back together. By the
// wall clock, since the monotonic one does not outlive the process.
class Backoff {
 public:
  Backoff() = default;

  // Whether to try now. Also when the clock was set back by more than any wait is long.
  [[nodiscard]] bool is_due(TimeMs now) const;
  // The earliest time of the next try; 0: at once.
  [[nodiscard]] TimeMs next_try() const { return next_try_; }

  void failed(TimeMs now, Random& random);
  // Any authenticated frame from the peer: it is there.
  void heard() { *this = {}; }

  // What the store keeps.
  [[nodiscard]] std::string encode() const;
  [[nodiscard]] static Result<Backoff> decode(std::string_view bytes);

 private:
  // Loop only
  TimeMs first_failure_ = 0;
  TimeMs next_try_ = 0;
  std::uint32_t failures_ = 0;  // in a row
};

}  // namespace chatd::federation
