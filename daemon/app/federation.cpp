// What the daemon has to do with other servers.
#include "daemon/app/daemon.hpp"

#include <utility>

namespace chatd::app {

// Always there, whatever the configuration says of it: that may change while the daemon runs, and
// with nobody to talk to it costs nothing.
Status Daemon::open_federation() {
  CHATD_TRY(FederationAdmin admin, FederationAdmin::create(config_, clock_, random_));
  federation_admin_.emplace(std::move(admin));
  CHATD_TRY(federation::Identity identity, federation_admin_->load_identity());
  CHATD_TRY(
      links_,
      Links::create({.loop = loop_.get(),
                     .post = [this](SessionId session,
                                    net::Outbound message) { post(session, std::move(message)); },
                     .wake = [this] { waker_->wake(); }}));
  federation_ =
      std::make_unique<federation::Federation>(core_->peer_service(), *links_, clock_, random_,
                                               std::move(identity), federation_admin_->settings());
  federation_admin_->attach(*federation_);
  links_->set_sink(*federation_);
  core_->federate(*federation_, federation_admin_->settings().restore_epoch);
  return {};
}

void Daemon::federation(wire::FederationQuestion question,
                        std::function<void(Result<wire::FederationAnswer>)> done) {
  // The core waits for an answer that comes later.
  federation_admin_->answer(
      std::move(question), [this, done = std::move(done)](Result<wire::FederationAnswer> answer) {
        posted_.put_owed([done, answer = std::move(answer)] { done(answer); });
      });
}

}  // namespace chatd::app
