#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/base/secret.hpp"

#include <functional>
#include <string>

namespace chatd::core {

// Who knows the secrets of accounts (a plugin). Loop only; answers once, on the loop, later.
class AuthPort {
 public:
  using Done = std::function<void(Status)>;

  AuthPort() = default;
  AuthPort(const AuthPort&) = delete;
  AuthPort& operator=(const AuthPort&) = delete;
  virtual ~AuthPort() = default;

  // Sets the secret of an account that is about to be created, or replaces it: `too_large` or
  // `invalid_params` for a secret that is not acceptable, in words for the person.
  virtual void set_secret(UserId user, Secret secret, Done done) = 0;
  // `unauthenticated` when it is not the one; `rate_limited` after too many wrong ones. `network`
  // is where the question comes from (network_of).
  virtual void verify(UserId user, std::string network, Secret secret, Done done) = 0;
  virtual void erase(UserId user, Done done) = 0;
};

}  // namespace chatd::core
