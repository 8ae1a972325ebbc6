#include "federation/federation.hpp"

#include <fmt/format.h>

#include <utility>

// What the core asks of the other servers: core::PeerPort.
namespace chatd::federation {

Status Federation::admits(std::string_view server) const {
  if (server == identity_.server()) return fail(Code::denied, "that is this server");
  return admit(settings_.policy, server, clock_.wall_ms());
}

std::optional<TimeMs> Federation::unreachable_since(std::string_view server) const {
  const auto found = peers_.find(server);
  return found == peers_.end() ? std::nullopt : found->second.unreachable_since;
}

core::PeerProgress Federation::progress(std::string_view server, const RoomId& room) const {
  core::PeerProgress progress;
  const auto peer = peers_.find(server);
  if (peer == peers_.end()) return progress;
  progress.error = peer->second.error;
  const auto link = connections_.find(peer->second.link);
  if (link == connections_.end()) return progress;
  progress.is_linked = true;
  progress.acked = link->second->session->acked(room);
  progress.waits = link->second->session->waits(room);
  return progress;
}

Session* Federation::reach_now(const std::string& server) {
  Peer& peer = known(server);
  peer.is_needed = true;
  peer.not_before = {};
  if (Connection* const connection = find(peer.link)) return connection->session.get();
  reach(server);
  return nullptr;
}

void Federation::wake(const std::string& server) {
  if (Session* const session = reach_now(server)) session->has_notices();
}

void Federation::said_at(const std::string& hub) {
  if (Session* const session = reach_now(hub)) session->has_submits();
}

void Federation::redirected(const std::string& hub) {
  if (Session* const session = reach_now(hub)) session->redirected();
}

void Federation::follows(const std::string& hub) {
  if (Connection* const connection = find(known(hub).link)) connection->session->follows();
}

void Federation::hand_over(const std::string& to, const core::SharedRoom& head,
                           std::function<void(Status)> done) {
  Status admitted = admits(to);
  if (Connection* const connection = admitted ? find(known(to).link) : nullptr)
    return connection->session->hand_over(head, std::move(done));
  if (admitted) {
    wake(to);
    admitted = fail(Code::unavailable, fmt::format("there is no link with {}", to));
  }
  late_.push_back([done = std::move(done), admitted] { done(admitted); });
}

void Federation::stored(const wire::Record& record, const std::vector<std::string>& followers) {
  for (const std::string& server : followers) {
    Peer& peer = known(server);
    Connection* const connection = find(peer.link);
    if (connection != nullptr) {
      connection->session->stored(record);
    } else {
      peer.is_needed = true;
      reach(server);
    }
  }
}

bool Federation::say(const std::string& server, const core::Passing& what) {
  const auto found = peers_.find(server);
  Connection* const connection = found == peers_.end() ? nullptr : find(found->second.link);
  return connection != nullptr && connection->session->say(what);
}

}  // namespace chatd::federation
