#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"
#include "daemon/net/socket.hpp"

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>

namespace chatd::net {

// Where another server is.
struct Place {
  std::string server;  // the domain that its certificate must be good for
  std::string host;    // a domain name or an IP address
  std::uint16_t port = 0;
  bool checks_certificate = true;
  bool may_be_private = false;  // else only an address of the public internet will do
  Millis patience{15'000};      // from the look-up of the host until it has answered
};

// What all connections to other servers begin with: TLS 1.3, and whose certificates are believed.
class ClientTls {
 public:
  using Connection = std::unique_ptr<SSL, decltype(&SSL_free)>;

  // `ca_file`: PEM, in place of the system's authorities; empty: those.
  [[nodiscard]] static Result<std::unique_ptr<ClientTls>> create(const std::string& ca_file);

  // A handshake about to begin on a connected socket.
  [[nodiscard]] Result<Connection> start(const Socket& socket, const Place& place) const;

 private:
  explicit ClientTls(SSL_CTX* context) : context_(context, &SSL_CTX_free) {}

  // Constant after construction
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

}  // namespace chatd::net
