#include "tests/bench/load/connection.hpp"

#include "tests/bench/load/stop.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace chatd::bench {
namespace {

constexpr std::size_t kReadBytes = 65536;
constexpr int kEventsPerTurn = 512;
constexpr std::string_view kEndOfHead = "\r\n\r\n";

sockaddr_in ipv4(std::uint32_t address, std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(address);
  return out;
}

int connect_to(std::uint16_t port, std::uint32_t from) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  require(fd >= 0, "no more sockets");
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // The kernel chooses the port when it connects: else each address would have but one range of
  // ports for all servers, and those in TIME_WAIT would use it up.
  ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const sockaddr_in here = ipv4(from, 0);
  require(::bind(fd, reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0,
          "can't connect from another loopback address");
  const sockaddr_in there = ipv4(INADDR_LOOPBACK, port);
  // Whether it failed shows at the handshake.
  static_cast<void>(::connect(fd, reinterpret_cast<const sockaddr*>(&there), sizeof there));
  return fd;
}

std::string upgrade_request(const Endpoint& endpoint) {
  std::string head = "GET " + endpoint.path +
                     " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  if (!endpoint.subprotocol.empty())
    head += "Sec-WebSocket-Protocol: " + endpoint.subprotocol + "\r\n";
  return head + "\r\n";
}

}  // namespace

