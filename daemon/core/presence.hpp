#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/core/task.hpp"
#include "daemon/core/timers.hpp"
#include "daemon/wire/methods/people.hpp"

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace chatd::core {

struct Context;
struct Session;
class Room;
class User;

// How people are just now: several devices merged, a lost connection forgiven for a while, changes
// coalesced; online without a sign of activity becomes away. Never on disk but for "last seen".
// Loop only; owned by the core.
class Presence {
 public:
  explicit Presence(Context& core) : core_(core) {}
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;

  // A session of theirs came, went or declared something else.
  void changed(const UserId& user);
  // They left on purpose: no grace.
  void left(const UserId& user);
  // They hid, or showed themselves again.
  void visibility_changed(const UserId& user);
  // The person did something there.
  void noticed(Session& session);
  // What two contacts may know of each other changed: both are told how the other one is.
  [[nodiscard]] Task<void> tell_both(UserId one, UserId other);

  // Whether neither blocks the other and `user` shows it. That they are contacts or share a small
  // room is for the caller to know.
  [[nodiscard]] static bool may_see(const User& viewer, const User& user);
  // Whether members of this room see each other's presence.
  [[nodiscard]] bool is_shown_in(const Room& room) const;

  // What others may be told, if they may be told at all (the caller checks).
  [[nodiscard]] wire::PresenceInfo of(const User& user) const;
  [[nodiscard]] wire::PresenceState state_of(const UserId& user) const;

  // The session shows the presence of this room's members; nullopt: of none.
  void watch(Session& session, std::optional<RoomId> room);
  using Watchers = std::unordered_set<SessionId>;
  [[nodiscard]] const Watchers& watchers(const RoomId& room) const;

 private:
  struct Entry {
    wire::PresenceState shown = wire::PresenceState::offline;
    std::optional<Monotonic> told;                    // when others were last told
    wire::SeenState seen = wire::SeenState::offline;  // what they were told then
    std::optional<Timers::Id> grace;                  // runs while a lost connection is forgiven
    std::optional<Timers::Id> coalesce;               // runs while changes are collected
    std::optional<Timers::Id> idle;                   // runs out when they may have become away
  };
  // What their sessions say together.
  [[nodiscard]] wire::PresenceState declared(const UserId& user) const;
  [[nodiscard]] bool is_idle(const Session& session) const;
  void await_idleness(const UserId& user, Entry& entry);
  void show(const UserId& user, Entry& entry, wire::PresenceState state);
  void tell_soon(const UserId& user, Entry& entry);
  [[nodiscard]] Task<void> tell_others(UserId user);
  [[nodiscard]] Task<std::vector<SessionId>> audience(UserId user);
  [[nodiscard]] Task<void> keep_last_seen(UserId user);

  Context& core_;
  std::unordered_map<UserId, Entry> entries_;  // people who are there or just left
  std::unordered_map<RoomId, Watchers> watchers_;
};

}  // namespace chatd::core
