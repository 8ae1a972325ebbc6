#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/hash.hpp"
#include "daemon/base/result.hpp"
#include "daemon/net/options.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

namespace chatd::net {

// What an admin wants to know of a certificate.
struct TlsInfo {
  std::string subject;  // "CN = chat.example"
  std::string issuer;
  std::vector<std::string> names;  // the DNS names and addresses it is good for
  TimeMs not_before_ms = 0;
  TimeMs not_after_ms = 0;
  std::string fingerprint;  // SHA-256 of the certificate, hexadecimal
};

// A certificate with its chain and key: proven to fit together and valid today. Immutable; shared
// by all I/O threads.
class TlsIdentity {
 public:
  // Reads both files. Refuses, with one sentence, what is missing, unreadable, expired or not a
  // pair.
  [[nodiscard]] static Result<std::shared_ptr<const TlsIdentity>> load(const TlsFiles& files);

  [[nodiscard]] const TlsInfo& info() const { return info_; }
  // The handshake that `connection` is about to make shows this certificate and no other.
  [[nodiscard]] Status use_in(SSL* connection) const;

 private:
  struct FreeX509 {
    void operator()(X509* x) const { X509_free(x); }
  };
  struct FreeChain {
    void operator()(STACK_OF(X509) * chain) const { sk_X509_pop_free(chain, X509_free); }
  };
  struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };

  TlsIdentity() = default;
  [[nodiscard]] Status read_certificates(const std::string& path);
  [[nodiscard]] Status read_key(const std::string& path);
  [[nodiscard]] Status check(const TlsFiles& files);

  // Constant after construction
  std::unique_ptr<X509, FreeX509> leaf_;
  std::unique_ptr<STACK_OF(X509), FreeChain> chain_;
  std::unique_ptr<EVP_PKEY, FreeKey> key_;
  TlsInfo info_;
};

// Protocol versions, ciphers and the like: TLS 1.2 with forward secrecy and authenticated
// encryption, or 1.3.
[[nodiscard]] Status configure_tls(SSL_CTX* context);
// The last error of OpenSSL on this thread in its words; forgets all.
[[nodiscard]] std::string openssl_reason();
// What only the two ends of a connection with another server know (RFC 8446 section 7.5): the
// exporter value with the label `EXPORTER-chatd-federation` and an empty context.
[[nodiscard]] Hash256 link_exporter(SSL* connection);

}  // namespace chatd::net
