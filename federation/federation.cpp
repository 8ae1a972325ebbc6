#include "federation/federation.hpp"

#include "daemon/base/log.hpp"
#include "daemon/base/network.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace chatd::federation {
namespace {

constexpr Millis kTick = std::chrono::seconds(1);
constexpr Millis kIdleTick = std::chrono::hours(1);  // with nobody: only keys grow old
// A link that lived for so long was a good one: the next failure is a new story.
constexpr Millis kGoodLink = std::chrono::seconds(30);
// After a start so many servers a second are reached; with many of them it takes a minute at most.
constexpr Millis kStartSpacing = std::chrono::milliseconds(50);
constexpr Millis kMaxStartSpread = std::chrono::minutes(1);

}  // namespace

Federation::Federation(core::PeerService& service, LinkPort& links, Clock& clock, Random& random,
                       Identity identity, Settings settings)
    : service_(service),
      links_(links),
      clock_(clock),
      random_(random),
      settings_(std::move(settings)),
      identity_(std::move(identity)),
      acquaintances_(service),
      documents_(links, clock, settings_, acquaintances_, signatures_),
      heads_(identity_, clock),
      rates_(clock),
      quotas_(rates_, clock, settings_, acquaintances_),
      env_{service,
           links,
           clock,
           random,
           settings_,
           identity_,
           documents_,
           signatures_,
           heads_,
           rates_,
           quotas_,
           own_document_,
           [this](const std::string& server) { rolled_back(server); },
           [this](const std::string& server, CheckDone done) {
             check_from_here(server, std::move(done));
           }} {
  renew_document();
}

void Federation::start() {
  acquaintances_.load(lifeline_.guard([this](const Status& status) {
    if (status) return reach_all();
    log::error("there is no federation", {{"why", status.error().message}});
  }));
}

void Federation::reach_all() {
  service_.peers(lifeline_.guard([this](const Result<std::vector<std::string>>& servers) {
    if (!servers) {
      log::error("the servers to reach are not known", {{"why", servers.error().message}});
      return;
    }
    const Millis spread =
        std::min(kStartSpacing * static_cast<std::int64_t>(servers->size()), kMaxStartSpread);
    for (const std::string& server : *servers) {
      Peer& peer = known(server);
      peer.is_needed = true;
      peer.not_before =
          clock_.now() + Millis(random_.below(static_cast<std::uint64_t>(spread.count())));
    }
  }));
}

std::optional<Monotonic> Federation::end_turn() {
  for (const auto& answer : std::exchange(late_, {})) answer();
  if (clock_.now() >= next_tick_) tick();
  for (const auto& [id, connection] : connections_)
    if (connection->session) connection->session->flush();
  heads_.forget();
  return next_tick_;
}

void Federation::tick() {
  const bool is_idle = connections_.empty() && peers_.empty();
  const Monotonic now = clock_.now();
  const TimeMs wall = clock_.wall_ms();
  next_tick_ = now + (is_idle ? kIdleTick : kTick);
  renew_document();
  std::set<std::string> in_use;
  for (const auto& [id, connection] : connections_) {
    in_use.insert(connection->peer);
    Channel& channel = connection->channel;
    if (connection->session) {
      if (auto status = admits(connection->peer); !status) channel.end(status.error().message);
      connection->session->tick();
      if (clock_.wall_ms() - connection->since >= kGoodLink.count())
        known(connection->peer).backoff.heard();
    } else if (connection->greeting && clock_.now() >= connection->greeting->deadline()) {
      channel.end("the handshake took too long");
    }
  }
  for (auto peer = peers_.begin(); peer != peers_.end();) {
    const auto next = std::next(peer);
    if (peer->second.is_needed) {
      if (is_due(peer->second, now, wall)) reach(peer->first);
    } else if (!peer->second.is_paused && !peer->second.is_looking &&
               !in_use.contains(peer->first)) {
      forgotten_ += peer->second.counters;
      peers_.erase(peer);
    }
    peer = next;
  }
}

void Federation::renew_document() {
  const TimeMs now = clock_.wall_ms();
  const auto rotated = identity_.rotate(now, random_);
  if (!rotated && !is_rotation_refused_)
    log::error("the next signing key can't be made", {{"why", rotated.error().message}});
  is_rotation_refused_ = !rotated;
  const bool has_new_key = rotated && *rotated;
  if (own_document_ && identity_.is_current(*own_document_, now) && !has_new_key) return;
  auto document = identity_.document(settings_, now);
  if (!document) {
    own_document_.reset();
    return;
  }
  own_document_ = *std::move(document);
}

