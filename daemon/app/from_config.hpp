#pragma once

#include "daemon/config/config.hpp"
#include "daemon/core/settings.hpp"
#include "daemon/host/host.hpp"
#include "daemon/net/options.hpp"
#include "daemon/wire/server_info.hpp"
#include "federation/settings.hpp"

// What the config means for each part.
namespace chatd::app {

[[nodiscard]] core::Settings core_settings(const config::Config& config);
[[nodiscard]] net::Access access(const config::Config& config);
[[nodiscard]] net::Options net_options(const config::Config& config);
// What the server says of itself at /.well-known/chatd.
[[nodiscard]] wire::ServerInfo server_info(const config::Config& config);
[[nodiscard]] federation::Settings federation_settings(const config::Config& config);
[[nodiscard]] host::HostOptions host_options(const config::Config& config);

}  // namespace chatd::app
