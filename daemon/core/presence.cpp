#include "daemon/core/presence.hpp"

#include "daemon/core/context.hpp"
#include "daemon/core/fanout.hpp"

#include <algorithm>
#include <set>

namespace chatd::core {
namespace {

using wire::PresenceState;

// Runs on when the account is in memory, after reading it if need be.
template <class Then>
Task<void> with_user(Context& core, UserId id, Then then) {
  auto user = co_await core.users.load(id);
  if (user) then(**user);
}

}  // namespace

PresenceState Presence::declared(const UserId& user) const {
  auto state = PresenceState::offline;
  for (const SessionId id : core_.sessions.of(user)) {
    const Session* const session = core_.sessions.find(id);
    if (session != nullptr) state = std::max(state, session->declared);
  }
  return state;
}

wire::PresenceInfo Presence::of(const User& user) const {
  wire::PresenceInfo info{user.id(), PresenceState::offline, std::nullopt};
  const auto entry = entries_.find(user.id());
  if (entry != entries_.end()) info.state = entry->second.shown;
  if (info.state == PresenceState::offline) info.last_seen = user.account.last_seen;
  return info;
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
  keep_last_seen(user);
  if (!entry.coalesce) entries_.erase(found);
}

void Presence::show(const UserId& user, Entry& entry, PresenceState state) {
  if (entry.shown == state) return;
  entry.shown = state;
  tell_soon(user, entry);
}

void Presence::tell_soon(const UserId& user, Entry& entry) {
  if (entry.coalesce) return;  // the newest state is told when it fires
  const Monotonic now = core_.clock.now();
  const Millis pause = core_.settings.presence_coalesce;
  if (!entry.told || now - *entry.told >= pause) {
    entry.told = now;
    tell_others(user);
    return;
  }
  const auto wait = std::chrono::duration_cast<Millis>(*entry.told + pause - now) + Millis(1);
  entry.coalesce = core_.timers.after(wait, [this, user] {
    const auto found = entries_.find(user);
    if (found == entries_.end()) return;
    found->second.coalesce.reset();
    found->second.told = core_.clock.now();
    tell_others(user);
    const bool is_gone = found->second.shown == PresenceState::offline && !found->second.grace &&
                         core_.sessions.of(user).empty();
    if (is_gone) entries_.erase(found);
  });
}

void Presence::tell_others(const UserId& id) {
  // The state is taken now, the audience when the account is in memory.
  const auto entry = entries_.find(id);
  const PresenceState state =
      entry == entries_.end() ? PresenceState::offline : entry->second.shown;
  const TimeMs now = core_.clock.wall_ms();
  core_.tasks.spawn(with_user(core_, id, [this, state, now](const User& user) {
    wire::PresenceEvent event{{user.id(), state, std::nullopt}};
    if (!user.account.shows_presence) event.presence.state = PresenceState::offline;
    if (user.account.shows_presence && state == PresenceState::offline)
      event.presence.last_seen = now;
    const auto packet = event_packet(event);
    std::set<SessionId> watching;
    for (const auto& [room, row] : user.rooms) {
      if (row.membership != wire::Membership::joined) continue;
      if (const auto here = watchers_.find(room); here != watchers_.end())
        watching.insert(here->second.begin(), here->second.end());
    }
    for (const auto& [other, contact] : user.contacts) {
      if (contact.is_blocked || contact.state != wire::ContactState::accepted) continue;
      for (const SessionId session : core_.sessions.of(other)) watching.insert(session);
    }
    for (const SessionId session_id : watching) {
      const Session* const session = core_.sessions.find(session_id);
      if (session == nullptr || !session->is_live || session->user == user.id()) continue;
      if (user.blocks(session->user)) continue;
      core_.clients.send(session_id, packet, wire::Delivery::live);
    }
  }));
}

void Presence::visibility_changed(const UserId& user) {
  const auto entry = entries_.find(user);
  if (entry != entries_.end()) tell_soon(user, entry->second);
}

void Presence::keep_last_seen(const UserId& id) {
  core_.tasks.spawn(with_user(core_, id, [this](User& user) {
    user.account.last_seen = core_.clock.wall_ms();
    std::vector<Write> writes;
    user.write_account(writes);
    for (Write& write : writes) user.last_ticket = core_.committer.add(std::move(write));
  }));
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
