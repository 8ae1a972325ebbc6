#pragma once

#include "daemon/base/random.hpp"
#include "federation/signing_key.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// The files of a server's keys as text. No I/O here: the app reads and writes them, and chatctl
// where there is no server. Values; any thread.
namespace chatd::federation {

inline constexpr std::string_view kRootKeyFile = "root.key";
inline constexpr std::string_view kSigningKeysFile = "signing.keys";
inline constexpr unsigned kKeyFileMode = 0600;  // nobody but the server's account
// A hundred signing keys have 30 KB.
inline constexpr std::size_t kMaxKeyFileBytes = 256 * 1024;

// Who has it is that server, for ever. May be kept elsewhere.
struct RootKeyFile {
  std::string server;
  Secret seed;
};
[[nodiscard]] Secret to_text(const RootKeyFile& file);
// Total. An error names the line, and never what stands there.
[[nodiscard]] Result<RootKeyFile> parse_root_key_file(std::string_view text);

// What the server signs with, which its root key certified.
struct SigningKeysFile {
  struct Key {
    SigningKey certified;
    Secret seed;
  };
  std::string server;
  PublicKey root;
  std::vector<Key> keys;
  Secret requested;  // the seed of one that waits to be certified elsewhere; empty: none
};
[[nodiscard]] Secret to_text(const SigningKeysFile& file);
// Total; all signatures hold.
[[nodiscard]] Result<SigningKeysFile> parse_signing_keys_file(std::string_view text);

// Both, which belong together.
struct KeyFiles {
  RootKeyFile root;
  SigningKeysFile signing;
  // Of a new server, without a signing key. `random`: the system's.
  [[nodiscard]] static Result<KeyFiles> make(const std::string& server, Random& random);
};

// 43 characters of base64url.
[[nodiscard]] std::string text(const PublicKey& key);

}  // namespace chatd::federation
