#include "daemon/app/check.hpp"

#include "daemon/app/federation_files.hpp"
#include "daemon/app/from_config.hpp"
#include "daemon/net/tls.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatd::app {
namespace {

// Null: there is none.
Result<std::shared_ptr<const net::StaticFiles>> web_files(const config::Config& config) {
  if (config.web.root.empty()) return nullptr;
  return net::StaticFiles::load(config.web.root);
}

}  // namespace

config::Checked<Setup> check(const std::filesystem::path& file) {
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
  auto web = web_files(config);
  if (!web) reading.complain("web.root", web.error().message);
  return config::result_of(std::move(reading)).map([&web](config::Config&& right) {
    return Setup{std::move(right), *std::move(web)};
  });
}

}  // namespace chatd::app
