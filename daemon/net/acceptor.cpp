#include "daemon/net/acceptor.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/log.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>

namespace chatd::net {
namespace {

// What the kernel holds while we are busy: thousands of clients come back at once after a restart.
constexpr int kBacklog = 4'096;
// Per turn of the loop, so that those who are in already are not kept waiting.
constexpr int kMaxAcceptsPerTurn = 64;
// Reports beyond this mean that loop 0 hangs; they are owed, so they are kept anyway.
constexpr std::size_t kMaxReports = 65'536;
constexpr Millis kOutOfDescriptorsPause{100};

Result<Socket> listen_on(const Address& address) {
  sockaddr_storage native{};
  const socklen_t size = address.fill(native);
  Socket socket(::socket(native.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (socket.is_open()) {
    setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    // "::" takes IPv4 too, whatever the system's default is: most servers have both.
    const int off = 0;
    if (address.is_v6()) setsockopt(socket.fd(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  }
  if (!socket.is_open() ||
      bind(socket.fd(), reinterpret_cast<const sockaddr*>(&native), size) != 0 ||
      listen(socket.fd(), kBacklog) != 0) {
    return fail(Code::unavailable,
                fmt::format("can't listen on {}: {}", address.text(), std::strerror(errno)));
  }
  return socket;
}

Address local_address(const Socket& socket) {
  sockaddr_storage native{};
  socklen_t size = sizeof native;
  getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&native), &size);
  return Address::from(native);
}

}  // namespace

struct Acceptor::Door {
  Socket socket;
  Listen listen;
  Acceptor* acceptor = nullptr;
  uv_poll_t* poll = nullptr;  // freed by its close callback

  ~Door() {
    if (poll == nullptr) return;
    uv_close(reinterpret_cast<uv_handle_t*>(poll),
             [](uv_handle_t* handle) { delete reinterpret_cast<uv_poll_t*>(handle); });
  }
};

Result<std::unique_ptr<Acceptor>> Acceptor::create(Loop& loop, const Options& options,
                                                   std::function<void(Arrival&&)> hand_over) {
  std::unique_ptr<Acceptor> acceptor(new Acceptor(loop, options, std::move(hand_over)));
  for (const Listen& listen : options.listen) CHATD_CHECK(acceptor->open(listen));
  return acceptor;
}

Acceptor::Acceptor(Loop& loop, const Options& options, std::function<void(Arrival&&)> hand_over)
    : loop_(loop),
      hand_over_(std::move(hand_over)),
      waker_(loop, [this] { take_reports(); }),
      reports_(kMaxReports, [this] { waker_.wake(); }),
      admission_({.max_connections = options.max_connections,
                  .max_per_address = options.access.max_per_address,
                  .max_unfinished_per_address = options.max_unfinished_per_address}),
      reopen_alarm_(loop, [this] { set_open(true); }) {}

Acceptor::~Acceptor() = default;

Status Acceptor::open(const Listen& listen) {
  CHATD_TRY(const Address wanted, Address::parse(listen.address, listen.port));
  if (!listen.is_tls && !wanted.is_loopback()) {
    return fail(Code::invalid_params,
                fmt::format("{} without TLS: only loopback addresses may do that", wanted.text()));
  }
  auto door = std::make_unique<Door>();
  CHATD_TRY(door->socket, listen_on(wanted));
  door->listen = listen;
  door->acceptor = this;
  door->poll = new uv_poll_t{};
  const int failed = uv_poll_init(loop_.native(), door->poll, door->socket.fd());
  CHATD_ASSERT(failed == 0);
  door->poll->data = door.get();
  endpoints_.push_back(local_address(door->socket));
  doors_.push_back(std::move(door));
  return {};
}

void Acceptor::start() { set_open(true); }

void Acceptor::stop() {
  reopen_alarm_.clear();
  doors_.clear();
}

void Acceptor::set_open(bool is_open) {
  for (const auto& door : doors_) {
    if (!is_open) {
      uv_poll_stop(door->poll);
      continue;
    }
    uv_poll_start(door->poll, UV_READABLE, [](uv_poll_t* poll, int, int) {
      const auto* const ready = static_cast<Door*>(poll->data);
      ready->acceptor->accept_some(*ready);
    });
  }
}

void Acceptor::accept_some(const Door& door) {
  for (int i = 0; i < kMaxAcceptsPerTurn; ++i) {
    sockaddr_storage native{};
    socklen_t size = sizeof native;
    Socket socket(accept4(door.socket.fd(), reinterpret_cast<sockaddr*>(&native), &size,
                          SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.is_open()) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        // The socket stays readable: without a pause this would spin.
        log::warning("can't accept connections", {{"reason", std::strerror(errno)}});
        set_open(false);
        reopen_alarm_.set(std::chrono::steady_clock::now() + kOutOfDescriptorsPause);
      }
      return;
    }
    counters_.accepted.add();
    admit(std::move(socket), Address::from(native), door.listen);
  }
}

void Acceptor::admit(Socket socket, const Address& peer, const Listen& listen) {
  switch (admission_.arrive(peer.group(), !listen.is_behind_proxy)) {
    case Admission::Verdict::full:
      counters_.refused_total.add();
      return;
    case Admission::Verdict::full_for_address:
      counters_.refused_per_address.add();
      return;
    case Admission::Verdict::welcome:
      break;
  }
  counters_.connections.add();
  const int on = 1;  // we join packets ourselves; what we write is meant to leave
  setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  hand_over_({.socket = std::move(socket),
              .peer = peer.ip(),
              .address_group = peer.group(),
              .is_tls = listen.is_tls,
              .is_behind_proxy = listen.is_behind_proxy});
}

void Acceptor::report(const Progress& progress) {
  if (loop_.is_on_this_thread()) {
    count(progress);
  } else {
    reports_.put_owed(Progress(progress));
  }
}

void Acceptor::take_reports() {
  reports_.take_all(taken_);
  for (const Progress& progress : taken_) count(progress);
}

void Acceptor::count(const Progress& progress) {
  switch (progress.step) {
    case Progress::Step::shook_hands:
      admission_.finish_handshake(progress.address_group, !progress.is_behind_proxy);
      break;
    case Progress::Step::left_unfinished:
    case Progress::Step::left:
      counters_.connections.subtract();
      admission_.leave(progress.address_group, !progress.is_behind_proxy,
                       progress.step == Progress::Step::left);
      break;
  }
}

}  // namespace chatd::net
