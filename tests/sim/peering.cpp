#include "tests/sim/peering.hpp"

#include <utility>

namespace chatd::sim {

using federation::Identity;
using federation::KeyPair;
using federation::OwnKey;
using federation::SigningKey;

Peering::Peering(World& world, Clock& clock, Port& port, std::string server)
    : world_(world),
      clock_(clock),
      port_(port),
      server_(std::move(server)),
      root_seed_(KeyPair::make_seed(world)),
      root_(KeyPair::from_seed(root_seed_).value()) {
  settings_.policy.mode = federation::Mode::open;
  settings_.preview_from = 16;  // no story has rooms that are large by the usual measure
}

Identity Peering::identity() {
  std::vector<OwnKey> keys;
  for (const auto& [certified, seed] : keys_)
    keys.push_back({certified, KeyPair::from_seed(Secret(seed)).value()});
  const auto save = [this](const SigningKey& certified, const Secret& seed) -> Status {
    keys_.emplace_back(certified, seed.reveal());
    return {};
  };
  return Identity(server_, root_.public_key(), KeyPair::from_seed(root_seed_).value(),
                  std::move(keys), save);
}

void Peering::begin(core::Core& core, Process& process) {
  federation_ = std::make_unique<federation::Federation>(core.peer_service(), port_, clock_, world_,
                                                         identity(), settings_);
  core.federate(*federation_, settings_.restore_epoch);
  federation_->on_rollback([this] {
    ++settings_.restore_epoch;
    federation_->apply(settings_);
  });
  port_.begin(process, *federation_, [this] { return federation_->document(); });
}

void Peering::end() {
  earlier_ += federation_->totals();
  port_.end();
  federation_.reset();
}

federation::Counters Peering::totals() const {
  federation::Counters sum = earlier_;
  if (federation_) sum += federation_->totals();
  return sum;
}

}  // namespace chatd::sim
