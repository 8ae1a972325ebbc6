#include "federation/signature.hpp"

#include "daemon/base/encoding.hpp"

#include <sodium.h>

#include <array>
#include <optional>
#include <utility>

namespace chatd::federation {
namespace {

static_assert(sizeof(PublicKey::bytes) == crypto_sign_PUBLICKEYBYTES);
static_assert(sizeof(Signature::bytes) == crypto_sign_BYTES);
static_assert(KeyPair::kSeedBytes == crypto_sign_SEEDBYTES);

// In the order of the enum.
constexpr std::array<std::string_view, 7> kContexts{
    "chatd.key.v1",    "chatd.document.v1", "chatd.dial.v1", "chatd.accept.v1",
    "chatd.record.v1", "chatd.head.v1",     "chatd.state.v1"};

const unsigned char* as_unsigned(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// The context and the name are blobs: no form can begin in another's context.
std::string signed_bytes(Purpose purpose, std::string_view server, std::string_view form) {
  ByteWriter out;
  out.blob(context(purpose));
  out.blob(server);
  out.raw(form);
  return out.take();
}

}  // namespace

std::string_view context(Purpose purpose) { return kContexts[static_cast<std::size_t>(purpose)]; }

Result<KeyId> KeyId::parse(std::string_view text) {
  const auto bytes = from_base64url(text);
  Hash256 hash{};
  if (!bytes || bytes->size() != hash.size())
    return fail(Code::invalid_params, "that is no id of a key");
  std::copy(bytes->begin(), bytes->end(), hash.begin());
  return KeyId(hash);
}

std::string KeyId::text() const { return base64url(bytes()); }

KeyId PublicKey::id() const {
  // A server looks for few keys, again and again.
  struct Known {
    std::optional<PublicKey> key;
    KeyId id;
  };
  thread_local std::array<Known, 64> known;
  Known& slot = known[bytes[0] % known.size()];
  if (slot.key != *this) slot = {*this, KeyId(blake2b_256(view(bytes)))};
  return slot.id;
}

void write(ByteWriter& out, const Signature& signature) {
  out.raw(signature.key.bytes());
  out.raw(signature.bytes);
}

std::string bytes_of(const Signature& signature) {
  ByteWriter out;
  write(out, signature);
  return out.take();
}

Result<Signature> read_signature(ByteReader& in) {
  Signature signature;
  CHATD_TRY(const Hash256 key, in.array<32>());
  signature.key = KeyId(key);
  CHATD_TRY(signature.bytes, in.array<64>());
  return signature;
}

Secret KeyPair::make_seed(Random& random) {
  std::array<std::uint8_t, kSeedBytes> bytes{};
  random.fill(bytes);
  Secret seed(std::string(bytes.begin(), bytes.end()));
  sodium_memzero(bytes.data(), bytes.size());
  return seed;
}

Result<KeyPair> KeyPair::from_seed(const Secret& seed) {
  if (seed.reveal().size() != kSeedBytes)
    return fail(Code::internal, "the seed of a signing key has 32 bytes");
  PublicKey public_key;
  std::string secret_key(crypto_sign_SECRETKEYBYTES, '\0');
  crypto_sign_seed_keypair(public_key.bytes.data(),
                           reinterpret_cast<unsigned char*>(secret_key.data()),
                           as_unsigned(seed.reveal()));
  return KeyPair(public_key, Secret(std::move(secret_key)));
}

Signature KeyPair::sign(Purpose purpose, std::string_view server, std::string_view form) const {
  const std::string bytes = signed_bytes(purpose, server, form);
  Signature signature{public_key_.id(), {}};
  crypto_sign_detached(signature.bytes.data(), nullptr, as_unsigned(bytes), bytes.size(),
                       as_unsigned(secret_key_.reveal()));
  return signature;
}

bool is_signed(const Signature& signature, const PublicKey& key, Purpose purpose,
               std::string_view server, std::string_view form) {
  if (signature.key != key.id()) return false;
  const std::string bytes = signed_bytes(purpose, server, form);
  return crypto_sign_verify_detached(signature.bytes.data(), as_unsigned(bytes), bytes.size(),
                                     key.bytes.data()) == 0;
}

}  // namespace chatd::federation
