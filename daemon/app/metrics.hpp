#pragma once

#include "daemon/core/core.hpp"
#include "daemon/host/host.hpp"
#include "daemon/net/server.hpp"

#include <string>

namespace chatd::app {

// Everything that is counted, as Prometheus text (exposition format 0.0.4). Loop only.
[[nodiscard]] std::string metrics(const core::Context& core, const host::Host& host,
                                  const net::Server& server);

}  // namespace chatd::app