Federation::Peer& Federation::known(const std::string& server) {
  next_tick_ = std::min(next_tick_, clock_.now() + kTick);
  return peers_[server];
}

Connection* Federation::find(LinkId link) {
  const auto found = connections_.find(link);
  return found == connections_.end() ? nullptr : found->second.get();
}

bool Federation::is_due(const Peer& peer, Monotonic now, TimeMs wall) const {
  return !is_over_ && acquaintances_.is_loaded() && peer.is_idle() && !peer.is_paused &&
         now >= peer.not_before && peer.backoff.is_due(wall);
}

void Federation::reach(const std::string& server) {
  Peer& peer = known(server);
  if (!is_due(peer, clock_.now(), clock_.wall_ms())) return;
  if (auto status = admits(server); !status) {
    peer.error = status.error().message;
    note_unreachable(server, peer);
    return;
  }
  peer.is_looking = true;
  peer.since = clock_.wall_ms();
  service_.may_link(server, "", lifeline_.guard([this, server](const Status& status) {
    if (status) return look_for(server);
    known(server).is_looking = false;
    failed(server, status.error().message);
  }));
}

void Federation::look_for(const std::string& server) {
  documents_.get(server,
                 lifeline_.guard([this, server](const Result<const Documents::Known*>& found) {
                   Peer& wanted = known(server);
                   wanted.is_looking = false;
                   if (!found) return failed(server, found.error().message);
                   wanted.places = (*found)->endpoints;
                   dial(server);
                 }));
}

Connection& Federation::connect(LinkId link, const std::string& peer, const Endpoint& place) {
  auto connection = std::make_unique<Connection>(links_, clock_, link);
  connection->is_dialled = true;
  connection->peer = peer;
  connection->address = fmt::format("{}:{}", place.host, place.port);
  return *(connections_[link] = std::move(connection));
}

void Federation::dial(const std::string& server) {
  Peer& peer = known(server);
  if (is_over_ || peer.link != LinkId() || peer.attempt != LinkId()) return;
  if (peer.places.empty()) return failed(server, peer.error);
  const Endpoint place = peer.places.front();
  peer.places.erase(peer.places.begin());
  peer.attempt = links_.dial(target(server, place, settings_.pin(server)));
  connect(peer.attempt, server, place).channel.count_for(peer.counters);
}

void Federation::failed(const std::string& server, const std::string& why) {
  Peer& peer = known(server);
  if (!peer.unreachable_since)
    log::warning("a server can't be reached", {{"server", server}, {"why", why}});
  peer.error = why;
  peer.since = clock_.wall_ms();
  note_unreachable(server, peer);
  peer.backoff.failed(clock_.wall_ms(), random_);
}

void Federation::note_unreachable(const std::string& server, Peer& peer) {
  if (peer.unreachable_since) return;
  peer.unreachable_since = clock_.wall_ms();
  service_.reachability_changed(server);
}

void Federation::opened(LinkId link, const Hash256& exporter) {
  Connection* const connection = find(link);
  if (connection == nullptr) return links_.close(link);
  if (connection->channel.is_over()) return;
  connection->greeting = std::make_unique<Greeting>(
      env_, connection->channel, exporter, connection->peer, connection->trial_done != nullptr,
      [this, link](OrEnd<Link> outcome) { proven(link, std::move(outcome)); });
}

void Federation::accepted(LinkId link, std::string address, const Hash256& exporter) {
  const std::string network = network_of(address);
  std::size_t guests = 0;
  for (const auto& [from, count] : guests_) guests += count;
  const auto of_network = guests_.find(network);
  if (is_over_ || !acquaintances_.is_loaded() || guests >= kMaxGuests ||
      (of_network != guests_.end() && of_network->second >= kMaxGuestsOfNetwork))
    return links_.close(link);
  ++guests_[network];
  next_tick_ = std::min(next_tick_, clock_.now() + kTick);
  auto connection = std::make_unique<Connection>(links_, clock_, link);
  connection->address = std::move(address);
  connection->network = network;
  connection->greeting = std::make_unique<Greeting>(
      env_, connection->channel, exporter,
      [this, address = connection->address](const std::string& server,
                                            std::function<void(Status)> done) {
        admit_guest(server, address, std::move(done));
      },
      [this, link](OrEnd<Link> outcome) { proven(link, std::move(outcome)); });
  connections_[link] = std::move(connection);
}

