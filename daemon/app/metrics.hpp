#pragma once

#include "daemon/app/links.hpp"
#include "daemon/core/core.hpp"
#include "daemon/host/host.hpp"
#include "daemon/net/server.hpp"
#include "federation/federation.hpp"

#include <string>

namespace chatd::app {

// Everything that is counted, as Prometheus text (exposition format 0.0.4). Loop only.
[[nodiscard]] std::string metrics(const core::Context& core, const host::Host& host,
                                  const net::Server& server,
                                  const federation::Federation& federation, const Links& links);

}  // namespace chatd::app
