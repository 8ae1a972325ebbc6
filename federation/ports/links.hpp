#pragma once

#include "daemon/base/hash.hpp"
#include "daemon/base/result.hpp"
#include "federation/server_document.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::federation {

// One connection with another server; numbers never repeat.
class LinkId {
 public:
  constexpr LinkId() = default;
  constexpr explicit LinkId(std::uint64_t value) : value_(value) {}
  [[nodiscard]] constexpr std::uint64_t value() const { return value_; }
  auto operator<=>(const LinkId&) const = default;

 private:
  std::uint64_t value_ = 0;
};

// Where a server is. What the admin pinned (Pin) is looked at less closely: whose root key is known
// needs no certificate, and an address that the admin wrote may be a private one.
struct Target {
  std::string server;
  Endpoint at;
  bool checks_certificate = true;  // it must be good for `server`
  bool may_be_private = false;     // else only an address of the public internet will do
};

// The way to other servers: TLS 1.3, and on it WebSocket with the subprotocol
// `chatd.federation.v1`, each binary message one frame. Loop only; never calls back from within.
class LinkPort {
 public:
  LinkPort() = default;
  LinkPort(const LinkPort&) = delete;
  LinkPort& operator=(const LinkPort&) = delete;
  virtual ~LinkPort() = default;

  // opened() or closed() of the sink follows.
  virtual LinkId dial(const Target& target) = 0;
  virtual void send(LinkId link, std::string frame) = 0;
  // Bytes that were sent and have not left yet. drained() is told when it falls below a half of
  // kLinkQueueBytes after it was above.
  [[nodiscard]] virtual std::size_t queued(LinkId link) const = 0;
  // After what was sent before has left, or could not; closed() follows.
  virtual void close(LinkId link) = 0;

  // GET /.well-known/chatd: the server document's binary form, which is base64url in the answer's
  // member "document".
  virtual void fetch_document(const Target& target,
                              std::function<void(Result<std::string>)> done) = 0;
  // The targets of the SRV records (RFC 2782) with this name, in the order in which to try them.
  virtual void look_up(const std::string& name,
                       std::function<void(Result<std::vector<Endpoint>>)> done) = 0;
};

// What happens on links. Loop only.
class LinkSink {
 public:
  LinkSink() = default;
  LinkSink(const LinkSink&) = delete;
  LinkSink& operator=(const LinkSink&) = delete;
  virtual ~LinkSink() = default;

  // `exporter`: the TLS exporter value of this connection (handshake.hpp).
  virtual void opened(LinkId link, const Hash256& exporter) = 0;  // it was dialled
  virtual void accepted(LinkId link, std::string address, const Hash256& exporter) = 0;
  virtual void received(LinkId link, std::string_view frame) = 0;
  virtual void drained(LinkId link) = 0;
  // Also when it never opened. `why` in words, for the admin.
  virtual void closed(LinkId link, std::string why) = 0;
};

}  // namespace chatd::federation