Loop::Loop(const std::string& ca_file)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      tls_(SSL_CTX_new(TLS_client_method())),
      buffer_(kReadBytes) {
  require(epoll_ >= 0 && tls_ != nullptr, "no epoll or no TLS");
  SSL_CTX_set_min_proto_version(tls_.get(), TLS1_3_VERSION);
  SSL_CTX_set_verify(tls_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_ciphersuites(tls_.get(), "TLS_AES_128_GCM_SHA256");
  SSL_CTX_set_mode(tls_.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                   SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(tls_.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(tls_.get(), 1);
  require(SSL_CTX_load_verify_locations(tls_.get(), ca_file.c_str(), nullptr) == 1,
          "can't read the CA file");
}

Loop::~Loop() { ::close(epoll_); }

void Loop::turn(std::chrono::milliseconds at_most) {
  flush();
  std::array<epoll_event, kEventsPerTurn> events;
  const int count =
      ::epoll_wait(epoll_, events.data(), kEventsPerTurn, static_cast<int>(at_most.count()));
  ready_.clear();
  for (int i = 0; i < count; ++i)
    ready_.push_back(static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
  for (std::size_t i = 0; i < ready_.size(); ++i)
    if (ready_[i] != nullptr) ready_[i]->ready();
  flush();
}

void Loop::flush() {
  // By index: who writes may be lost, and whose owner hears of it may send on another.
  for (std::size_t i = 0; i < waiting_to_write_.size(); ++i)
    if (waiting_to_write_[i] != nullptr) waiting_to_write_[i]->write();
  waiting_to_write_.clear();
}

void Loop::watch(Connection& connection, int fd, bool for_writing, bool is_new) {
  epoll_event event{};
  event.events = EPOLLIN | (for_writing ? EPOLLOUT : 0U);
  event.data.ptr = &connection;
  ::epoll_ctl(epoll_, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
}

void Loop::forget(Connection& connection) {
  std::replace(waiting_to_write_.begin(), waiting_to_write_.end(), &connection,
               static_cast<Connection*>(nullptr));
  std::replace(ready_.begin(), ready_.end(), &connection, static_cast<Connection*>(nullptr));
}

Connection::Connection(Loop& loop, const Endpoint& endpoint, std::uint32_t from, Owner& owner)
    : loop_(loop),
      endpoint_(endpoint),
      owner_(owner),
      fd_(connect_to(endpoint.port, from)),
      ssl_(SSL_new(loop.tls_.get())) {
  SSL_set_fd(ssl_.get(), fd_);
  SSL_set_tlsext_host_name(ssl_.get(), "localhost");
  SSL_set1_host(ssl_.get(), "localhost");
  SSL_set_connect_state(ssl_.get());
  loop_.watch(*this, fd_, true, true);
}

Connection::~Connection() {
  loop_.forget(*this);
  ::close(fd_);
}

void Connection::send(std::string_view message) { queue(endpoint_.opcode, message); }

void Connection::queue(Opcode opcode, std::string_view payload) {
  if (state_ != State::open) return;
  append_frame(out_, opcode, payload);
  mark_dirty();
}

void Connection::mark_dirty() {
  if (is_dirty_) return;
  is_dirty_ = true;
  loop_.waiting_to_write_.push_back(this);
}

void Connection::ready() {
  if (state_ == State::handshaking) handshake();
  if (state_ == State::upgrading || state_ == State::open) {
    if (!out_.empty()) mark_dirty();
    read();
  }
}

void Connection::handshake() {
  const int done = SSL_do_handshake(ssl_.get());
  if (done == 1) {
    state_ = State::upgrading;
    out_ = upgrade_request(endpoint_);
    mark_dirty();
    return;
  }
  const int error = SSL_get_error(ssl_.get(), done);
  const bool for_writing = error == SSL_ERROR_WANT_WRITE;
  if (!for_writing && error != SSL_ERROR_WANT_READ) {
    end("the TLS handshake failed");
  } else if (for_writing != wants_to_write_) {
    wants_to_write_ = for_writing;
    loop_.watch(*this, fd_, for_writing, false);
  }
}

void Connection::write() {
  is_dirty_ = false;
  std::size_t done = 0;
  while (state_ != State::closed && done < out_.size()) {
    std::size_t written = 0;
    const int ok = SSL_write_ex(ssl_.get(), out_.data() + done, out_.size() - done, &written);
    done += written;
    if (ok == 1) continue;
    if (SSL_get_error(ssl_.get(), ok) == SSL_ERROR_WANT_WRITE) break;
    return end("writing failed");
  }
  out_.erase(0, done);
  const bool is_left = !out_.empty();
  if (state_ != State::closed && is_left != wants_to_write_) {
    wants_to_write_ = is_left;
    loop_.watch(*this, fd_, is_left, false);
  }
}

void Connection::read() {
  do {
    std::size_t count = 0;
    const int ok = SSL_read_ex(ssl_.get(), loop_.buffer_.data(), loop_.buffer_.size(), &count);
    if (ok != 1) {
      if (SSL_get_error(ssl_.get(), ok) != SSL_ERROR_WANT_READ) end("the server hung up");
      return;
    }
    take_bytes({loop_.buffer_.data(), count});
  } while (state_ != State::closed && SSL_has_pending(ssl_.get()) == 1);
}

// Whole frames are handed on from where they were read; only a part of one is copied.
void Connection::take_bytes(std::string_view bytes) {
  if (!in_.empty()) {
    in_.append(bytes);
    bytes = in_;
  }
  std::size_t used = 0;
  if (state_ == State::upgrading) used = take_upgrade(bytes);
  if (state_ == State::open) used += take_frames(bytes.substr(used));
  if (in_.empty()) {
    in_.assign(bytes.substr(used));
  } else {
    in_.erase(0, used);
  }
}

std::size_t Connection::take_upgrade(std::string_view bytes) {
  const auto at = bytes.find(kEndOfHead);
  if (at == std::string_view::npos) return 0;
  if (bytes.substr(0, bytes.find('\r')).find(" 101") == std::string_view::npos) {
    end("the WebSocket was refused");
    return bytes.size();
  }
  state_ = State::open;
  owner_.opened();
  return at + kEndOfHead.size();
}

std::size_t Connection::take_frames(std::string_view bytes) {
  std::size_t used = 0;
  while (state_ == State::open) {
    const auto frame = front_frame(bytes.substr(used));
    if (!frame) break;
    used += frame->size;
    take_frame(*frame);
  }
  return used;
}

void Connection::take_frame(const Frame& frame) {
  switch (frame.opcode) {
    case Opcode::ping:
      return queue(Opcode::pong, frame.payload);
    case Opcode::pong:
      return;
    case Opcode::close:
      return end("the server closed the WebSocket");
    case Opcode::continuation:
    case Opcode::text:
    case Opcode::binary:
      break;
  }
  if (frame.is_last && fragments_.empty()) return owner_.received(frame.payload);
  fragments_.append(frame.payload);
  if (!frame.is_last) return;
  owner_.received(fragments_);
  fragments_.clear();
}

void Connection::end(std::string_view why) {
  if (state_ == State::closed) return;
  state_ = State::closed;
  ::epoll_ctl(loop_.epoll_, EPOLL_CTL_DEL, fd_, nullptr);
  loop_.forget(*this);
  ERR_clear_error();
  owner_.lost(why);
}

}  // namespace chatd::bench
