#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/passing.hpp"
#include "daemon/wire/record.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::core {

struct SharedRoom;  // peer_service.hpp

// How far another server is with one room.
struct PeerProgress {
  bool is_linked = false;
  std::optional<Seq> acked;   // it has the log up to here; known while it is linked and follows
  std::optional<Code> waits;  // why it asked to hand in later what is said there
  std::string error;          // why the last link ended, or could not be made
};

// The other servers, as the core sees them (federation). What it is told are hints: what there is
// to send stands in the outbox, the notices and the log (PeerService), and is found there again
// after a restart. Loop only; never calls back from within.
class PeerPort {
 public:
  PeerPort() = default;
  PeerPort(const PeerPort&) = delete;
  PeerPort& operator=(const PeerPort&) = delete;
  virtual ~PeerPort() = default;

  // Whether this server federates with that one, as the admin decided; `denied` in words.
  [[nodiscard]] virtual Status admits(std::string_view server) const = 0;
  // Since when it can't be reached; nullopt while it can, or was not needed yet.
  [[nodiscard]] virtual std::optional<TimeMs> unreachable_since(std::string_view server) const = 0;
  [[nodiscard]] virtual PeerProgress progress(std::string_view server,
                                              const RoomId& room) const = 0;
  // There is a notice for this server: reach it.
  virtual void wake(const std::string& server) = 0;
  // There is something new in the outbox for this hub: reach it.
  virtual void said_at(const std::string& hub) = 0;
  // A room that is followed is there now: what it fed of that before is asked for again.
  virtual void follows(const std::string& hub) = 0;
  // What waited in the outbox for another hub waits for this one now.
  virtual void redirected(const std::string& hub) = 0;
  // Asks a server whether it would be the hub of this room, which ends there. `timeout`: not yet;
  // `unavailable`: it can't be asked. Calls back once, later.
  virtual void hand_over(const std::string& to, const SharedRoom& head,
                         std::function<void(Status)> done) = 0;
  // A record of a room whose hub this server is has become durable, and these servers follow it.
  virtual void stored(const wire::Record& record, const std::vector<std::string>& followers) = 0;
  // Tells it now or never. False: it was not sent, since there is no link or that is slow.
  virtual bool say(const std::string& server, const Passing& what) = 0;
};

// No federation: every other server is a stranger.
class NoPeers final : public PeerPort {
 public:
  [[nodiscard]] Status admits(std::string_view /*server*/) const override {
    return fail(Code::denied, "this server talks to no other one");
  }
  [[nodiscard]] std::optional<TimeMs> unreachable_since(
      std::string_view /*server*/) const override {
    return std::nullopt;
  }
  [[nodiscard]] PeerProgress progress(std::string_view /*server*/,
                                      const RoomId& /*room*/) const override {
    return {};
  }
  void wake(const std::string& /*server*/) override {}
  void said_at(const std::string& /*hub*/) override {}
  void follows(const std::string& /*hub*/) override {}
  void redirected(const std::string& /*hub*/) override {}
  void hand_over(const std::string& /*to*/, const SharedRoom& /*head*/,
                 std::function<void(Status)> /*done*/) override {}
  void stored(const wire::Record& /*record*/, const std::vector<std::string>& /*to*/) override {}
  bool say(const std::string& /*server*/, const Passing& /*what*/) override { return false; }
};

}  // namespace chatd::core
