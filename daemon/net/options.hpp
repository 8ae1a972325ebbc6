#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/net/stall_watch.hpp"
#include "daemon/wire/packet.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace chatd::net {

class StaticFiles;

// One address to listen on.
struct Listen {
  std::string address;     // "0.0.0.0", "::", "127.0.0.1": numeric
  std::uint16_t port = 0;  // 0: any free one, see Server::endpoints()
  bool is_tls = true;      // false: loopback only, for a reverse proxy or tests
  // The peer is a proxy of ours: X-Forwarded-For says who the client is, and the bound per address
  // does not count.
  bool is_behind_proxy = false;
};

// PEM files: the certificate with its chain behind it, and its key.
struct TlsFiles {
  std::string certificate;
  std::string key;
};

// What a GET answers.
struct HttpReply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
};
struct Route {
  std::function<HttpReply()> answer;  // called on any I/O thread; must not block
  bool for_browsers = false;          // pages of the allowed origins may read it (CORS)
  // Only who asks from a loopback address, and not through a proxy, is told that it is there.
  bool for_this_machine = false;
};

// How long peers may take. Checked about four times per shortest, so each may last a little longer.
struct Timeouts {
  Millis handshake{10'000};        // TLS, headers, upgrade: a slow phone needs 2 s
  Millis ping{45'000};             // idle WebSocket: below the 60 s of common proxies and NATs
  Millis hang_up{75'000};          // idle in spite of the ping
  Millis message{30'000};          // from a frame's first fragment to its last
  Millis http_body{60'000};        // 512 KiB at 9 KiB/s
  Millis http_answer{70'000};      // long polls last up to 60 s
  Millis http_idle{30'000};        // between two requests on one connection
  Millis closing{10'000};          // from the decision to close until the peer agrees
  Millis stalled = kStalledAfter;  // a link
};

// Who may come in. May change while the server runs.
struct Access {
  // People behind one NAT share an address; a /64 counts as one IPv6 address.
  std::size_t max_per_address = 256;
  std::vector<std::string> allowed_origins;  // of browser pages on other hosts; "*" is any
};

struct Options {
  std::vector<Listen> listen;
  TlsFiles tls;                // needed when something listens with TLS
  std::string control_socket;  // path; empty: none
  unsigned io_threads = 1;     // 1 to 64; thread 0 is whoever runs the loop given to create()

  // Each costs about 17 KiB and a descriptor. Fewer where the system allows fewer descriptors.
  std::size_t max_connections = 10'000;
  // Connections that have not finished their handshake. Beyond the first the oldest makes room: a
  // handshake takes a moment, so that is one of somebody who only holds it open.
  std::size_t max_unfinished = 1'024;
  std::size_t max_unfinished_per_address = 64;
  // Parts of frames that wait for their end, all connections of a thread together.
  std::size_t max_partial_bytes = std::size_t{64} * 1024 * 1024;
  // Admin tools at once; each may hold replies of 16 MiB.
  std::size_t max_controls = 16;

  // Lets other servers in: WebSockets with kLinkSubprotocol, over TLS 1.3 only.
  bool takes_links = false;

  Timeouts timeouts;
  Access access;
  std::map<std::string, Route> routes;       // by path
  std::shared_ptr<const StaticFiles> files;  // where no route is; null: none
  wire::Packet behind;                       // tells a reader that live packets stopped
};

}  // namespace chatd::net
