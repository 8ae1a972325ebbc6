#include "daemon/app/federation_admin.hpp"

#include "daemon/app/from_config.hpp"
#include "daemon/base/log.hpp"

#include <utility>

namespace chatd::app {

FederationAdmin::FederationAdmin(const config::Config& config, Clock& clock, Random& random)
    : files_(config), clock_(clock), random_(random), config_(config) {}

Result<FederationAdmin> FederationAdmin::create(const config::Config& config, Clock& clock,
                                                Random& random) {
  FederationAdmin admin(config, clock, random);
  CHATD_TRY(admin.rules_, admin.files_.load_rules());
  admin.rules_.expire(clock.wall_ms());
  CHATD_TRY(admin.restore_epoch_, admin.files_.restore_epoch());
  return admin;
}

federation::Settings FederationAdmin::settings() const {
  federation::Settings settings = federation_settings(config_);
  settings.policy = rules_.with(std::move(settings.policy));
  settings.restore_epoch = restore_epoch_;
  return settings;
}

void FederationAdmin::attach(federation::Federation& federation) {
  federation_ = &federation;
  federation.on_rollback([this] {
    if (const Status status = raise_epoch(); !status)
      log::error("the restore epoch can't be raised", {{"why", status.error().message}});
  });
  for (const std::string& server : rules_.paused()) federation_->pause(server);
}

void FederationAdmin::apply(const config::Config& config) {
  config_ = config;
  federation_->apply(settings());
}

Status FederationAdmin::raise_epoch() {
  CHATD_TRY(restore_epoch_, files_.raise_restore_epoch(clock_.wall_ms()));
  federation_->apply(settings());
  return {};
}

Status FederationAdmin::decide(federation::Rules rules) {
  rules.expire(clock_.wall_ms());
  CHATD_CHECK(files_.save(rules));
  rules_ = std::move(rules);
  federation_->apply(settings());
  return {};
}

bool FederationAdmin::is_root_here() const {
  return config_.federation.root_key == config::RootKey::file;
}

void FederationAdmin::answer(wire::FederationQuestion question, const Done& done) {
  std::visit(
      [&]<class Params>(const Params& params) {
        if constexpr (std::is_same_v<Params, wire::AdminFederationCheck>) {
          check(params.server, done);
        } else if constexpr (std::is_same_v<Params, wire::AdminFederationPeerShow>) {
          show(params, done);
        } else {
          auto answered = answer(params);
          if (answered)
            done(wire::FederationAnswer(*std::move(answered)));
          else
            done(fail(std::move(answered).error()));
        }
      },
      question);
}

}  // namespace chatd::app
