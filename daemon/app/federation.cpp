// What the daemon has to do with other servers.
#include "daemon/app/daemon.hpp"
#include "daemon/app/federation_files.hpp"
#include "daemon/app/from_config.hpp"

#include <utility>

namespace chatd::app {

// Always there, whatever the configuration says of it: that may change while the daemon runs, and
// with nobody to talk to it costs nothing.
Status Daemon::open_federation() {
  const FederationFiles files(config_);
  CHATD_TRY(federation::Identity identity, files.load_identity(random_));
  CHATD_TRY(rules_, files.load_rules());
  CHATD_TRY(restore_epoch_, files.restore_epoch());
  CHATD_TRY(
      links_,
      Links::create({.loop = loop_.get(),
                     .post = [this](SessionId session,
                                    net::Outbound message) { post(session, std::move(message)); },
                     .wake = [this] { waker_->wake(); }}));
  federation_ = std::make_unique<federation::Federation>(
      core_->peer_service(), *links_, clock_, random_, std::move(identity), peer_settings());
  links_->set_sink(*federation_);
  core_->federate(*federation_);
  return {};
}

federation::Settings Daemon::peer_settings() const {
  federation::Settings settings = federation_settings(config_);
  settings.policy = rules_.with(std::move(settings.policy));
  settings.restore_epoch = restore_epoch_;
  return settings;
}

}  // namespace chatd::app
