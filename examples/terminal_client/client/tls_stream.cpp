#include "tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace client {
namespace {

// What one call of advance() reads at most, so that a fast server cannot keep the person waiting.
constexpr int kReadsPerCall = 64;

std::string openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown error" : reason;
}

bool is_ip_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> buffer{};
  return inet_pton(AF_INET, host.c_str(), buffer.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), buffer.data()) == 1;
}

}  // namespace

Outcome<TlsContext> TlsContext::create(const std::string& ca_file) {
  std::shared_ptr<ssl_ctx_st> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (context == nullptr) return {{}, "TLS can't be set up: " + openssl_error()};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context.get(), SSL_OP_IGNORE_UNEXPECTED_EOF);
  const bool is_trusting =
      ca_file.empty() ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                      : SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr) == 1;
  if (!is_trusting) return {{}, "no certificates to trust in " + ca_file + ": " + openssl_error()};
  return {TlsContext(std::move(context)), {}};
}

TlsStream::TlsStream(const TlsContext& context, std::string host, const std::string& port)
    : context_(context),
      host_(std::move(host)),
      addresses_(nullptr, freeaddrinfo),
      ssl_(nullptr, SSL_free) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  // RFC 6761 section 6.3: this machine, also where no hosts file says so.
  const char* const name = host_ == "localhost" ? nullptr : host_.c_str();
  if (const int failed = getaddrinfo(name, port.c_str(), &hints, &found); failed != 0) {
    close(host_ + " is not found: " + gai_strerror(failed));
    return;
  }
  addresses_.reset(found);
  next_address_ = found;
  connect_next();
}

TlsStream::~TlsStream() { close({}); }

void TlsStream::close(std::string error) {
  if (state_ == State::closed) return;
  if (state_ == State::open) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  has_more_ = false;
  error_ = std::move(error);
  state_ = State::closed;
}

void TlsStream::connect_next() {
  while (next_address_ != nullptr) {
    const addrinfo& address = *next_address_;
    next_address_ = address.ai_next;
    if (fd_ >= 0) ::close(fd_);
    fd_ = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd_ < 0) continue;
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd_, address.ai_addr, address.ai_addrlen) == 0) return start_tls();
    if (errno == EINPROGRESS) return;
  }
  close(std::string("no connection to the server: ") + std::strerror(errno));
}

void TlsStream::finish_connect() {
  pollfd ready{fd_, POLLOUT, 0};
  if (poll(&ready, 1, 0) <= 0) return;  // not decided yet
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error == 0) return start_tls();
  errno = error;
  connect_next();
}

void TlsStream::start_tls() {
  ssl_.reset(SSL_new(context_.get()));
  if (ssl_ == nullptr) return close("TLS can't be started: " + openssl_error());
  SSL_set_fd(ssl_.get(), fd_);
  // The certificate must be for the name that was asked for.
  if (is_ip_address(host_)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host_.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl_.get(), host_.c_str());
    SSL_set1_host(ssl_.get(), host_.c_str());
  }
  state_ = State::handshaking;
  handshake();
}

void TlsStream::handshake() {
  ERR_clear_error();
  const int done = SSL_connect(ssl_.get());
  if (done == 1) {
    state_ = State::open;
    return;
  }
  const int reason = SSL_get_error(ssl_.get(), done);
  if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) {
    handshake_wants_ = reason == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    return;
  }
  const long verdict = SSL_get_verify_result(ssl_.get());
  close(verdict == X509_V_OK ? "the TLS handshake failed: " + openssl_error()
                             : std::string("the server's certificate is not accepted: ") +
                                   X509_verify_cert_error_string(verdict));
}

short TlsStream::wanted_events() const {
  switch (state_) {
    case State::connecting:
      return POLLOUT;
    case State::handshaking:
      return handshake_wants_;
    case State::open:
      return static_cast<short>(unsent_.empty() ? POLLIN : POLLIN | POLLOUT);
    case State::closed:
      break;
  }
  return 0;
}

void TlsStream::advance(std::string& received) {
  if (state_ == State::connecting) finish_connect();
  if (state_ == State::handshaking) handshake();
  if (state_ == State::open) write_some();
  if (state_ == State::open) read_some(received);
}

void TlsStream::write_some() {
  while (!unsent_.empty()) {
    ERR_clear_error();
    std::size_t written = 0;
    const int done = SSL_write_ex(ssl_.get(), unsent_.data(), unsent_.size(), &written);
    if (done == 1) {
      unsent_.erase(0, written);
      continue;
    }
    const int reason = SSL_get_error(ssl_.get(), done);
    if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE)
      close("the connection broke while sending");
    return;
  }
}

void TlsStream::read_some(std::string& received) {
  std::array<char, 16 * 1024> chunk;
  for (int i = 0; i < kReadsPerCall; ++i) {
    ERR_clear_error();
    std::size_t got = 0;
    const int done = SSL_read_ex(ssl_.get(), chunk.data(), chunk.size(), &got);
    if (done == 1) {
      received.append(chunk.data(), got);
      continue;
    }
    has_more_ = false;
    const int reason = SSL_get_error(ssl_.get(), done);
    if (reason == SSL_ERROR_ZERO_RETURN) return close({});
    if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE)
      close("the connection broke");
    return;
  }
  has_more_ = true;
}

}  // namespace client