void Federation::admit_guest(const std::string& server, const std::string& address,
                             std::function<void(Status)> done) {
  if (Status status = admits(server); !status) return done(std::move(status));
  const auto found = peers_.find(server);
  if (found != peers_.end() && found->second.is_paused)
    return done(fail(Code::denied, "the admin paused it"));
  service_.may_link(server, address, std::move(done));
}

void Federation::part_with_guest(Connection& connection) {
  if (connection.network.empty()) return;
  const auto count = guests_.find(connection.network);
  if (--count->second == 0) guests_.erase(count);
  connection.network.clear();
}

void Federation::proven(LinkId link, OrEnd<Link> outcome) {
  Connection* const connection = find(link);
  if (connection == nullptr) return;
  if (!outcome) {
    const HandshakeEnd& why = outcome.error();
    connection->channel.refuse(Fault::handshake);
    return connection->channel.end(
        fmt::format("{}{}", why.is_peers ? "it refuses: " : "", sentence(why.fault)));
  }
  part_with_guest(*connection);
  if (connection->trial_done) {
    std::exchange(connection->trial_done, nullptr)(Status(), true);
    return connection->channel.end("it was a trial");
  }
  begin_session(*connection, outcome->peer);
}

void Federation::begin_session(Connection& connection, const std::string& server) {
  Peer& peer = known(server);
  connection.peer = server;
  connection.since = clock_.wall_ms();
  connection.channel.count_for(peer.counters);
  if (peer.attempt == connection.channel.id()) peer.attempt = {};
  if (const auto* const document = documents_.find(server))
    acquaintances_.met(server, document->document.root, connection.since);
  if (!connection.is_dialled && !quotas_.take(Spend::link, server)) {
    connection.channel.limit(Spend::link);
    return connection.channel.end("it connects too often");
  }
  if (Connection* const other = find(peer.link)) {
    // Both dialled: both sides keep the one that the smaller name dialled. One dialled again: it
    // has lost the other, whatever is seen of that here.
    const bool is_by_smaller = connection.is_dialled == (identity_.server() < server);
    if (other->is_dialled != connection.is_dialled && !is_by_smaller)
      return connection.channel.end("another link with it stays");
    peer.link = {};
    other->channel.end("another link with it took its place");
  }
  peer.link = connection.channel.id();
  peer.since = connection.since;
  const bool was_unreachable = peer.unreachable_since.has_value();
  peer.unreachable_since.reset();
  if (was_unreachable) service_.reachability_changed(server);
  peer.error.clear();
  log::info("linked with a server", {{"server", server}, {"address", connection.address}});
  connection.session =
      std::make_unique<Session>(env_, connection.channel, server, connection.is_dialled);
}

void Federation::received(LinkId link, std::string_view frame) {
  Connection* const connection = find(link);
  if (connection == nullptr || connection->channel.is_over()) return;
  connection->channel.received(frame.size());
  if (connection->session)
    connection->session->received(frame);
  else if (connection->greeting)
    connection->greeting->received(frame);
}

void Federation::closed(LinkId link, std::string why) {
  const auto found = connections_.find(link);
  if (found == connections_.end()) return;
  const std::unique_ptr<Connection> connection = std::move(found->second);
  connections_.erase(found);
  part_with_guest(*connection);
  if (connection->peer.empty()) connection->channel.count_for(forgotten_);
  if (!connection->channel.why().empty()) why = connection->channel.why();
  if (connection->session) connection->session->give_up();
  if (connection->trial_done)
    return connection->trial_done(fail(Code::unavailable, why), connection->greeting != nullptr);
  const auto peer = peers_.find(connection->peer);
  if (peer == peers_.end()) return;
  if (peer->second.link == link) return lost(peer->first, *connection, why);
  if (peer->second.attempt != link) return;
  peer->second.attempt = {};
  peer->second.error = std::move(why);
  dial(peer->first);
}

void Federation::lost(const std::string& server, const Connection& connection,
                      const std::string& why) {
  Peer& peer = known(server);
  const Session& session = *connection.session;
  peer.link = {};
  peer.since = clock_.wall_ms();
  peer.error = why;
  if (connection.channel.has_misbehaved()) acquaintances_.misbehaved(server, peer.since);
  log::info("lost the link with a server", {{"server", server}, {"why", why}});
  service_.unlinked(server);
  peer.is_needed = peer.is_needed || session.rooms_fed() + session.rooms_followed() > 0;
  if (is_over_ || !peer.is_needed) return;
  peer.backoff.failed(clock_.wall_ms(), random_);
}

}  // namespace chatd::federation
