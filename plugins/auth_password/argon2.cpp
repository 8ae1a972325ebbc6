#include "plugins/auth_password/argon2.hpp"

#include <sodium.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace auth_password {

Wiped::~Wiped() {
  if (!bytes_.empty()) sodium_memzero(bytes_.data(), bytes_.size());
}

std::optional<std::string> Argon2::hash(std::string_view secret) const {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), secret.data(), secret.size(), passes_, memory_bytes_,
                            crypto_pwhash_ALG_ARGON2ID13) != 0)
    return std::nullopt;
  return std::string(out.data());
}

Verdict Argon2::verify(const std::string& stored, std::string_view secret) const {
  if (stored.size() >= crypto_pwhash_STRBYTES) return Verdict::wrong;
  errno = 0;
  if (crypto_pwhash_str_verify(stored.c_str(), secret.data(), secret.size()) == 0)
    return Verdict::right;
  return errno == ENOMEM ? Verdict::no_memory : Verdict::wrong;
}

bool Argon2::is_outdated(const std::string& stored) const {
  return crypto_pwhash_str_needs_rehash(stored.c_str(), passes_, memory_bytes_) != 0;
}

std::string key_of(std::string_view user) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(user.data()),
                     user.size(), nullptr, 0);
  return "u" + std::string(reinterpret_cast<const char*>(hash.data()), hash.size());
}

}  // namespace auth_password
