#pragma once

#include "daemon/core/settings.hpp"
#include "daemon/wire/server_info.hpp"
#include "federation/discovery.hpp"
#include "federation/policy.hpp"
#include "federation/spend.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::federation {

// What the admin decides about other servers. May be replaced while running.
struct Settings {
  Policy policy;
  std::map<std::string, Pin, std::less<>> pins;  // by server
  [[nodiscard]] Pin pin(std::string_view server) const {
    const auto found = pins.find(server);
    return found == pins.end() ? Pin() : found->second;
  }
  // What the server document says besides keys.
  std::vector<Endpoint> endpoints;
  wire::ServerLimits limits;
  std::string contact;
  std::uint64_t restore_epoch = 0;  // grows each time the server was restored from a backup
  // A room with more records than that is shown to a server that is new to it, before it is fed: a
  // smaller one comes as quickly whole.
  Seq preview_from = 100;
  // What one peer may spend, by Spend; what is over it waits with the peer. No limit: 0.
  std::array<core::Rate, kSpendCount> quotas{{{600, Millis{3'600'000}},
                                              {6'000, Millis{60'000}},
                                              {64 * 1024 * 1024, Millis{60'000}},
                                              {2'000, Millis{3'600'000}},
                                              {2'000, Millis{3'600'000}},
                                              {2'000, Millis{3'600'000}},
                                              {6'000, Millis{3'600'000}}}};
  // How long a newcomer behaves until it has all of that; zero: it has it at once.
  Millis probation{0};
};

}  // namespace chatd::federation
