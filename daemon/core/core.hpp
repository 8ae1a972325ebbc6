#pragma once

#include "daemon/core/context.hpp"
#include "daemon/core/peer_service.hpp"
#include "daemon/wire/codec.hpp"

#include <functional>
#include <optional>
#include <string>

namespace chatd::core {

// The rules of the server, without any I/O: what comes in are sessions, requests and the passing of
// time; what goes out goes through the ports. The daemon and the simulation drive the same one.
// One thread; after each batch of calls end_turn() must be called.
class Core {
 public:
  Core(const Ports& ports, Settings settings) : context_(ports, std::move(settings)) {}

  // Reads what must be known before the first session: how many accounts there are, and where the
  // commit feed stands when somebody reads it. Calls back once, on the loop, later.
  void start(FeedListener* feed_reader, std::function<void(Status)> done);

  // Other servers are reached through `peers` from now on. The epoch has grown since the last start
  // where this server was put back from a backup. Before start(); `peers` outlives all calls.
  void federate(PeerPort& peers, std::uint64_t restore_epoch = 0) {
    context_.peers = &peers;
    context_.restore_epoch = restore_epoch;
  }
  // What other servers ask of this one.
  [[nodiscard]] PeerService& peer_service() { return peer_service_; }

  void open(SessionId session, Door door, std::string address, Secret bearer);
  void request(SessionId session, wire::Decoded decoded);
  void close(SessionId session);

  // Timers that are due, then what the turn wrote goes to the disk. Returns when to come back at
  // the latest.
  std::optional<Monotonic> end_turn();

  // Tells everyone to come back between these delays, and takes no new requests. What was accepted
  // goes on; is_idle() tells when it is done.
  void drain(Millis reconnect_after, Millis reconnect_before);
  [[nodiscard]] bool is_idle() const;

  void apply(Settings settings) { context_.settings = std::move(settings); }
  // For the app's metrics and the tests' invariants.
  [[nodiscard]] const Context& context() const { return context_; }
  [[nodiscard]] Context& context() { return context_; }

 private:
  void refuse(const Session& session, const std::string& id, const Error& error);

  Context context_;
  PeerService peer_service_{context_};
};

}  // namespace chatd::core
