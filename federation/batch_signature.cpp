#include "federation/batch_signature.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/wire/record.hpp"

#include <utility>

namespace chatd::federation {
namespace {

static_assert(wire::kMaxOriginSignatureBytes ==
              sizeof(Signature) + 2 + kMaxRecordPath * sizeof(Hash256));
static_assert(kMaxBatch == 1U << kMaxBatchPath && kMaxRecordBatch == 1U << kMaxRecordPath);

// No form is taken for two nodes, and no two nodes for a form.
Hash256 leaf(std::string_view form) {
  ByteWriter out(1 + form.size());
  out.u8(0);
  out.raw(form);
  return blake2b_256(out.view());
}
Hash256 above(const Hash256& left, const Hash256& right) {
  ByteWriter out(1 + left.size() + right.size());
  out.u8(1);
  out.raw(left);
  out.raw(right);
  return blake2b_256(out.view());
}

std::vector<Hash256> above(const std::vector<Hash256>& level) {
  std::vector<Hash256> nodes;
  for (std::size_t i = 0; i < level.size(); i += 2)
    nodes.push_back(i + 1 < level.size() ? above(level[i], level[i + 1]) : level[i]);
  return nodes;
}

}  // namespace

void write(ByteWriter& out, const BatchSignature& signature) {
  write(out, signature.root);
  out.u8(signature.sides);
  out.varint(signature.path.size());
  for (const Hash256& hash : signature.path) out.raw(hash);
}

std::string bytes_of(const BatchSignature& signature) {
  ByteWriter out(wire::kMaxOriginSignatureBytes);
  write(out, signature);
  return out.take();
}

Result<BatchSignature> read_batch_signature(ByteReader& in, std::size_t max_path) {
  BatchSignature signature;
  CHATD_TRY(signature.root, read_signature(in));
  CHATD_TRY(signature.sides, in.u8());
  CHATD_TRY(const std::uint64_t count, in.varint());
  if (count > max_path || signature.sides >> count != 0)
    return fail(Code::invalid_params, "a signature's way to its root is longer than any, or cut");
  for (std::uint64_t i = 0; i < count; ++i) {
    CHATD_TRY(const Hash256 hash, in.array<32>());
    signature.path.push_back(hash);
  }
  return signature;
}

std::vector<BatchSignature> sign_batch(const KeyPair& key, Purpose purpose, std::string_view server,
                                       std::span<const std::string> forms) {
  CHATD_ASSERT(!forms.empty() && forms.size() <= kMaxBatch);
  std::vector<BatchSignature> signatures(forms.size());
  std::vector<Hash256> level;
  for (const std::string& form : forms) level.push_back(leaf(form));
  for (std::size_t height = 0; level.size() > 1; ++height, level = above(level)) {
    for (std::size_t i = 0; i < forms.size(); ++i) {
      const std::size_t sibling = (i >> height) ^ 1U;
      if (sibling >= level.size()) continue;
      BatchSignature& signature = signatures[i];
      const bool is_left = sibling < i >> height;
      if (is_left)
        signature.sides = static_cast<std::uint8_t>(signature.sides | 1U << signature.path.size());
      signature.path.push_back(level[sibling]);
    }
  }
  const Signature root = key.sign(purpose, server, view(level.front()));
  for (BatchSignature& signature : signatures) signature.root = root;
  return signatures;
}

const Hash256& BatchVerifier::node(const Hash256& left, const Hash256& right) {
  Node& known = nodes_[slot_of(left)];
  if (known.left != left || known.right != right) known = {left, right, above(left, right)};
  return known.both;
}

Hash256 BatchVerifier::root_of(const BatchSignature& signature, std::string_view form) {
  Hash256 hash = leaf(form);
  for (std::size_t i = 0; i < signature.path.size(); ++i) {
    const bool is_left = (signature.sides >> i & 1U) != 0;
    hash = is_left ? node(signature.path[i], hash) : node(hash, signature.path[i]);
  }
  return hash;
}

bool BatchVerifier::is_signed(const BatchSignature& signature, const PublicKey& key,
                              Purpose purpose, std::string_view server, std::string_view form) {
  Claim claim{root_of(signature, form), signature.root, key, purpose, std::string(server)};
  Claim& good = good_[slot_of(claim.root)];
  if (good == claim) return true;
  if (!federation::is_signed(claim.signature, key, purpose, server, view(claim.root))) return false;
  good = std::move(claim);
  return true;
}

void BatchVerifier::knows(const BatchSignature& signature, const PublicKey& key, Purpose purpose,
                          std::string_view server, std::string_view form) {
  const Hash256 root = root_of(signature, form);
  good_[slot_of(root)] = {root, signature.root, key, purpose, std::string(server)};
}

}  // namespace chatd::federation
