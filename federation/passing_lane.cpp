#include "federation/passing_lane.hpp"

#include "daemon/base/overloaded.hpp"
#include "federation/limits.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace chatd::federation {

bool PassingLane::say(const core::Passing& what) {
  if (channel_.is_over() || channel_.queued() >= kPassingQueueBytes) return false;
  channel_.send(encode(what));
  return true;
}

bool PassingLane::speaks_for_its_own(const core::Passing& what) const {
  const auto is_of = [](std::string_view server) {
    return [server](const UserId& user) { return user.server() == server; };
  };
  const auto all = [](const auto& list, const auto& claim) {
    return std::all_of(list.begin(), list.end(), claim);
  };
  const auto is_ours = is_of(env_.identity.server());
  const auto is_theirs = is_of(peer_);
  return std::visit(
      overloaded{[&](const core::PresenceLease& lease) {
                   return all(lease.wishes, [&](const auto& wish) { return is_ours(wish.user); });
                 },
                 [&](const core::PresenceNews& news) {
                   return all(news.gone, is_theirs) && all(news.seen, [&](const auto& seen) {
                            return is_theirs(seen.user) && all(seen.hidden_from, is_ours);
                          });
                 },
                 [&](const core::ProfileQuestion& question) { return is_ours(question.user); },
                 [](const core::ProfileAnswer&) { return true; },  // it is only a number
                 // The hub passes on what others do; whether it is the hub the core knows.
                 [&](const auto& in_room) { return !is_ours(in_room.user); }},
      what);
}

void PassingLane::take(core::Passing what) {
  if (!speaks_for_its_own(what))
    return channel_.refuse_and_end(Fault::wrong_sender, "it speaks for users of another server");
  const bool is_lease = std::holds_alternative<core::PresenceLease>(what);
  const Status rate = is_lease ? env_.rates.take("lease", peer_, kLeasesPerPeer)
                               : env_.rates.take("passing", peer_, kPassingPerPeer);
  if (!rate) return channel_.refuse(Fault::flood);
  const Status status = env_.service.take(peer_, std::move(what));
  if (status) return;
  if (status.error().code == Code::limit_reached)
    return channel_.refuse_and_end(Fault::flood, status.error().message);
  channel_.refuse(status.error().code == Code::conflict ? Fault::out_of_turn : Fault::unwanted);
}

}  // namespace chatd::federation
