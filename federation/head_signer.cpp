#include "federation/head_signer.hpp"

namespace chatd::federation {

std::optional<Signature> HeadSigner::sign(const RoomHead& head) {
  const auto known = signed_.find(head);
  if (known != signed_.end()) return known->second;
  const KeyPair* const key = identity_.signer(clock_.wall_ms());
  if (key == nullptr) return std::nullopt;
  const Signature signature = key->sign(Purpose::head, identity_.server(), form(head));
  signed_.emplace(head, signature);
  return signature;
}

}  // namespace chatd::federation
