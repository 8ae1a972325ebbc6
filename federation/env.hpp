#pragma once

#include "daemon/base/random.hpp"
#include "daemon/core/peer_service.hpp"
#include "daemon/core/rate_limiter.hpp"
#include "federation/documents.hpp"
#include "federation/head_signer.hpp"
#include "federation/identity.hpp"
#include "federation/ports/links.hpp"
#include "federation/settings.hpp"

#include <optional>

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
  HeadSigner& heads;
  core::RateLimiter& rates;
  const std::optional<ServerDocument>& own_document;  // none without a valid key
};

}  // namespace chatd::federation
