#include "tests/support/ws_client.hpp"

#include <openssl/err.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace chatd::tests {

std::unique_ptr<Stream> Stream::open(std::uint16_t port, const std::string& trusted,
                                     std::chrono::milliseconds patience, const std::string& host) {
  std::signal(SIGPIPE, SIG_IGN);
  std::unique_ptr<Stream> stream(new Stream(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
  stream->set_patience(patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  if (connect(stream->fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return nullptr;
  const int on = 1;
  setsockopt(stream->fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (!trusted.empty() && !stream->shake_hands(trusted)) return nullptr;
  return stream;
}

std::unique_ptr<Stream> Stream::open_unix(const std::string& path) {
  std::signal(SIGPIPE, SIG_IGN);
  std::unique_ptr<Stream> stream(new Stream(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)));
  stream->set_patience(std::chrono::seconds(20));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  if (connect(stream->fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return nullptr;
  return stream;
}

Stream::~Stream() {
  if (tls_ && fd_ >= 0) SSL_shutdown(tls_.get());
  drop();
}

bool Stream::shake_hands(const std::string& trusted) {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_load_verify_locations(context_.get(), trusted.c_str(), nullptr);
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  tls_.reset(SSL_new(context_.get()));
  SSL_set1_host(tls_.get(), "localhost");
  SSL_set_tlsext_host_name(tls_.get(), "localhost");
  SSL_set_fd(tls_.get(), fd_);
  return SSL_connect(tls_.get()) == 1;
}

bool Stream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ERR_clear_error();
    const ssize_t wrote = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                               : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

void Stream::hold(bool is_held) {
  const int on = is_held ? 1 : 0;
  setsockopt(fd_, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
}

// True: more is buffered; false: the end; nothing: patience ended.
std::optional<bool> Stream::fill() {
  std::array<char, 16 * 1024> bytes{};
  ERR_clear_error();
  const ssize_t size = tls_ ? SSL_read(tls_.get(), bytes.data(), static_cast<int>(bytes.size()))
                            : recv(fd_, bytes.data(), bytes.size(), 0);
  if (size > 0) {
    buffered_.append(bytes.data(), static_cast<std::size_t>(size));
    return true;
  }
  const bool must_wait =
      tls_ ? SSL_get_error(tls_.get(), static_cast<int>(size)) == SSL_ERROR_WANT_READ
           : size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  if (must_wait) return std::nullopt;
  return false;
}

std::optional<std::string> Stream::read_some() {
  if (buffered_.empty() && !fill()) return std::nullopt;
  return std::exchange(buffered_, {});
}

std::optional<std::string> Stream::read_exactly(std::size_t size) {
  while (buffered_.size() < size)
    if (!fill().value_or(false)) return std::nullopt;
  std::string bytes = buffered_.substr(0, size);
  buffered_.erase(0, size);
  return bytes;
}

std::optional<std::string> Stream::read_until(std::string_view mark) {
  std::size_t found = 0;
  while ((found = buffered_.find(mark)) == std::string::npos)
    if (!fill().value_or(false)) return std::nullopt;
  return read_exactly(found + mark.size());
}

bool Stream::read_to_end() {
  while (true) {
    buffered_.clear();
    const auto more = fill();
    if (!more) return false;
    if (!*more) return true;
  }
}

void Stream::set_patience(std::chrono::milliseconds patience) {
  const timeval wait{.tv_sec = patience.count() / 1000, .tv_usec = patience.count() % 1000 * 1000};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
}

std::string Stream::fingerprint() const {
  const std::unique_ptr<X509, decltype(&X509_free)> cert(SSL_get1_peer_certificate(tls_.get()),
                                                         &X509_free);
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  X509_digest(cert.get(), EVP_sha256(), digest.data(), &size);
  std::string text;
  for (const unsigned char byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

void Stream::drop() {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

}  // namespace chatd::tests
