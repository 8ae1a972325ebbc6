#include "daemon/core/presence_leases.hpp"

#include "daemon/core/context.hpp"

#include <utility>
#include <vector>

namespace chatd::core {
namespace {

// Of one server: about 1 MB. The others it has to do without.
constexpr std::size_t kMaxLeased = 5000;
// As many as that takes when a link comes up.
constexpr std::size_t kMaxWaiting = kMaxLeased / kMaxLeaseUsers;
// Who flaps is told about so often.
constexpr Millis kPause{10'000};

// Those of a server who may not see this account, whatever else they may.
std::vector<UserId> hidden_from(const User& user, std::string_view server) {
  std::vector<UserId> hidden;
  for (const auto& [other, contact] : user.contacts)
    if (contact.is_blocked && other.server() == server) hidden.push_back(other);
  return hidden;
}

}  // namespace

Status PresenceLeases::take(const std::string& server, PresenceLease lease) {
  Peer& peer = peers_[server];
  if (peer.waiting >= kMaxWaiting)
    return fail(Code::limit_reached, "more leases than may wait for an answer");
  ++peer.waiting;
  core_.tasks.spawn(answer(server, std::move(lease)));
  return {};
}

void PresenceLeases::end(const std::string& server) {
  const auto found = peers_.find(server);
  if (found == peers_.end()) return;
  for (const UserId& user : std::set<UserId>(found->second.users)) drop(user, server);
  if (found->second.waiting == 0) peers_.erase(found);
}

void PresenceLeases::changed(const UserId& user) {
  const auto found = leases_.find(user);
  if (found == leases_.end()) return;
  const Monotonic now = core_.clock.now();
  std::vector<std::string> lapsed;
  std::vector<std::string> waiting;
  for (const auto& [server, lease] : found->second) {
    if (now >= lease.until)
      lapsed.push_back(server);
    else if (!lease.pause)
      waiting.push_back(server);
  }
  for (const std::string& server : lapsed) drop(user, server);
  for (std::string& server : waiting) core_.tasks.spawn(tell(user, std::move(server)));
}

std::size_t PresenceLeases::size() const {
  std::size_t size = 0;
  for (const auto& [server, peer] : peers_) size += peer.users.size();
  return size;
}

Task<void> PresenceLeases::answer(std::string server, PresenceLease lease) {
  drop_lapsed(server);
  for (const PresenceLease::Wish& wish : lease.wishes) {
    auto seen = co_await seen_from(wish.user, server, wish.room);
    // Nothing is kept of names that are nobody's.
    if (core_.users.find(wish.user) != nullptr) hold(wish, server, std::move(seen));
  }
  PresenceNews news;
  news.answers = lease.number;
  for (const PresenceLease::Wish& wish : lease.wishes) {
    // What has changed meanwhile is told already.
    const Lease* const held = find(wish.user, server);
    if (held != nullptr && held->told) news.seen.push_back(*held->told);
  }
  const auto peer = peers_.find(server);
  if (peer != peers_.end()) --peer->second.waiting;
  // Not sent, it is asked for again.
  core_.peers->say(server, std::move(news));
}

Task<void> PresenceLeases::tell(UserId user, std::string server) {
  Lease* lease = find(user, server);
  if (lease == nullptr) co_return;
  lease->pause = core_.timers.after(kPause, [this, user, server] {
    Lease* const here = find(user, server);
    if (here == nullptr) return;
    here->pause.reset();
    if (core_.clock.now() >= here->until)
      drop(user, server);
    else
      core_.tasks.spawn(tell(user, server));
  });
  const RoomId room = lease->room;
  auto seen = co_await seen_from(user, server, room);
  lease = find(user, server);
  if (lease == nullptr) co_return;
  if (lease->told == seen) {
    // A pause follows what was told, and nothing else.
    if (lease->pause) core_.timers.cancel(*lease->pause);
    lease->pause.reset();
    co_return;
  }
  PresenceNews news;
  if (seen)
    news.seen.push_back(*seen);
  else
    news.gone.push_back(user);
  if (core_.peers->say(server, std::move(news))) lease->told = std::move(seen);
}

// What that server may be told, as our own rows say; nullopt: nothing, as if there was no such
// account.
Task<std::optional<PresenceLeases::Seen>> PresenceLeases::seen_from(UserId id, std::string server,
                                                                    RoomId room_id) {
  const auto none = std::optional<Seen>();
  bool may_see = false;
  if (!room_id.empty()) {
    auto room = co_await core_.rooms.load(room_id);
    may_see = room && !(*room)->is_direct() && core_.presence.is_shown_in(**room) &&
              (*room)->is_joined(id) && (*room)->has_joined_from(server);
  }
  auto user = co_await core_.users.load(id);
  if (!user) co_return none;
  may_see = may_see || (*user)->has_contact_at(server);
  const Account& account = (*user)->account;
  if (!may_see || !account.is_enabled || !account.shows_presence) co_return none;
  Seen seen;
  seen.user = id;
  seen.hidden_from = hidden_from(**user, server);
  if (seen.hidden_from.size() > kMaxHiddenFrom) co_return none;
  seen.state = core_.presence.state_of(id);
  if (seen.state == wire::PresenceState::offline) seen.last_seen = account.last_seen;
  co_return seen;
}

PresenceLeases::Lease* PresenceLeases::find(const UserId& user, const std::string& server) {
  const auto servers = leases_.find(user);
  if (servers == leases_.end()) return nullptr;
  const auto lease = servers->second.find(server);
  return lease == servers->second.end() ? nullptr : &lease->second;
}

void PresenceLeases::drop_lapsed(const std::string& server) {
  const Monotonic now = core_.clock.now();
  for (const UserId& user : std::set<UserId>(peers_[server].users))
    if (now >= find(user, server)->until) drop(user, server);
}

void PresenceLeases::hold(const PresenceLease::Wish& wish, const std::string& server,
                          std::optional<Seen> told) {
  std::set<UserId>& users = peers_[server].users;
  if (users.size() >= kMaxLeased && !users.contains(wish.user)) return;
  users.insert(wish.user);
  Lease& lease = leases_[wish.user][server];
  lease.room = wish.room;
  lease.until = core_.clock.now() + kLeaseHolds;
  lease.told = std::move(told);
}

void PresenceLeases::drop(const UserId& user, const std::string& server) {
  const auto servers = leases_.find(user);
  if (servers == leases_.end()) return;
  const auto lease = servers->second.find(server);
  if (lease == servers->second.end()) return;
  if (lease->second.pause) core_.timers.cancel(*lease->second.pause);
  servers->second.erase(lease);
  if (servers->second.empty()) leases_.erase(servers);
  peers_[server].users.erase(user);
}

}  // namespace chatd::core
