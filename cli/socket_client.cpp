#include "cli/socket_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace chatd::cli {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

tl::unexpected<Error> connect_error(const std::string& path, int number) {
  switch (number) {
    case ENOENT:
      return fail(Code::unavailable,
                  fmt::format("the daemon is not running: there is no socket {}. Start it, or name "
                              "its configuration with --config or its socket with --socket",
                              path));
    case ECONNREFUSED:
      return fail(Code::unavailable,
                  fmt::format("the daemon is not running: nobody listens at {}", path));
    case EACCES:
    case EPERM:
      return fail(Code::forbidden, fmt::format("you may not open {}: run chatctl as root or as the "
                                               "user the daemon runs as",
                                               path));
    case EAGAIN:
      return fail(
          Code::unavailable,
          fmt::format("the daemon does not take connections at {}: it is busy or stuck", path));
    default:
      return fail(Code::unavailable,
                  fmt::format("{} can't be connected to: {}", path, std::strerror(number)));
  }
}

tl::unexpected<Error> ended() { return fail(Code::unavailable, "the daemon ended the connection"); }

// Waits until the socket is ready for `events`.
Status wait_for(int fd, short events, Monotonic deadline) {
  for (;;) {
    int timeout_ms = -1;
    if (deadline != kNoDeadline) {
      const auto left =
          std::chrono::ceil<Millis>(deadline - std::chrono::steady_clock::now()).count();
      timeout_ms = static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
    }
    pollfd poller{fd, events, 0};
    const int ready = poll(&poller, 1, timeout_ms);
    if (ready > 0) return {};
    if (ready == 0) return fail(Code::timeout, "the daemon did not answer in time");
    if (errno != EINTR) return fail(Code::internal, std::strerror(errno));
  }
}

}  // namespace

Result<SocketClient> SocketClient::connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return fail(Code::invalid_params, fmt::format("a socket's path has 1 to {} bytes: {}",
                                                  sizeof address.sun_path - 1, path));
  std::memcpy(address.sun_path, path.data(), path.size());

  SocketClient client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (client.fd_ < 0) return fail(Code::internal, std::strerror(errno));
  if (::connect(client.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return connect_error(path, errno);
  return client;
}

SocketClient::SocketClient(SocketClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      received_(std::move(other.received_)),
      searched_(other.searched_) {}

SocketClient& SocketClient::operator=(SocketClient&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(received_, other.received_);
  std::swap(searched_, other.searched_);
  return *this;
}

SocketClient::~SocketClient() {
  if (fd_ >= 0) close(fd_);
}

Status SocketClient::send(std::string_view frame, Monotonic deadline) {
  const std::array<std::string_view, 2> parts{frame, "\n"};
  for (std::string_view rest : parts) {
    while (!rest.empty()) {
      const auto sent = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        rest.remove_prefix(static_cast<std::size_t>(sent));
      } else if (errno == EAGAIN) {
        CHATD_CHECK(wait_for(fd_, POLLOUT, deadline));
      } else if (errno != EINTR) {
        return ended();
      }
    }
  }
  return {};
}

Result<std::string> SocketClient::receive(Monotonic deadline, std::size_t max_bytes) {
  for (;;) {
    const std::size_t end = received_.find('\n', searched_);
    if (std::min(end, received_.size()) > max_bytes)
      return fail(Code::internal,
                  fmt::format("the daemon's answer is longer than {} bytes", max_bytes));
    if (end != std::string::npos) {
      std::string frame = received_.substr(0, end);
      received_.erase(0, end + 1);
      searched_ = 0;
      return frame;
    }
    searched_ = received_.size();
    CHATD_CHECK(wait_for(fd_, POLLIN, deadline));
    received_.resize(searched_ + kReadBytes);
    const auto got = recv(fd_, received_.data() + searched_, kReadBytes, 0);
    received_.resize(searched_ + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return ended();
    if (got < 0 && errno != EAGAIN && errno != EINTR) return ended();
  }
}

}  // namespace chatd::cli
