#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace chatd::cli {

// The client's end of a Unix socket on which each frame is one line. Every wait ends at a deadline,
// every frame that comes is bounded. Blocks; one thread.
class SocketClient {
 public:
  // unavailable when nobody listens there, forbidden when this person may not connect.
  [[nodiscard]] static Result<SocketClient> connect(const std::string& path);

  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;
  SocketClient(SocketClient&& other) noexcept;
  SocketClient& operator=(SocketClient&& other) noexcept;
  ~SocketClient();

  // timeout: it could not be sent until then; unavailable: the other side is gone.
  [[nodiscard]] Status send(std::string_view frame, Monotonic deadline);
  // The next frame. timeout; unavailable when the other side ended the connection; internal when
  // the frame is longer than `max_bytes`.
  [[nodiscard]] Result<std::string> receive(Monotonic deadline, std::size_t max_bytes);

 private:
  explicit SocketClient(int fd) : fd_(fd) {}
  int fd_ = -1;
  std::string received_;      // what came behind the frames that were taken
  std::size_t searched_ = 0;  // in it no line ends before here
};

// Never: for events that may come at any time.
inline constexpr Monotonic kNoDeadline = Monotonic::max();

}  // namespace chatd::cli
