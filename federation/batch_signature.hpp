#pragma once

#include "federation/signature.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// One signature for several forms: of the root of a Merkle tree over them (shaped and hashed as in
// RFC 9162 section 2.1, with BLAKE2b-256), and for each form the way from it to the root. A server
// signs once for all that it says in a turn, and who reads it checks that once; yet each form can
// be shown with its signature and without the others. Values; any thread.
namespace chatd::federation {

// What a busy server says in a turn costs one signature.
inline constexpr std::size_t kMaxBatch = 64;
inline constexpr std::size_t kMaxBatchPath = 6;
// Of records, which keep theirs for ever: at most 128 bytes more.
inline constexpr std::size_t kMaxRecordBatch = 16;
inline constexpr std::size_t kMaxRecordPath = 4;

struct BatchSignature {
  Signature root;
  std::uint8_t sides = 0;     // bit i: path[i] is on the left
  std::vector<Hash256> path;  // what is hashed with it, from the form upwards
  auto operator<=>(const BatchSignature&) const = default;
};
void write(ByteWriter& out, const BatchSignature& signature);
[[nodiscard]] Result<BatchSignature> read_batch_signature(ByteReader& in,
                                                          std::size_t max_path = kMaxBatchPath);
// As it is written: of a record's at most wire::kMaxOriginSignatureBytes.
[[nodiscard]] std::string bytes_of(const BatchSignature& signature);

// Of 1 to kMaxBatch forms, in their order.
[[nodiscard]] std::vector<BatchSignature> sign_batch(const KeyPair& key, Purpose purpose,
                                                     std::string_view server,
                                                     std::span<const std::string> forms);

// Checks signatures, and knows the last good roots and what stands below them: those of a batch
// cost one check together, and a hash or two each. One thread.
class BatchVerifier {
 public:
  // As is_signed() of a single signature.
  [[nodiscard]] bool is_signed(const BatchSignature& signature, const PublicKey& key,
                               Purpose purpose, std::string_view server, std::string_view form);
  // This server has just signed it: it will come back.
  void knows(const BatchSignature& signature, const PublicKey& key, Purpose purpose,
             std::string_view server, std::string_view form);

 private:
  // All that a check of a root's signature depends on.
  struct Claim {
    Hash256 root{};
    Signature signature;
    PublicKey key;
    Purpose purpose{};
    std::string server;
    bool operator==(const Claim&) const = default;
  };
  struct Node {
    Hash256 left{};
    Hash256 right{};
    Hash256 both{};
  };
  [[nodiscard]] Hash256 root_of(const BatchSignature& signature, std::string_view form);
  // One of the two was computed here, so no slot that was never used is taken for it.
  [[nodiscard]] const Hash256& node(const Hash256& left, const Hash256& right);
  [[nodiscard]] static std::size_t slot_of(const Hash256& hash) {
    return (hash[0] | hash[1] << 8U) % kSlots;
  }

  static constexpr std::size_t kSlots = 1024;
  std::vector<Claim> good_ = std::vector<Claim>(kSlots);  // each in the slot of its root
  std::vector<Node> nodes_ = std::vector<Node>(kSlots);   // each in the slot of its left side
};

}  // namespace chatd::federation
