#include "federation/head_signer.hpp"

#include <string>
#include <vector>

namespace chatd::federation {

std::optional<BatchSignature> HeadSigner::sign(const RoomHead& head) {
  const auto known = signed_.find(head);
  if (known != signed_.end()) return known->second;
  const KeyPair* const key = identity_.signer(clock_.wall_ms());
  if (key == nullptr) return std::nullopt;
  expected_.erase(head.room);
  std::vector<RoomHead> heads{head};
  for (; heads.size() < kMaxBatch && !expected_.empty(); expected_.erase(expected_.begin()))
    heads.push_back(expected_.begin()->second);
  std::vector<std::string> forms;
  for (const RoomHead& each : heads) forms.push_back(form(each));
  const auto signatures = sign_batch(*key, Purpose::head, identity_.server(), forms);
  for (std::size_t i = 0; i < heads.size(); ++i) signed_.emplace(heads[i], signatures[i]);
  return signatures.front();
}

}  // namespace chatd::federation
