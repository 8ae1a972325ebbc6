#pragma once

#include "daemon/core/rate_limiter.hpp"
#include "federation/acquaintances.hpp"
#include "federation/settings.hpp"

#include <cstdint>
#include <string>

namespace chatd::federation {

// How much of what one peer may do, by its token buckets. Who is new, or did lately what no honest
// server does, is on probation: it has a tenth of each limit, and more with each day that it
// behaves. Owned by Federation; loop only.
class Quotas {
 public:
  Quotas(core::RateLimiter& rates, Clock& clock, const Settings& settings,
         const Acquaintances& acquaintances)
      : rates_(rates), clock_(clock), settings_(settings), acquaintances_(acquaintances) {}

  // Takes so much, or says `rate_limited` and when to come back.
  [[nodiscard]] Status take(Spend what, const std::string& peer, std::uint64_t amount = 1);
  // Which part of the limits it has, from a tenth to all: 0.1 to 1.
  [[nodiscard]] double share_of(std::string_view peer) const;

 private:
  // Constant after construction
  core::RateLimiter& rates_;
  Clock& clock_;
  const Settings& settings_;
  const Acquaintances& acquaintances_;
};

}  // namespace chatd::federation
