#pragma once

#include "daemon/base/clock.hpp"

#include <cstdint>
#include <string_view>

// Another server that goes on talking and takes nothing of what is sent to it. What a link may have
// on its way fits into what the system holds for each connection, so only the system sees it; and
// its own deadline (TCP_USER_TIMEOUT) begins anew with each packet that comes.
namespace chatd::net {

// So long a server may hang and finds its link still there, as when it says nothing.
inline constexpr Millis kStalledAfter{60'000};
inline constexpr std::string_view kStalled = "it takes nothing of what is sent to it";

// What the system was given for the other side of a connection.
struct Outgoing {
  std::uint64_t waiting_bytes = 0;  // not taken yet
  std::uint64_t taken_bytes = 0;    // ever
};
// Nothing waits where it can't tell.
[[nodiscard]] Outgoing outgoing_of(int socket);

// One connection. Its owner's thread only.
class StallWatch {
 public:
  // Whether something has been waiting for so long in which nothing was taken, as far as was
  // looked.
  [[nodiscard]] bool is_stalled(const Outgoing& out, Monotonic now, Millis patience);

 private:
  std::uint64_t taken_bytes_ = 0;
  Monotonic moved_at_{};  // or nothing was waiting
};

}  // namespace chatd::net
