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
#include <vector>

namespace chatd::core {

struct Context;

// How people of other servers are, as those servers tell: for as long as somebody here who is
// connected has them as a contact, or looks at a small room with them in it. What is not told, or
// is no longer told since the link is down, is unknown. Never on disk. Loop only; owned by the
// core.
class RemotePresence {
 public:
  explicit RemotePresence(Context& core) : core_(core) {}
  RemotePresence(const RemotePresence&) = delete;
  RemotePresence& operator=(const RemotePresence&) = delete;

  // Somebody here wants to know; changes follow as events while they are connected. nullopt: they
  // may not see that user. That they are contacts, or look at the room, is for the caller to know.
  [[nodiscard]] std::optional<wire::PresenceInfo> watch_contact(const UserId& viewer,
                                                                const UserId& user);
  [[nodiscard]] std::optional<wire::PresenceInfo> watch_member(const UserId& viewer,
                                                               const UserId& user,
                                                               const RoomId& room);
  // What an account here thinks of that user changed: its devices are told how they are now, if
  // they are contacts.
  [[nodiscard]] Task<void> contact_changed(UserId viewer, UserId user);

  // `conflict`: it answers what was never asked.
  [[nodiscard]] Status take(const std::string& server, PresenceNews news);
  // There is a link with it, or no longer.
  void linked(const std::string& server);
  void unlinked(const std::string& server);

  [[nodiscard]] std::size_t size() const;

 private:
  using Seen = PresenceNews::Seen;
  struct Known {
    bool is_known = false;
    std::optional<Seen> seen;  // where it is known; nullopt: it can't be seen
    bool operator==(const Known&) const = default;
  };
  struct Entry {
    Known now;
    Monotonic known_until{};
    std::optional<Monotonic> asked;
    std::set<UserId> contacts;  // of ours, who look
    std::set<RoomId> rooms;     // that are looked at
  };
  struct Asked {
    std::vector<UserId> users;
    Monotonic at{};
  };
  struct Server {
    std::map<UserId, Entry> users;
    std::map<std::uint64_t, Asked> unanswered;  // by the lease's number
    std::optional<Timers::Id> lease;            // when to look what is to be asked
    std::optional<Monotonic> asked;
    std::optional<Timers::Id> grace;  // runs while a lost link is forgiven
  };

  Entry* entry_of(const UserId& user);
  [[nodiscard]] static std::optional<wire::PresenceInfo> shown(const Known& known,
                                                               const UserId& viewer,
                                                               const UserId& user);
  void lease_after(const std::string& server, Millis delay);
  void lease_soon(const std::string& server);
  void lease(const std::string& name);
  void ask(const std::string& name, Server& server, std::vector<PresenceLease::Wish> wishes);
  void drop_unwanted(Server& server);
  void become(const UserId& user, Entry& entry, Known now);
  [[nodiscard]] Task<void> tell(UserId user, Known before);
  [[nodiscard]] Task<std::set<SessionId>> audience(UserId user);

  Context& core_;
  std::map<std::string, Server, std::less<>> servers_;
  std::uint64_t last_number_ = 0;
};

}  // namespace chatd::core
