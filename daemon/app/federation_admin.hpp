#pragma once

#include "daemon/app/federation_files.hpp"
#include "daemon/base/clock.hpp"
#include "daemon/base/random.hpp"
#include "daemon/config/config.hpp"
#include "daemon/wire/methods/federation.hpp"
#include "federation/federation.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace chatd::app {

// What the admin decides and asks about other servers: keeps it, and tells Federation. Owned by
// Daemon; loop only. What changes a file blocks for as long as the disk takes; that is rare.
class FederationAdmin {
 public:
  // An error when what is kept in files can't be read.
  [[nodiscard]] static Result<FederationAdmin> create(const config::Config& config, Clock& clock,
                                                      Random& random);

  // What Federation begins with: the configuration, and what was decided beside it.
  [[nodiscard]] Result<federation::Identity> load_identity() const {
    return files_.load_identity(random_);
  }
  [[nodiscard]] federation::Settings settings() const;
  // It outlives every question. From now on what is decided reaches it.
  void attach(federation::Federation& federation);

  // The configuration was read again.
  void apply(const config::Config& config);
  // Calls back once, maybe from within.
  using Done = std::function<void(Result<wire::FederationAnswer>)>;
  void answer(wire::FederationQuestion question, const Done& done);

 private:
  FederationAdmin(const config::Config& config, Clock& clock, Random& random);

  // federation_peers_admin.cpp
  Result<wire::FederationStatusAnswer> answer(const wire::AdminFederationStatus&);
  Result<wire::FederationPeersAnswer> answer(const wire::AdminFederationPeers& wanted);
  Result<wire::FederationPeerAnswer> answer(const wire::AdminFederationPeerShow& wanted);
  void show(const wire::AdminFederationPeerShow& wanted, const Done& done);
  Result<wire::Nothing> answer(const wire::AdminFederationPeerAccept& wanted);
  Result<wire::FederationPeer> answer(const wire::AdminFederationRetry& wanted);
  Result<wire::FederationPeer> answer(const wire::AdminFederationPause& wanted);
  Result<wire::FederationPeer> answer(const wire::AdminFederationResume& wanted);
  void check(const std::string& server, const Done& done);
  // federation_rules_admin.cpp
  Result<wire::FederationRuleAnswer> answer(const wire::AdminFederationAllow& wanted);
  Result<wire::FederationRuleAnswer> answer(const wire::AdminFederationDeny& wanted);
  Result<wire::FederationRulesAnswer> answer(const wire::AdminFederationRuleList& wanted);
  Result<wire::Nothing> answer(const wire::AdminFederationRuleRemove& wanted);
  [[nodiscard]] std::string effect_of(const federation::Rule& rule) const;
  // federation_keys_admin.cpp
  Result<wire::FederationKeysAnswer> answer(const wire::AdminFederationKeysShow&);
  Result<wire::FederationKeysAnswer> answer(const wire::AdminFederationKeysRotate&);
  Result<wire::FederationKeysEndAnswer> answer(const wire::AdminFederationKeysEnd& wanted);
  Result<wire::FederationKeyRequestAnswer> answer(const wire::AdminFederationKeysRequest&);
  Result<wire::FederationKeysAnswer> answer(const wire::AdminFederationKeysAdd& given);
  Result<wire::FederationCacheAnswer> answer(const wire::AdminFederationCacheShow& wanted);
  Result<wire::Nothing> answer(const wire::AdminFederationCacheFlush& wanted);
  Result<wire::FederationRestoredAnswer> answer(const wire::AdminFederationRestored& wanted);

  [[nodiscard]] Status raise_epoch();
  // Keeps them, then they hold.
  [[nodiscard]] Status decide(federation::Rules rules);
  [[nodiscard]] bool is_root_here() const;

  // Constant after construction
  FederationFiles files_;
  Clock& clock_;
  Random& random_;
  // Loop only
  config::Config config_;
  federation::Rules rules_;
  std::uint64_t restore_epoch_ = 0;
  federation::Federation* federation_ = nullptr;  // never null once attached
};

// A page of `items`, which are by `name`: those after `after`, at most `limit`; and where the next
// page begins.
template <class T, class Name>
void take_page(std::vector<T>& items, std::optional<std::string>& next, const auto& params,
               Name name) {
  constexpr std::size_t kDefaultLimit = 100;
  if (params.after)
    std::erase_if(items, [&](const T& item) { return name(item) <= *params.after; });
  const std::size_t limit = std::max<std::size_t>(1, params.limit.value_or(kDefaultLimit));
  if (items.size() <= limit) return;
  items.resize(limit);
  next = name(items.back());
}

}  // namespace chatd::app
