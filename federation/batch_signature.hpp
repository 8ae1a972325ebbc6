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

// Bounds what a signature adds to a record that is kept for ever: 128 bytes. Signing and checking
// costs a sixteenth then, less than the hashes; more would save next to nothing.
inline constexpr std::size_t kMaxBatch = 16;
inline constexpr std::size_t kMaxBatchPath = 4;

struct BatchSignature {
  Signature root;
  std::uint8_t sides = 0;     // bit i: path[i] is on the left
  std::vector<Hash256> path;  // what is hashed with it, from the form upwards
  auto operator<=>(const BatchSignature&) const = default;
};
void write(ByteWriter& out, const BatchSignature& signature);
[[nodiscard]] Result<BatchSignature> read_batch_signature(ByteReader& in);
// As it is written: at most wire::kMaxOriginSignatureBytes.
[[nodiscard]] std::string bytes_of(const BatchSignature& signature);

// Of 1 to kMaxBatch forms, in their order.
[[nodiscard]] std::vector<BatchSignature> sign_batch(const KeyPair& key, Purpose purpose,
                                                     std::string_view server,
                                                     std::span<const std::string> forms);

// Checks signatures, and knows the last good roots: those of a batch cost one check together. One
// thread.
class BatchVerifier {
 public:
  // As is_signed() of a single signature.
  [[nodiscard]] bool is_signed(const BatchSignature& signature, const PublicKey& key,
                               Purpose purpose, std::string_view server, std::string_view form);

 private:
  static constexpr std::size_t kSlots = 1024;
  std::vector<Hash256> good_ = std::vector<Hash256>(kSlots);  // each in the slot of its first bytes
};

}  // namespace chatd::federation
