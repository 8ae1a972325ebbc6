#include "daemon/base/log.hpp"
#include "federation/federation.hpp"

#include <utility>

// What the admin sees, and does.
namespace chatd::federation {

void Federation::apply(Settings settings) {
  const bool was_restored = settings.restore_epoch > settings_.restore_epoch;
  settings_ = std::move(settings);
  if (was_restored) service_.restored(settings_.restore_epoch);
  own_document_.reset();
  renew_document();
  next_tick_ = clock_.now();  // who is no longer admitted goes now
}

void Federation::rolled_back(const std::string& server) {
  if (!service_.recovery().is_finished()) return;  // that is known
  log::warning("this server was put back from a backup: another one has records that it lost",
               {{"server", server}});
  if (raise_epoch_) raise_epoch_();
}

void Federation::shut_down() {
  is_over_ = true;
  for (const auto& [id, connection] : connections_)
    connection->channel.end("this server shuts down");
}

std::string Federation::document() const {
  return own_document_ ? encode(*own_document_) : std::string();
}

Status Federation::rotate_key() {
  CHATD_CHECK(identity_.add_key(clock_.wall_ms(), random_));
  own_document_.reset();
  renew_document();
  return {};
}

Status Federation::add_key(OwnKey key) {
  const bool is_known = identity_.find(key.certified.key.id()) != nullptr;
  CHATD_CHECK(identity_.add_key(std::move(key)));
  own_document_.reset();
  renew_document();
  if (is_known) link_anew("a signing key has ended");
  return {};
}

Status Federation::end_key(const KeyId& id) {
  CHATD_CHECK(identity_.end_key(id, clock_.wall_ms(), random_));
  own_document_.reset();
  renew_document();
  link_anew("a signing key has ended");
  return {};
}

void Federation::link_anew(const std::string& why) {
  for (auto& [server, peer] : peers_) {
    Connection* const connection = find(peer.link);
    if (connection == nullptr) continue;
    peer.is_needed = true;
    connection->channel.end(why);
  }
}

void Federation::retry(const std::string& server) {
  Peer& peer = known(server);
  peer.is_needed = true;
  peer.not_before = {};
  peer.backoff.heard();
  reach(server);
}

void Federation::pause(const std::string& server) {
  Peer& peer = known(server);
  peer.is_paused = true;
  for (const LinkId link : {peer.link, peer.attempt})
    if (Connection* const connection = find(link)) connection->channel.end("the admin paused it");
}

void Federation::resume(const std::string& server) {
  Peer& peer = known(server);
  peer.is_paused = false;
  if (peer.is_needed) retry(server);
}

void Federation::forget_document(const std::string& server) { documents_.forget(server); }

Status Federation::accept_identity(const std::string& server) {
  CHATD_CHECK(acquaintances_.accept(server, clock_.wall_ms()));
  documents_.forget(server);
  if (const auto peer = peers_.find(server); peer != peers_.end() && peer->second.is_needed)
    retry(server);
  return {};
}

std::vector<PeerStatus> Federation::peers() const {
  std::vector<PeerStatus> all;
  for (const auto& [server, peer] : peers_) all.push_back(status_of(server, peer));
  return all;
}

std::optional<PeerStatus> Federation::peer(std::string_view server) const {
  const auto found = peers_.find(server);
  if (found != peers_.end()) return status_of(found->first, found->second);
  if (acquaintances_.find(server) == nullptr) return std::nullopt;
  return status_of(std::string(server), Peer());
}

PeerStatus Federation::status_of(const std::string& server, const Peer& peer) const {
  PeerStatus status;
  status.server = server;
  status.since = peer.since;
  status.error = peer.error;
  status.unreachable_since = peer.unreachable_since;
  status.outbox = service_.outbox(server).size();
  status.counters = peer.counters;
  const auto link = connections_.find(peer.link != LinkId() ? peer.link : peer.attempt);
  if (link != connections_.end()) status.address = link->second->address;
  if (peer.link != LinkId() && link != connections_.end()) {
    const Session& session = *link->second->session;
    status.link = "up";
    status.rooms_fed = session.rooms_fed();
    status.rooms_followed = session.rooms_followed();
    status.conflicts = session.conflicts();
    status.restore_epoch = session.restore_epoch();
  } else if (peer.attempt != LinkId()) {
    status.link = "proving";
  } else if (peer.is_looking) {
    status.link = "looking";
  } else if (peer.is_paused) {
    status.link = "paused";
  } else if (peer.is_needed) {
    status.link = "waiting";
    status.next_try = peer.backoff.next_try();
  } else {
    status.link = "none";
  }
  status.quota_share = quotas_.share_of(server);
  if (const Acquaintance* const known = acquaintances_.find(server)) {
    status.root = known->root;
    status.other_root = known->other_root;
    status.identity_changed = known->changed;
  }
  if (const auto* const known = documents_.find(server)) {
    for (const SigningKey& key : known->document.keys) status.keys.push_back(key.key.id().text());
    status.document_expires = known->document.expires;
  }
  return status;
}

Counters Federation::totals() const {
  Counters sum = forgotten_;
  for (const auto& [server, peer] : peers_) sum += peer.counters;
  return sum;
}

}  // namespace chatd::federation
