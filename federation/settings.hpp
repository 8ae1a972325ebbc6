#pragma once

#include "daemon/core/settings.hpp"
#include "daemon/wire/server_info.hpp"
#include "federation/discovery.hpp"
#include "federation/policy.hpp"

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
  // What one peer may hand in; what is over it waits with the peer. No limit: 0.
  core::Rate submits_per_peer{6000, Millis{60'000}};
};

}  // namespace chatd::federation
