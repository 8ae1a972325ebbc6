#include "daemon/app/check.hpp"

#include "daemon/app/federation_files.hpp"
#include "daemon/app/from_config.hpp"
#include "daemon/net/tls.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatd::app {

config::Checked<config::Config> check(const std::filesystem::path& file) {
  config::Reading reading = config::read(file);
  const config::Config& config = reading.config;
  if (reading.knows_plugins) {
    for (host::Mistake& mistake : host::Host::check(host_options(config))) {
      std::string name = "plugin." + mistake.plugin;
      if (!mistake.key.empty()) name += "." + mistake.key;
      reading.complain(name, std::move(mistake.message));
    }
  }
  if (!config.listen.tls.empty() && !config.tls.certificate.empty() && !config.tls.key.empty()) {
    const auto identity =
        net::TlsIdentity::load({config.tls.certificate.string(), config.tls.key.string()});
    if (!identity) reading.complain("tls.certificate", identity.error().message);
  }
  if (!config.server.name.empty()) {
    if (const auto keys = FederationFiles(config).check(); !keys)
      reading.complain("federation.root_key", keys.error().message);
  }
  if (const auto files = web_files(config); !files)
    reading.complain("web.root", files.error().message);
  return config::result_of(std::move(reading));
}

}  // namespace chatd::app
