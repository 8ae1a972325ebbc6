#pragma once

#include "daemon/base/clock.hpp"
#include "federation/signature.hpp"

#include <span>
#include <string_view>

// The short-lived keys of a server, and when they change. Values; any thread.
namespace chatd::federation {

// From `from` to before `until`.
struct Validity {
  TimeMs from = 0;
  TimeMs until = 0;
  auto operator<=>(const Validity&) const = default;
};

// A key that a server signs with, certified by its root key: all that the root key ever signs. So
// the root may be kept offline. A key is ended before its time by certifying it anew with an
// earlier `until`; later an end never moves.
struct SigningKey {
  PublicKey key;
  Validity validity;
  Signature by_root;

  // Clocks may differ by kMaxClockSkew.
  [[nodiscard]] bool is_valid_at(TimeMs time) const;
};

[[nodiscard]] SigningKey certify(const KeyPair& root, std::string_view server, const PublicKey& key,
                                 Validity validity);
// An error when the validity is none or too long, or the signature not the root's.
[[nodiscard]] Status check(const SigningKey& key, const PublicKey& root, std::string_view server);

// Rotation. The next key is published at least kMaxDocumentAge before it is used, so whoever
// believes an older document still knows the key that signs now; and it takes over before the old
// one ends, so what was signed a moment ago still verifies.
//
// The valid key that came last: the one to sign with. None when there is none.
[[nodiscard]] const SigningKey* key_in_use(std::span<const SigningKey> keys, TimeMs now);
// Whether the next key should be certified and published now.
[[nodiscard]] bool is_rotation_due(std::span<const SigningKey> keys, TimeMs now);
// The validity of the next key.
[[nodiscard]] Validity next_validity(std::span<const SigningKey> keys, TimeMs now);

}  // namespace chatd::federation
