#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/random.hpp"
#include "daemon/core/committer.hpp"
#include "daemon/core/outbox.hpp"
#include "daemon/core/ports/admin.hpp"
#include "daemon/core/ports/auth.hpp"
#include "daemon/core/ports/clients.hpp"
#include "daemon/core/ports/peers.hpp"
#include "daemon/core/ports/plugins.hpp"
#include "daemon/core/ports/store.hpp"
#include "daemon/core/presence.hpp"
#include "daemon/core/presence_leases.hpp"
#include "daemon/core/rate_limiter.hpp"
#include "daemon/core/recent.hpp"
#include "daemon/core/recovery.hpp"
#include "daemon/core/remote_presence.hpp"
#include "daemon/core/remote_profiles.hpp"
#include "daemon/core/rooms.hpp"
#include "daemon/core/sessions.hpp"
#include "daemon/core/settings.hpp"
#include "daemon/core/task.hpp"
#include "daemon/core/timers.hpp"
#include "daemon/core/turns.hpp"
#include "daemon/core/unanswered.hpp"
#include "daemon/core/users.hpp"
#include "daemon/core/waiting_notices.hpp"

#include <set>
#include <utility>
#include <vector>

namespace chatd::core {

// What the core is given to live in. All outlive it.
struct Ports {
  Clock& clock;
  Random& random;
  StorePort& store;
  ClientPort& clients;
  AuthPort& auth;
  HookPort& hooks;
  MethodPort& methods;
  AdminPort& admin;
};

// The core's parts, as commands see them. Loop only; owned by Core, which outlives every task.
struct Context {
  Context(const Ports& ports, Settings initial);
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { turns.close(); }

  Settings settings;
  Clock& clock;
  Random& random;
  StorePort& store;
  ClientPort& clients;
  AuthPort& auth;
  HookPort& hooks;
  MethodPort& methods;
  AdminPort& admin;
  NoPeers no_peers;
  // See Core::federate.
  PeerPort* peers = &no_peers;
  std::uint64_t restore_epoch = 0;

  Timers timers;
  Committer committer;
  Rooms rooms;
  Rooms logs;  // of rooms in preview (preview.hpp): what their logs say so far
  Users users;
  Recent recent;
  Sessions sessions;
  RateLimiter rates;
  Presence presence;
  PresenceLeases leases;
  RemotePresence remote_presence;
  RemoteProfiles remote_profiles;
  Turns turns;
  Outbox outbox;
  Unanswered unanswered;
  WaitingNotices waiting_notices;
  Recovery recovery;
  std::multiset<RoomId> standing_still;  // rooms that are handed to another hub now
  bool is_handing_in = false;            // a task hands in what waits for this server itself
  std::size_t being_handed_in = 0;       // they have their numbers, and are not in the outbox yet
  bool is_expiring = false;              // a timer looks after the outbox
  bool is_keeping = false;               // a timer looks after who is unanswered
  bool is_draining = false;
  std::uint64_t accounts = 0;  // of this server
  std::set<UserId> names_in_creation;
  std::multiset<std::pair<RoomId, Seq>> redacting;  // messages that are being erased

  TaskScope tasks;  // last: tasks refer to all of the above
};

// Whether this account is one of this server's.
[[nodiscard]] inline bool is_ours(const Context& core, const UserId& user) {
  return user.server() == core.settings.server_name;
}
// Whether another server numbers this room's records.
[[nodiscard]] inline bool is_elsewhere(const Context& core, const Room& room) {
  return room.hub() != core.settings.server_name;
}

// Who calls, as it was when the request came in.
struct Caller {
  SessionId session;
  Door door = Door::websocket;
  UserId user;  // empty: nobody is logged in
  DeviceId device;
  std::string address;
};

// Commits what a command wrote; the answer is there when it is on disk.
[[nodiscard]] Committer::Awaiter commit(Context& core, std::vector<Write> writes);
// The same for changes of an account, which stays in memory until they are on disk.
[[nodiscard]] Committer::Awaiter commit(Context& core, User& user, std::vector<Write> writes);
// The account with nothing of it still on its way to the disk: what a failed commit or a crash
// takes back must not have been told, and its version is given out anew then. Valid until the next
// co_await.
[[nodiscard]] Task<Result<User*>> settled_user(Context& core, UserId id);
// The same of a room: what is known of it, or its log.
[[nodiscard]] Task<Result<Room*>> settled_room(Context& core, Rooms& among, RoomId id);

}  // namespace chatd::core
