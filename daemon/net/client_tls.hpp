#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"
#include "daemon/net/socket.hpp"
#include "daemon/net/stall_watch.hpp"

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace chatd::net {

// Where another server is.
struct Place {
  std::string server;  // the domain that its certificate must be good for
  std::string host;    // a domain name or an IP address
  std::uint16_t port = 0;
  bool checks_certificate = true;
  bool may_be_private = false;  // else only an address of the public internet will do
  Millis patience{15'000};      // from the look-up of the host until it has answered
  Millis stalled = kStalledAfter;
};

// What all connections to other servers begin with: TLS 1.3, and whose certificates are believed.
// Loop only.
class ClientTls {
 public:
  using Connection = std::unique_ptr<SSL, decltype(&SSL_free)>;

  // `ca_file`: PEM, in place of the system's authorities; empty: those. They are read when the
  // first certificate is to be checked, since they take some 700 KiB.
  [[nodiscard]] static Result<std::unique_ptr<ClientTls>> create(std::string ca_file);

  // A handshake about to begin on a connected socket.
  [[nodiscard]] Result<Connection> start(const Socket& socket, const Place& place);

 private:
  explicit ClientTls(std::string ca_file)
      : ca_file_(std::move(ca_file)), context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {}
  [[nodiscard]] Status read_authorities();

  // Constant after construction
  const std::string ca_file_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  // Loop only
  bool has_authorities_ = false;
};

}  // namespace chatd::net
