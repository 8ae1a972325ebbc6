#include "daemon/net/client_tls.hpp"

#include "daemon/net/tls.hpp"

#include <fmt/format.h>
#include <openssl/x509v3.h>

#include <string_view>

namespace chatd::net {
namespace {

// As ALPN writes it: nobody is to answer in HTTP/2.
constexpr unsigned char kAlpn[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

}  // namespace

Result<std::unique_ptr<ClientTls>> ClientTls::create(std::string ca_file) {
  std::unique_ptr<ClientTls> tls(new ClientTls(std::move(ca_file)));
  SSL_CTX* const context = tls->context_.get();
  CHATD_CHECK(configure_tls(context));
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_protos(context, kAlpn, sizeof kAlpn);
  return tls;
}

Status ClientTls::read_authorities() {
  if (has_authorities_) return {};
  SSL_CTX* const context = context_.get();
  const int loaded = ca_file_.empty() ? SSL_CTX_set_default_verify_paths(context)
                                      : SSL_CTX_load_verify_file(context, ca_file_.c_str());
  if (loaded != 1)
    return fail(Code::unavailable,
                fmt::format("the certificates of authorities can't be read{}{}: {}",
                            ca_file_.empty() ? "" : " from ", ca_file_, openssl_reason()));
  has_authorities_ = true;
  return {};
}

Result<ClientTls::Connection> ClientTls::start(const Socket& socket, const Place& place) {
  if (place.checks_certificate) CHATD_CHECK(read_authorities());
  Connection tls(SSL_new(context_.get()), &SSL_free);
  bool is_ready = tls != nullptr && SSL_set_fd(tls.get(), socket.fd()) == 1 &&
                  SSL_set_tlsext_host_name(tls.get(), place.server.c_str()) == 1;
  if (is_ready && place.checks_certificate) {
    SSL_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
    SSL_set_hostflags(tls.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    is_ready = SSL_set1_host(tls.get(), place.server.c_str()) == 1;
  }
  if (!is_ready) return fail(Code::unavailable, fmt::format("TLS: {}", openssl_reason()));
  return tls;
}

}  // namespace chatd::net
