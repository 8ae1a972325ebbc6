#include "daemon/net/stall_watch.hpp"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace chatd::net {

Outgoing outgoing_of(int socket) {
  int waiting_bytes = 0;
  tcp_info info{};
  socklen_t size = sizeof info;
  if (ioctl(socket, SIOCOUTQ, &waiting_bytes) != 0 || waiting_bytes <= 0 ||
      getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return {};
  return {static_cast<std::uint64_t>(waiting_bytes), info.tcpi_bytes_acked};
}

bool StallWatch::is_stalled(const Outgoing& out, Monotonic now, Millis patience) {
  if (out.waiting_bytes == 0 || out.taken_bytes != taken_bytes_ || moved_at_ == Monotonic()) {
    taken_bytes_ = out.taken_bytes;
    moved_at_ = now;
    return false;
  }
  return now - moved_at_ >= patience;
}

}  // namespace chatd::net
