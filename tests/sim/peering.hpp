#pragma once

#include "federation/federation.hpp"
#include "tests/sim/links.hpp"
#include "tests/sim/server.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chatd::sim {

// One server's federation, the real one, and what of it survives crashes: the keys in its files.
class Peering final : public Tenant {
 public:
  Peering(World& world, Clock& clock, Port& port, std::string server);

  // From the next start on.
  [[nodiscard]] federation::Settings& settings() { return settings_; }
  [[nodiscard]] const federation::PublicKey& root() const { return root_.public_key(); }
  // None while the server is down.
  [[nodiscard]] federation::Federation* federation() { return federation_.get(); }
  // What it counted, in all its lives.
  [[nodiscard]] federation::Counters totals() const;

  void begin(core::Core& core, Process& process) override;
  void core_started() override { federation_->start(); }
  std::optional<Monotonic> end_turn() override { return federation_->end_turn(); }
  void end() override;

 private:
  [[nodiscard]] federation::Identity identity();

  World& world_;
  Clock& clock_;
  Port& port_;
  const std::string server_;
  const Secret root_seed_;
  const federation::KeyPair root_;
  federation::Settings settings_;
  std::vector<std::pair<federation::SigningKey, std::string>> keys_;  // with their seeds
  std::unique_ptr<federation::Federation> federation_;
  federation::Counters earlier_;
};

}  // namespace chatd::sim
