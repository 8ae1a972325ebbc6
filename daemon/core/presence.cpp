#include "daemon/core/presence.hpp"

#include "daemon/core/context.hpp"
#include "daemon/core/fanout.hpp"

#include <algorithm>
#include <set>

namespace chatd::core {
namespace {

using wire::PresenceState;
using wire::SeenState;

}  // namespace

bool Presence::is_idle(const Session& session) const {
  const Millis limit = core_.settings.presence_away;
  return limit.count() > 0 && core_.clock.now() - session.active_at >= limit;
}

PresenceState Presence::declared(const UserId& user) const {
  auto state = PresenceState::offline;
  for (const SessionId id : core_.sessions.of(user)) {
    const Session* const session = core_.sessions.find(id);
    if (session == nullptr) continue;
    const bool is_away = session->declared == PresenceState::online && is_idle(*session);
    state = std::max(state, is_away ? PresenceState::away : session->declared);
  }
  return state;
}

bool Presence::may_see(const User& viewer, const User& user) {
  return user.account.shows_presence && !user.blocks(viewer.id()) && !viewer.blocks(user.id());
}

bool Presence::is_shown_in(const Room& room) const {
  return room.has_presence() && room.occupancy() <= core_.settings.presence_room_limit;
}

wire::PresenceInfo Presence::of(const User& user) const {
  wire::PresenceInfo info{user.id(), wire::seen(state_of(user.id())), std::nullopt};
  if (info.state == SeenState::offline) info.last_seen = user.account.last_seen;
  return info;
}

PresenceState Presence::state_of(const UserId& user) const {
  const auto entry = entries_.find(user);
  return entry == entries_.end() ? PresenceState::offline : entry->second.shown;
}

void Presence::changed(const UserId& user) {
  Entry& entry = entries_[user];
  const PresenceState now = declared(user);
  const bool is_lost = core_.sessions.of(user).empty();
  if (!is_lost && entry.grace) {
    core_.timers.cancel(*entry.grace);
    entry.grace.reset();
  }
  if (!is_lost) {
    show(user, entry, now);
    await_idleness(user, entry);
    return;
  }
  // The last connection is gone. A flapping phone should not flicker: as before, for a while.
  if (entry.grace) return;
  entry.grace = core_.timers.after(core_.settings.presence_grace, [this, user] { left(user); });
}

void Presence::left(const UserId& user) {
  const auto found = entries_.find(user);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  if (entry.grace) core_.timers.cancel(*entry.grace);
  entry.grace.reset();
  const PresenceState now = declared(user);
  show(user, entry, now);
  if (!core_.sessions.of(user).empty()) return;
  if (entry.idle) core_.timers.cancel(*entry.idle);
  entry.idle.reset();
  if (!entry.coalesce) entries_.erase(found);
}

void Presence::noticed(Session& session) {
  const bool was_idle = is_idle(session);
  session.active_at = core_.clock.now();
  if (was_idle) changed(session.user);
}

// Looks again when the session that was active last may have become idle.
void Presence::await_idleness(const UserId& user, Entry& entry) {
  const Millis limit = core_.settings.presence_away;
  if (limit.count() == 0 || entry.idle || entry.shown != PresenceState::online) return;
  Monotonic last{};
  for (const SessionId id : core_.sessions.of(user)) {
    const Session* const session = core_.sessions.find(id);
    if (session != nullptr && session->declared == PresenceState::online)
      last = std::max(last, session->active_at);
  }
  const auto wait = std::chrono::ceil<Millis>(last + limit - core_.clock.now());
  entry.idle = core_.timers.after(wait, [this, user] {
    const auto found = entries_.find(user);
    if (found == entries_.end()) return;
    found->second.idle.reset();
    if (!core_.sessions.of(user).empty()) changed(user);
  });
}

void Presence::show(const UserId& user, Entry& entry, PresenceState state) {
  if (entry.shown == state) return;
  entry.shown = state;
  if (state == PresenceState::offline) core_.tasks.spawn(keep_last_seen(user));
  core_.leases.changed(user);
  tell_soon(user, entry);
}

void Presence::tell_soon(const UserId& user, Entry& entry) {
  if (entry.coalesce) return;  // the newest state is told when it fires
  const Monotonic now = core_.clock.now();
  const Millis pause = core_.settings.presence_coalesce;
  if (!entry.told || now - *entry.told >= pause) {
    entry.told = now;
    core_.tasks.spawn(tell_others(user));
    return;
  }
  const auto wait = std::chrono::duration_cast<Millis>(*entry.told + pause - now) + Millis(1);
  entry.coalesce = core_.timers.after(wait, [this, user] {
    const auto found = entries_.find(user);
    if (found == entries_.end()) return;
    found->second.coalesce.reset();
    found->second.told = core_.clock.now();
    core_.tasks.spawn(tell_others(user));
    const bool is_gone = found->second.shown == PresenceState::offline && !found->second.grace &&
                         core_.sessions.of(user).empty();
    if (is_gone) entries_.erase(found);
  });
}

Task<void> Presence::tell_others(UserId id) {
  const auto watching = co_await audience(id);
  const User* const user = core_.users.find(id);
  if (user == nullptr) co_return;
  // The state as it is now: when two of these run, the later one must not be overtaken.
  wire::PresenceEvent event{of(*user)};
  const bool is_hidden = !user->account.shows_presence;
  if (is_hidden) event.presence = {id, SeenState::offline, std::nullopt};
  // Who hides is offline to others once and for all: what they do from then on changes nothing.
  const auto entry = entries_.find(id);
  if (is_hidden && entry == entries_.end()) co_return;
  if (entry != entries_.end()) {
    if (is_hidden && entry->second.seen == SeenState::offline) co_return;
    entry->second.seen = event.presence.state;
  }
  const auto packet = event_packet(event);
  for (const SessionId session_id : watching) {
    const Session* const session = core_.sessions.find(session_id);
    if (session != nullptr && session->is_live)
      core_.clients.send(session_id, packet, wire::Delivery::live);
  }
}

// The sessions of those who may know: contacts, and who looks at a small group with them in it.
Task<std::vector<SessionId>> Presence::audience(UserId id) {
  std::set<SessionId> sessions;
  auto loaded = co_await core_.users.load(id);
  if (!loaded) co_return std::vector<SessionId>();
  std::vector<RoomId> rooms;
  for (const auto& [room, row] : (*loaded)->rooms)
    if (row.membership == wire::Membership::joined && watchers_.contains(room))
      rooms.push_back(room);
  for (const auto& [other, contact] : (*loaded)->contacts) {
    const auto& theirs = core_.sessions.of(other);
    if (contact.state == wire::ContactState::accepted)
      sessions.insert(theirs.begin(), theirs.end());
  }
  for (const RoomId& id_of_room : rooms) {
    auto room = co_await core_.rooms.load(id_of_room);
    const auto here = watchers_.find(id_of_room);
    if (!room || (*room)->is_direct() || !is_shown_in(**room) || here == watchers_.end()) continue;
    for (const SessionId watcher : here->second) {
      const Session* const session = core_.sessions.find(watcher);
      if (session != nullptr && (*room)->is_joined(session->user)) sessions.insert(watcher);
    }
  }
  std::vector<SessionId> allowed;
  for (const SessionId session_id : sessions) {
    const Session* const session = core_.sessions.find(session_id);
    if (session == nullptr || session->user == id) continue;
    auto viewer = co_await core_.users.load(session->user);
    const User* const user = core_.users.find(id);
    if (!viewer || user == nullptr) continue;
    // Who hides is told to be offline; between two who block each other nothing is told.
    if (!user->blocks((*viewer)->id()) && !(*viewer)->blocks(id)) allowed.push_back(session_id);
  }
  co_return allowed;
}

Task<void> Presence::tell_both(UserId one, UserId other) {
  auto first = co_await core_.users.load(one);
  if (!first) co_return;
  auto second = co_await core_.users.load(other);
  first = core_.users.find(one);
  if (!second || *first == nullptr || !(*first)->is_contact(other)) co_return;
  const auto show_to = [this](const User& viewer, const User& user) {
    wire::PresenceEvent event{{user.id(), SeenState::offline, std::nullopt}};
    if (may_see(viewer, user)) event.presence = of(user);
    tell(core_, viewer.id(), event_packet(event));
  };
  show_to(**first, **second);
  show_to(**second, **first);
}

void Presence::visibility_changed(const UserId& user) {
  core_.leases.changed(user);
  const auto entry = entries_.find(user);
  if (entry != entries_.end()) tell_soon(user, entry->second);
}

Task<void> Presence::keep_last_seen(UserId id) {
  auto user = co_await core_.users.load(id);
  if (!user) co_return;
  (*user)->account.last_seen = core_.clock.wall_ms();
  std::vector<Write> writes;
  (*user)->write_account(writes);
  for (Write& write : writes) (*user)->last_ticket = core_.committer.add(std::move(write));
}

const Presence::Watchers& Presence::watchers(const RoomId& room) const {
  static const Watchers none;
  const auto found = watchers_.find(room);
  return found == watchers_.end() ? none : found->second;
}

void Presence::watch(Session& session, std::optional<RoomId> room) {
  if (session.watched) {
    const auto before = watchers_.find(*session.watched);
    if (before != watchers_.end()) {
      before->second.erase(session.id);
      if (before->second.empty()) watchers_.erase(before);
    }
  }
  session.watched = room;
  if (room) watchers_[*room].insert(session.id);
}

}  // namespace chatd::core
