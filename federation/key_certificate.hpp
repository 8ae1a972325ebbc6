#pragma once

#include "federation/signing_key.hpp"

#include <string>
#include <string_view>

// How a signing key gets certified where the root key is: as two pieces of text that a person
// carries there and back. No secret is in them. Values; any thread.
namespace chatd::federation {

// "Certify this key of mine", or anew, so that it ends early.
struct KeyRequest {
  std::string server;
  PublicKey key;
  TimeMs from = 0;   // when it is to take over
  TimeMs until = 0;  // when it is to end; 0: whoever certifies it says that

  [[nodiscard]] std::string text() const;  // base64url
  // Total.
  [[nodiscard]] static Result<KeyRequest> parse(std::string_view text);
};

// The answer. Whether its signature holds is for check() to say, with the root key at hand.
struct KeyCertificate {
  std::string server;
  SigningKey key;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] static Result<KeyCertificate> parse(std::string_view text);
};

}  // namespace chatd::federation
