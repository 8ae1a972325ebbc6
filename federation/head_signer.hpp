#pragma once

#include "federation/head.hpp"
#include "federation/identity.hpp"

#include <map>
#include <optional>

namespace chatd::federation {

// Signs where the logs end that this server is the hub of: once for all followers of a room that
// are told in one turn. Owned by Federation; loop only.
class HeadSigner {
 public:
  HeadSigner(const Identity& identity, Clock& clock) : identity_(identity), clock_(clock) {}

  // None without a valid key.
  [[nodiscard]] std::optional<Signature> sign(const RoomHead& head);
  // The turn is over.
  void forget() { signed_.clear(); }

 private:
  // Constant after construction
  const Identity& identity_;
  Clock& clock_;
  // Loop only
  std::map<RoomHead, Signature> signed_;
};

}  // namespace chatd::federation
