#pragma once

#include "daemon/base/bytes.hpp"
#include "daemon/base/hash.hpp"
#include "daemon/base/random.hpp"
#include "daemon/base/result.hpp"
#include "daemon/base/secret.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// What servers sign with: Ed25519 (RFC 8032) through libsodium. Values; any thread.
namespace chatd::federation {

// What a signature says. Each purpose has its own context string in what is signed: a signature
// made for one is worth nothing for another.
enum class Purpose : std::uint8_t {
  key,       // the root key: this signing key is mine
  document,  // this is my server document
  dial,      // I opened this connection
  accept,    // I answered on this connection
  record,    // one of my users said this
  head,      // this is where the log ends that I am the hub of
  state      // this is what that log makes the room
};
[[nodiscard]] std::string_view context(Purpose purpose);

// The name of a public key: its BLAKE2b-256.
class KeyId {
 public:
  KeyId() : bytes_{} {}
  explicit KeyId(const Hash256& hash) : bytes_(hash) {}
  [[nodiscard]] static Result<KeyId> parse(std::string_view text);
  [[nodiscard]] std::string_view bytes() const { return view(bytes_); }
  [[nodiscard]] std::string text() const;  // 43 characters of base64url
  auto operator<=>(const KeyId&) const = default;

 private:
  Hash256 bytes_;
};

struct PublicKey {
  std::array<std::uint8_t, 32> bytes{};
  [[nodiscard]] KeyId id() const;
  auto operator<=>(const PublicKey&) const = default;
};

// A signature always names its key.
struct Signature {
  KeyId key;
  std::array<std::uint8_t, 64> bytes{};
  auto operator<=>(const Signature&) const = default;
};
void write(ByteWriter& out, const Signature& signature);
[[nodiscard]] Result<Signature> read_signature(ByteReader& in);
// As it is written: of wire::kOriginSignatureBytes.
[[nodiscard]] std::string bytes_of(const Signature& signature);

// A public key and the secret that signs for it. Move-only, wiped when it goes.
class KeyPair {
 public:
  static constexpr std::size_t kSeedBytes = 32;
  // `random`: the system's, unless it is a test.
  [[nodiscard]] static Secret make_seed(Random& random);
  // The seed is all there is to keep; an error when it has another length.
  [[nodiscard]] static Result<KeyPair> from_seed(const Secret& seed);

  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
  // Signs `form` in the name of `server`. The name is signed too: who publishes another's key as
  // its own gets none of the other's signatures with it.
  [[nodiscard]] Signature sign(Purpose purpose, std::string_view server,
                               std::string_view form) const;

 private:
  KeyPair(const PublicKey& public_key, Secret secret_key)
      : public_key_(public_key), secret_key_(std::move(secret_key)) {}

  // Constant after construction
  PublicKey public_key_;
  Secret secret_key_;
};

// Whether `key` made this signature of `form` for `server`. Whose key it is, and whether it was
// valid, is for the caller to know.
[[nodiscard]] bool is_signed(const Signature& signature, const PublicKey& key, Purpose purpose,
                             std::string_view server, std::string_view form);

}  // namespace chatd::federation
