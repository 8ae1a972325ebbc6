#pragma once

#include "daemon/base/result.hpp"
#include "daemon/base/secret.hpp"

#include <string>
#include <string_view>

namespace chatd::cli {

// A certificate that vouches for itself, and its private key, as PEM.
struct SelfSigned {
  std::string certificate;
  Secret key;
};

// For `server_name`, ECDSA P-256, valid for a year from now.
[[nodiscard]] Result<SelfSigned> make_self_signed(std::string_view server_name);

}  // namespace chatd::cli
