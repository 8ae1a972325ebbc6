#include "daemon/core/remote_presence.hpp"

#include "daemon/core/context.hpp"
#include "daemon/core/fanout.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core {
namespace {

using wire::PresenceInfo;
using wire::SeenState;

// Of one server, which does not tell of more.
constexpr std::size_t kMaxUsers = 5000;
// Long enough for another attempt.
constexpr Millis kRenewBefore{3 * 60'000};
constexpr Millis kAnswerDeadline{2 * 60'000};
// Those who begin to look at nearly the same moment are asked for together.
constexpr Millis kLeaseSpacing{1'000};
constexpr Millis kLookAgain{60'000};

}  // namespace

std::optional<PresenceInfo> RemotePresence::watch_contact(const UserId& viewer,
                                                          const UserId& user) {
  Entry* const entry = entry_of(user);
  if (entry == nullptr) return PresenceInfo{user, SeenState::unknown, std::nullopt};
  entry->contacts.insert(viewer);
  return shown(entry->now, viewer, user);
}

std::optional<PresenceInfo> RemotePresence::watch_member(const UserId& viewer, const UserId& user,
                                                         const RoomId& room) {
  Entry* const entry = entry_of(user);
  if (entry == nullptr) return PresenceInfo{user, SeenState::unknown, std::nullopt};
  entry->rooms.insert(room);
  return shown(entry->now, viewer, user);
}

Task<void> RemotePresence::contact_changed(UserId viewer, UserId user) {
  if (core_.sessions.of(viewer).empty()) co_return;
  auto own = co_await core_.users.load(viewer);
  if (!own || !(*own)->is_contact(user)) co_return;
  auto info = watch_contact(viewer, user);
  if (!info || (*own)->blocks(user)) info = PresenceInfo{user, SeenState::offline, std::nullopt};
  chatd::core::tell(core_, viewer, event_packet(wire::PresenceEvent{*info}));
}

Status RemotePresence::take(const std::string& server, PresenceNews news) {
  if (news.answers > last_number_)
    return fail(Code::conflict, "it answers a lease that was not asked for");
  const auto found = servers_.find(server);
  if (found == servers_.end()) return {};  // nobody looks any more
  const bool is_answer = news.answers != 0;
  std::map<UserId, Known> known;
  if (is_answer) {
    const auto asked = found->second.unanswered.extract(news.answers);
    if (asked.empty()) return {};  // too late
    for (const UserId& user : asked.mapped().users) known[user] = Known{true, std::nullopt};
  }
  for (Seen& seen : news.seen) {
    const UserId user = seen.user;
    known[user] = Known{true, std::move(seen)};
  }
  for (const UserId& user : news.gone) known[user] = Known{true, std::nullopt};
  for (auto& [user, now] : known) {
    const auto entry = found->second.users.find(user);
    if (entry == found->second.users.end()) continue;
    if (is_answer) entry->second.known_until = core_.clock.now() + kLeaseHolds;
    // Of whom nothing is known, the answer is on its way.
    if (is_answer || entry->second.now.is_known) become(user, entry->second, std::move(now));
  }
  return {};
}

void RemotePresence::linked(const std::string& server) {
  const auto found = servers_.find(server);
  if (found == servers_.end()) return;
  if (found->second.grace) core_.timers.cancel(*found->second.grace);
  found->second.grace.reset();
  found->second.unanswered.clear();
  for (auto& [user, entry] : found->second.users) entry.asked.reset();
  lease_soon(server);
}

void RemotePresence::unlinked(const std::string& server) {
  const auto found = servers_.find(server);
  if (found == servers_.end() || found->second.grace) return;
  found->second.unanswered.clear();
  found->second.grace = core_.timers.after(core_.settings.presence_grace, [this, server] {
    const auto here = servers_.find(server);
    if (here == servers_.end()) return;
    here->second.grace.reset();
    for (auto& [user, entry] : here->second.users) become(user, entry, Known());
  });
}

std::size_t RemotePresence::size() const {
  std::size_t size = 0;
  for (const auto& [name, server] : servers_) size += server.users.size();
  return size;
}

RemotePresence::Entry* RemotePresence::entry_of(const UserId& user) {
  const std::string name(user.server());
  Server& server = servers_[name];
  const bool is_new = !server.users.contains(user);
  if (is_new && server.users.size() >= kMaxUsers) return nullptr;
  Entry& entry = server.users[user];
  if (is_new) lease_soon(name);
  return &entry;
}

std::optional<PresenceInfo> RemotePresence::shown(const Known& known, const UserId& viewer,
                                                  const UserId& user) {
  if (!known.is_known) return PresenceInfo{user, SeenState::unknown, std::nullopt};
  if (!known.seen) return std::nullopt;
  const auto& hidden = known.seen->hidden_from;
  if (std::find(hidden.begin(), hidden.end(), viewer) != hidden.end()) return std::nullopt;
  PresenceInfo info{user, wire::seen(known.seen->state), std::nullopt};
  if (known.seen->last_seen != 0) info.last_seen = known.seen->last_seen;
  return info;
}

void RemotePresence::lease_soon(const std::string& server) {
  const auto& asked = servers_[server].asked;
  const Monotonic now = core_.clock.now();
  const bool is_soon = asked && now - *asked < kLeaseSpacing;
  lease_after(server, is_soon ? kLeaseSpacing : Millis(0));
}

void RemotePresence::lease_after(const std::string& name, Millis delay) {
  Server& server = servers_[name];
  if (server.lease) core_.timers.cancel(*server.lease);
  server.lease = core_.timers.after(delay, [this, name] { lease(name); });
}

// Asks for those of whom nothing is known, or soon will be no longer.
void RemotePresence::lease(const std::string& name) {
  Server& server = servers_[name];
  server.lease.reset();
  drop_unwanted(server);
  if (server.users.empty()) {
    if (server.grace) core_.timers.cancel(*server.grace);
    servers_.erase(name);
    return;
  }
  const Monotonic now = core_.clock.now();
  const auto is_late = [now](const Monotonic& asked) { return now - asked >= kAnswerDeadline; };
  std::erase_if(server.unanswered, [&](const auto& each) { return is_late(each.second.at); });
  std::vector<PresenceLease::Wish> wishes;
  for (auto& [user, entry] : server.users) {
    if (entry.now.is_known && now >= entry.known_until) become(user, entry, Known());
    const bool is_fresh = entry.now.is_known && now < entry.known_until - kRenewBefore;
    if (entry.asked && (is_fresh || !is_late(*entry.asked))) continue;  // on this link
    wishes.push_back({user, entry.contacts.empty() ? *entry.rooms.begin() : RoomId()});
    if (wishes.size() == kMaxLeaseUsers) ask(name, server, std::exchange(wishes, {}));
  }
  if (!wishes.empty()) ask(name, server, std::move(wishes));
  lease_after(name, kLookAgain);
}

void RemotePresence::ask(const std::string& name, Server& server,
                         std::vector<PresenceLease::Wish> wishes) {
  Asked asked{{}, core_.clock.now()};
  for (const PresenceLease::Wish& wish : wishes) asked.users.push_back(wish.user);
  const std::uint64_t number = ++last_number_;
  if (!core_.peers->say(name, PresenceLease{number, std::move(wishes)}))
    return core_.peers->wake(name);  // then there is a link, and they are asked for
  server.asked = asked.at;
  for (const UserId& user : asked.users) server.users[user].asked = asked.at;
  server.unanswered[number] = std::move(asked);
}

// Those at whom nobody looks who is connected.
void RemotePresence::drop_unwanted(Server& server) {
  for (auto& [user, entry] : server.users) {
    std::erase_if(entry.contacts,
                  [this](const UserId& own) { return core_.sessions.of(own).empty(); });
    std::erase_if(entry.rooms,
                  [this](const RoomId& room) { return core_.presence.watchers(room).empty(); });
  }
  std::erase_if(server.users, [](const auto& user) {
    return user.second.contacts.empty() && user.second.rooms.empty();
  });
}

void RemotePresence::become(const UserId& user, Entry& entry, Known now) {
  Known before = std::exchange(entry.now, std::move(now));
  if (!(before == entry.now)) core_.tasks.spawn(tell(user, std::move(before)));
}

Task<void> RemotePresence::tell(UserId user, Known before) {
  auto looking = co_await audience(user);
  const auto server = servers_.find(user.server());
  if (server == servers_.end()) co_return;
  const auto entry = server->second.users.find(user);
  if (entry == server->second.users.end()) co_return;
  for (const SessionId id : looking) {
    const Session* const session = core_.sessions.find(id);
    if (session == nullptr || !session->is_live) continue;
    const auto was = shown(before, session->user, user);
    auto is = shown(entry->second.now, session->user, user);
    // Nothing is shown of somebody unknown either.
    if (is == was || (!is && !before.is_known)) continue;
    if (!is) is = PresenceInfo{user, SeenState::offline, std::nullopt};
    core_.clients.send(id, event_packet(wire::PresenceEvent{*is}), wire::Delivery::live);
  }
}

// The sessions of those who may look: contacts, and who looks at a small group with them in it.
Task<std::set<SessionId>> RemotePresence::audience(UserId user) {
  std::set<SessionId> sessions;
  const auto server = servers_.find(user.server());
  if (server == servers_.end()) co_return sessions;
  const auto entry = server->second.users.find(user);
  if (entry == server->second.users.end()) co_return sessions;
  const std::set<UserId> contacts = entry->second.contacts;
  const std::set<RoomId> rooms = entry->second.rooms;
  for (const UserId& viewer : contacts) {
    auto own = co_await core_.users.load(viewer);
    if (!own || !(*own)->is_contact(user) || (*own)->blocks(user)) continue;
    const auto& theirs = core_.sessions.of(viewer);
    sessions.insert(theirs.begin(), theirs.end());
  }
  for (const RoomId& id : rooms) {
    auto room = co_await core_.rooms.load(id);
    if (!room || !core_.presence.is_shown_in(**room) || !(*room)->is_joined(user)) continue;
    std::vector<std::pair<SessionId, UserId>> watching;
    for (const SessionId watcher : core_.presence.watchers(id)) {
      const Session* const session = core_.sessions.find(watcher);
      if (session != nullptr && (*room)->is_joined(session->user))
        watching.emplace_back(watcher, session->user);
    }
    for (const auto& [watcher, viewer] : watching) {
      auto own = co_await core_.users.load(viewer);
      if (own && !(*own)->blocks(user)) sessions.insert(watcher);
    }
  }
  co_return sessions;
}

}  // namespace chatd::core
