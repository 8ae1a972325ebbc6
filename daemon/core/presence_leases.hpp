#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/passing.hpp"
#include "daemon/core/task.hpp"
#include "daemon/core/timers.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

namespace chatd::core {

struct Context;

// Which servers are told how our users are, and what they know. A server asks for those whom its
// own users care about; it gets one answer, then changes until the lease lapses. What it may know
// is asked of our own rows each time anew. So a change costs as many frames as there are servers
// that care, whoever looks there. Loop only; owned by the core.
class PresenceLeases {
 public:
  explicit PresenceLeases(Context& core) : core_(core) {}
  PresenceLeases(const PresenceLeases&) = delete;
  PresenceLeases& operator=(const PresenceLeases&) = delete;

  // Answers later. `limit_reached`: too many of that server wait for an answer.
  [[nodiscard]] Status take(const std::string& server, PresenceLease lease);
  // The link with it is another one, or none: it has to ask again.
  void end(const std::string& server);
  // They are otherwise than before, or somebody else may see it.
  void changed(const UserId& user);

  [[nodiscard]] std::size_t size() const;

 private:
  using Seen = PresenceNews::Seen;
  struct Lease {
    RoomId room;  // as PresenceLease::Wish
    Monotonic until{};
    std::optional<Seen> told;         // nullopt: nothing
    std::optional<Timers::Id> pause;  // runs while no more is told: the newest is, when it ends
  };
  using ByServer = std::map<std::string, Lease>;
  struct Peer {
    std::set<UserId> users;
    std::size_t waiting = 0;  // answers
  };

  [[nodiscard]] Task<void> answer(std::string server, PresenceLease lease);
  [[nodiscard]] Task<void> tell(UserId user, std::string server);
  [[nodiscard]] Task<std::optional<Seen>> seen_from(UserId user, std::string server, RoomId room);
  [[nodiscard]] Lease* find(const UserId& user, const std::string& server);
  void hold(const PresenceLease::Wish& wish, const std::string& server, std::optional<Seen> told);
  void drop_lapsed(const std::string& server);
  void drop(const UserId& user, const std::string& server);

  Context& core_;
  std::unordered_map<UserId, ByServer> leases_;
  std::map<std::string, Peer> peers_;
};

}  // namespace chatd::core
