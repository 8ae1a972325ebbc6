#pragma once

#include "daemon/base/random.hpp"
#include "federation/settings.hpp"
#include "federation/signing_key.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace chatd::federation {

// A signing key of this server.
struct OwnKey {
  SigningKey certified;
  KeyPair pair;
};

// Who this server is: its name, its root key and the keys that it signs with. Made by the app of
// what its files hold, owned by Federation; loop only.
class Identity {
 public:
  // Keeps a new signing key for good, by its seed, before it is used; without a seed: one that is
  // kept already is certified anew.
  using Save = std::function<Status(const SigningKey& certified, const Secret& seed)>;

  // `root`: none where it is kept elsewhere; then new keys are certified there.
  Identity(std::string server, const PublicKey& root_key, std::optional<KeyPair> root,
           std::vector<OwnKey> keys, Save save);

  [[nodiscard]] const std::string& server() const { return server_; }
  [[nodiscard]] const PublicKey& root_key() const { return root_key_; }
  [[nodiscard]] const std::vector<OwnKey>& keys() const { return keys_; }
  // The key to sign with; null when none is valid.
  [[nodiscard]] const KeyPair* signer(TimeMs now) const;
  // Whether it is one of this server's keys, of whatever time.
  [[nodiscard]] const PublicKey* find(const KeyId& id) const;

  // Makes the next key when it is due, and tells whether it did; an error when it can't.
  [[nodiscard]] Result<bool> rotate(TimeMs now, Random& random);
  // The same, due or not: the admin wants it.
  [[nodiscard]] Status add_key(TimeMs now, Random& random);
  // One that was certified elsewhere and is kept already: a new one, or one that ends earlier now.
  // An error when it was not by the root key; conflict when it is there and ends no earlier.
  [[nodiscard]] Status add_key(OwnKey key);
  // Ends a key now, which may be stolen, and makes another one where none is left. not_found for a
  // key that is none of this server's or has ended; unavailable when the root key is elsewhere.
  [[nodiscard]] Status end_key(const KeyId& id, TimeMs now, Random& random);
  // What the root key has to certify for that: the same key, which ends now.
  [[nodiscard]] Result<SigningKey> ended(const KeyId& id, TimeMs now) const;
  // Of the key that comes next.
  [[nodiscard]] Validity next_validity(TimeMs now) const;

  // Its server document, issued now; an error without a valid key.
  [[nodiscard]] Result<ServerDocument> document(const Settings& settings, TimeMs now) const;
  // Whether one that was issued before is still good: a day old at most, and signed by the key that
  // signs now, which a clock that was wrong may have made another one.
  [[nodiscard]] bool is_current(const ServerDocument& document, TimeMs now) const;

 private:
  [[nodiscard]] std::vector<SigningKey> certified() const;
  void insert(OwnKey own);

  // Constant after construction
  std::string server_;
  PublicKey root_key_;
  std::optional<KeyPair> root_;
  Save save_;
  // Loop only
  std::vector<OwnKey> keys_;  // by `from`
};

// The versions of the protocol that this server speaks.
inline constexpr Protocols kProtocols{1, 1};

}  // namespace chatd::federation
