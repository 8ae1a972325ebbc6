#pragma once

#include "federation/batch_signature.hpp"
#include "federation/head.hpp"
#include "federation/identity.hpp"

#include <map>
#include <optional>

namespace chatd::federation {

// Signs where the logs end that this server is the hub of: once for all followers of a room, and
// for many rooms together, that are told in one turn. Owned by Federation; loop only.
class HeadSigner {
 public:
  HeadSigner(const Identity& identity, Clock& clock) : identity_(identity), clock_(clock) {}

  // This head, or a newer one of the room, will be signed before the turn is over.
  void expect(const RoomHead& head) { expected_[head.room] = head; }
  // None without a valid key.
  [[nodiscard]] std::optional<BatchSignature> sign(const RoomHead& head);
  // The turn is over.
  void forget() {
    expected_.clear();
    signed_.clear();
  }

 private:
  // Constant after construction
  const Identity& identity_;
  Clock& clock_;
  // Loop only
  std::map<RoomId, RoomHead> expected_;
  std::map<RoomHead, BatchSignature> signed_;
};

}  // namespace chatd::federation
