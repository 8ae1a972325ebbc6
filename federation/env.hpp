#pragma once

#include "daemon/base/random.hpp"
#include "daemon/core/peer_service.hpp"
#include "federation/batch_signature.hpp"
#include "federation/check_steps.hpp"
#include "federation/documents.hpp"
#include "federation/head_signer.hpp"
#include "federation/identity.hpp"
#include "federation/ports/links.hpp"
#include "federation/quotas.hpp"
#include "federation/settings.hpp"

#include <functional>
#include <optional>
#include <string>

namespace chatd::federation {

// What the parts of federation work with. All of it outlives them; loop only.
struct Env {
  core::PeerService& service;
  LinkPort& links;
  Clock& clock;
  Random& random;
  const Settings& settings;
  Identity& identity;
  Documents& documents;
  BatchVerifier& signatures;
  HeadSigner& heads;
  core::RateLimiter& rates;
  Quotas& quotas;
  const std::optional<ServerDocument>& own_document;  // none without a valid key
  // A peer has proven that this server has lost what it had told: it was put back from a backup.
  std::function<void(const std::string& server)> rolled_back;
  // Looks from here whether a server could be reached. Calls back once, maybe from within.
  std::function<void(const std::string& server, CheckDone done)> check;
};

}  // namespace chatd::federation
