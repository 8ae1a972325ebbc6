#include "daemon/net/tls_stream.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/net/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <utility>

namespace chatd::net {
namespace {

// One host may have dozens of addresses, of which most are of no use to us.
constexpr std::size_t kMaxAddresses = 4;
// The longest TLS record; and so many of them before others get their turn.
constexpr std::size_t kReadBytes = 16 * 1024;
constexpr int kMaxReadsPerTurn = 4;
// What an empty buffer keeps: most links are idle.
constexpr std::size_t kKeptBytes = 4 * 1024;
// Within the time in which nothing may be taken.
constexpr int kLooks = 8;
constexpr const char* kTooSlow = "it did not answer in time";

Result<Socket> connect_to(const Address& address) {
  sockaddr_storage native{};
  const socklen_t size = address.fill(native);
  Socket socket(::socket(native.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;  // what we write is meant to leave
  if (socket.is_open()) setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (!socket.is_open() ||
      (connect(socket.fd(), reinterpret_cast<const sockaddr*>(&native), size) != 0 &&
       errno != EINPROGRESS))
    return chatd::fail(Code::unavailable, std::strerror(errno));
  return socket;
}

// Why the last call of OpenSSL failed; empty: the other side ended the connection properly.
std::string reason_of(SSL* tls, int outcome) {
  switch (SSL_get_error(tls, outcome)) {
    case SSL_ERROR_ZERO_RETURN:
      return {};
    case SSL_ERROR_SYSCALL:
      return errno == 0 ? "the connection broke off" : std::strerror(errno);
    default:
      break;
  }
  if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return "the connection broke off";
  return fmt::format("TLS: {}", openssl_reason());
}

}  // namespace

TlsStream::TlsStream(const Parts& parts, Place place, Events& events)
    : parts_(parts),
      place_(std::move(place)),
      events_(events),
      deadline_(std::chrono::steady_clock::now() + place_.patience),
      alarm_(*parts_.loop, [this] { on_alarm(); }),
      self_(std::make_shared<TlsStream*>(this)) {
  alarm_.set(deadline_);
  parts_.resolver->find_addresses(
      place_.host, place_.port,
      [weak = std::weak_ptr(self_)](const Result<std::vector<Address>>& found) {
        if (const auto self = weak.lock()) (*self)->take_addresses(found);
      });
}

TlsStream::~TlsStream() { watch(0); }

void TlsStream::on_alarm() {
  if (state_ == State::over || is_finishing_) return end();
  if (is_settled_) return look_for_stall();
  if (state_ == State::searching && !addresses_.empty()) return connect_next();
  if (state_ != State::open && !addresses_.empty()) return end_attempt(kTooSlow);
  why_ = kTooSlow;
  end();
}

void TlsStream::settle() {
  is_settled_ = true;
  look_for_stall();
}

void TlsStream::look_for_stall() {
  const Monotonic now = std::chrono::steady_clock::now();
  if (stall_.is_stalled(outgoing_of(socket_.fd()), now, place_.stalled))
    return fail(std::string(kStalled));
  alarm_.set(now + place_.stalled / kLooks);
}

void TlsStream::take_addresses(const Result<std::vector<Address>>& found) {
  if (state_ != State::searching) return;
  if (!found) return fail(found.error().message);
  for (const Address& address : *found) {
    if (!place_.may_be_private && !address.is_public())
      why_ = fmt::format("{} is no address of the public internet", address.ip());
    else if (addresses_.size() < kMaxAddresses)
      addresses_.insert(addresses_.begin(), address);
  }
  if (addresses_.empty()) return fail(why_.empty() ? "it has no address" : why_);
  why_.clear();
  connect_next();
}

// The time that is left is shared by the addresses that are.
void TlsStream::connect_next() {
  const Address address = addresses_.back();
  const Monotonic now = std::chrono::steady_clock::now();
  alarm_.set(now + (deadline_ - now) / static_cast<std::int64_t>(addresses_.size()));
  addresses_.pop_back();
  auto socket = connect_to(address);
  if (!socket) return end_attempt(socket.error().message);
  socket_ = *std::move(socket);
  state_ = State::connecting;
  watch(UV_WRITABLE);
}

void TlsStream::end_attempt(std::string why) {
  watch(0);
  tls_.reset();
  socket_.close();
  why_ = std::move(why);
  state_ = State::searching;
  if (addresses_.empty()) return fail(std::move(why_));
  alarm_.set(std::chrono::steady_clock::now());
}

// 0: no more of this socket.
void TlsStream::watch(int events) {
  if (events == watched_) return;
  watched_ = events;
  if (events == 0) {
    uv_close(reinterpret_cast<uv_handle_t*>(std::exchange(poll_, nullptr)),
             [](uv_handle_t* handle) { delete reinterpret_cast<uv_poll_t*>(handle); });
    return;
  }
  if (poll_ == nullptr) {
    poll_ = new uv_poll_t{};
    const int failed = uv_poll_init(parts_.loop->native(), poll_, socket_.fd());
    CHATD_ASSERT(failed == 0);
    poll_->data = this;
  }
  uv_poll_start(poll_, events,
                [](uv_poll_t* poll, int, int) { static_cast<TlsStream*>(poll->data)->on_ready(); });
}

void TlsStream::on_ready() {
  switch (state_) {
    case State::connecting: {
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(socket_.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) return end_attempt(std::strerror(error));
      auto tls = parts_.tls->start(socket_, place_);
      if (!tls) return end_attempt(tls.error().message);
      tls_ = *std::move(tls);
      state_ = State::shaking_hands;
      return shake_hands();
    }
    case State::shaking_hands:
      return shake_hands();
    case State::open:
      flush();
      if (state_ == State::open) read();
      return;
    case State::searching:
    case State::over:
      return;
  }
}

void TlsStream::shake_hands() {
  ERR_clear_error();
  errno = 0;
  const int outcome = SSL_connect(tls_.get());
  if (outcome == 1) {
    state_ = State::open;
    watch(UV_READABLE);
    alarm_.set(deadline_);
    events_.on_open();
    return;
  }
  switch (SSL_get_error(tls_.get(), outcome)) {
    case SSL_ERROR_WANT_READ:
      return watch(UV_READABLE);
    case SSL_ERROR_WANT_WRITE:
      return watch(UV_WRITABLE);
    default:
      break;
  }
  const long judgement = place_.checks_certificate ? SSL_get_verify_result(tls_.get()) : X509_V_OK;
  if (judgement != X509_V_OK)
    return end_attempt(
        fmt::format("its certificate: {}", X509_verify_cert_error_string(judgement)));
  end_attempt(reason_of(tls_.get(), outcome));
}

void TlsStream::read() {
  std::array<char, kReadBytes> buffer;
  for (int reads = 0; reads < kMaxReadsPerTurn && state_ == State::open; ++reads) {
    ERR_clear_error();
    errno = 0;
    const int size = SSL_read(tls_.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (size > 0) {
      events_.on_bytes({buffer.data(), static_cast<std::size_t>(size)});
      continue;
    }
    const int error = SSL_get_error(tls_.get(), size);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
    return fail(is_finishing_ ? why_ : reason_of(tls_.get(), size));
  }
}

void TlsStream::flush() {
  if (state_ != State::open) return;
  const std::size_t before = written_;
  bool is_blocked = false;
  while (queued() > 0 && !is_blocked) {
    ERR_clear_error();
    errno = 0;
    const std::size_t next = std::min(queued(), kReadBytes);
    const int size = SSL_write(tls_.get(), waiting_.data() + written_, static_cast<int>(next));
    if (size > 0) {
      written_ += static_cast<std::size_t>(size);
      continue;
    }
    const int error = SSL_get_error(tls_.get(), size);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE)
      return fail(is_finishing_ ? why_ : reason_of(tls_.get(), size));
    is_blocked = true;
  }
  watch(is_blocked ? UV_READABLE | UV_WRITABLE : UV_READABLE);
  const std::size_t sent = written_ - before;
  if (queued() == 0) {
    if (waiting_.capacity() > kKeptBytes) waiting_ = {};
    waiting_.clear();
    written_ = 0;
  } else if (written_ * 2 >= waiting_.size()) {
    waiting_.erase(0, written_);
    written_ = 0;
  }
  if (sent > 0) events_.on_sent(sent);
  if (queued() == 0 && is_finishing_ && state_ == State::open) fail(std::move(why_));
}

void TlsStream::finish(std::string why, Millis patience) {
  if (state_ != State::open || queued() == 0) return fail(std::move(why));
  is_finishing_ = true;
  why_ = std::move(why);
  alarm_.set(std::chrono::steady_clock::now() + patience);
  watch(UV_READABLE | UV_WRITABLE);
}

void TlsStream::fail(std::string why) {
  if (state_ == State::over) return;
  state_ = State::over;
  why_ = std::move(why);
  alarm_.set(std::chrono::steady_clock::now());
}

void TlsStream::end() {
  state_ = State::over;
  watch(0);
  if (tls_ != nullptr && SSL_is_init_finished(tls_.get()) == 1) SSL_shutdown(tls_.get());
  tls_.reset();
  socket_.close();
  events_.on_end(std::exchange(why_, {}));
}

Hash256 TlsStream::exporter() const { return link_exporter(tls_.get()); }

}  // namespace chatd::net
