// What the admin asks about other servers and the links with them.
#include "daemon/app/federation_admin.hpp"
#include "daemon/base/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chatd::app {
namespace {

Status check_name(const std::string& server) {
  if (is_server_name(server)) return {};
  return fail(Code::invalid_params,
              fmt::format("\"{}\" is no server's name, such as chat.example", server));
}

Result<federation::PeerStatus> find(const federation::Federation& federation,
                                    const std::string& server) {
  CHATD_CHECK(check_name(server));
  if (auto found = federation.peer(server)) return *std::move(found);
  return fail(Code::not_found,
              fmt::format("this server has nothing to do with {}; `chatctl federation check` tries "
                          "whether it could",
                          server));
}

wire::FederationPeer view_of(const federation::PeerStatus& peer) {
  return {peer.server,    peer.link,           peer.since,   peer.outbox,
          peer.rooms_fed, peer.rooms_followed, peer.address, peer.unreachable_since,
          peer.error};
}

// {"name":count,...} of those that are not zero.
template <class What>
wire::RawJson counts(const auto& numbers) {
  std::string json = "{";
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] == 0) continue;
    json += fmt::format("{}\"{}\":{}", json.size() > 1 ? "," : "",
                        federation::name(static_cast<What>(i)), numbers[i]);
  }
  return {json + "}"};
}

std::string mode_text(federation::Mode mode) {
  switch (mode) {
    case federation::Mode::open:
      return "open";
    case federation::Mode::allow_list:
      return "allow_list";
    case federation::Mode::closed:
      return "closed";
  }
  return "";
}

}  // namespace

Result<wire::FederationStatusAnswer> FederationAdmin::answer(const wire::AdminFederationStatus&) {
  wire::FederationStatusAnswer status;
  const federation::Identity& identity = federation_->identity();
  status.server = identity.server();
  status.mode = mode_text(settings().policy.mode);
  status.root_key = text(identity.root_key());
  const TimeMs now = clock_.wall_ms();
  if (const federation::KeyPair* const signer = identity.signer(now)) {
    status.signing_key = signer->public_key().id().text();
    for (const federation::OwnKey& key : identity.keys())
      if (key.certified.key == signer->public_key())
        status.signing_key_until = key.certified.validity.until;
  }
  status.restore_epoch = restore_epoch_;
  status.recovering = !federation_->recovery().is_finished();
  status.rooms_recovering = federation_->recovery().rooms(clock_.now());
  for (const federation::PeerStatus& peer : federation_->peers()) {
    ++status.peers;
    if (peer.link == "up") ++status.linked;
    if (peer.link == "paused") ++status.paused;
    if (peer.unreachable_since) ++status.unreachable;
    status.outbox += peer.outbox;
  }
  const federation::Counters totals = federation_->totals();
  status.records_sent = totals.records_sent;
  status.records_received = totals.records_received;
  status.bytes_sent = totals.bytes_sent;
  status.bytes_received = totals.bytes_received;
  status.refused = counts<federation::Fault>(totals.refused);
  return status;
}

Result<wire::FederationPeersAnswer> FederationAdmin::answer(
    const wire::AdminFederationPeers& wanted) {
  wire::FederationPeersAnswer answer;
  std::optional<federation::ServerPattern> pattern;
  if (wanted.servers) {
    CHATD_TRY(pattern, federation::ServerPattern::parse(*wanted.servers));
  }
  for (const federation::PeerStatus& peer : federation_->peers())
    if (!pattern || pattern->matches(peer.server)) answer.peers.push_back(view_of(peer));
  take_page(answer.peers, answer.next, wanted,
            [](const wire::FederationPeer& peer) { return peer.server; });
  return answer;
}

Result<wire::FederationPeerAnswer> FederationAdmin::answer(
    const wire::AdminFederationPeerShow& wanted) {
  CHATD_TRY(const federation::PeerStatus peer, find(*federation_, wanted.server));
  wire::FederationPeerAnswer answer;
  answer.peer = view_of(peer);
  const Status admitted = federation_->admits(peer.server);
  answer.policy = admitted ? "this server federates with it" : admitted.error().message;
  answer.next_try = peer.next_try;
  answer.conflicts = peer.conflicts;
  answer.keys = peer.keys;
  answer.document_expires = peer.document_expires;
  answer.restore_epoch = peer.restore_epoch;
  if (peer.root) answer.root_key = text(*peer.root);
  if (peer.other_root) {
    answer.new_root_key = text(*peer.other_root);
    answer.identity_changed = peer.identity_changed;
  }
  answer.quota_percent = static_cast<std::uint32_t>(peer.quota_share * 100);
  answer.limited = counts<federation::Spend>(peer.counters.limited);
  answer.records_sent = peer.counters.records_sent;
  answer.records_received = peer.counters.records_received;
  answer.frames_sent = peer.counters.frames_sent;
  answer.frames_received = peer.counters.frames_received;
  answer.bytes_sent = peer.counters.bytes_sent;
  answer.bytes_received = peer.counters.bytes_received;
  answer.refused = counts<federation::Fault>(peer.counters.refused);
  return answer;
}

void FederationAdmin::show(const wire::AdminFederationPeerShow& wanted, const Done& done) {
  auto known = answer(wanted);
  if (!known) return done(fail(std::move(known).error()));
  federation_->count_notices(wanted.server, [done, known = *std::move(known)](std::size_t count) {
    wire::FederationPeerAnswer answer = known;
    answer.notices = count;
    done(wire::FederationAnswer(std::move(answer)));
  });
}

Result<wire::Nothing> FederationAdmin::answer(const wire::AdminFederationPeerAccept& wanted) {
  CHATD_CHECK(check_name(wanted.server));
  CHATD_CHECK(federation_->accept_identity(wanted.server));
  return wire::Nothing{};
}

Result<wire::FederationPeer> FederationAdmin::answer(const wire::AdminFederationRetry& wanted) {
  CHATD_TRY(const federation::PeerStatus peer, find(*federation_, wanted.server));
  CHATD_CHECK(federation_->admits(peer.server));
  if (rules_.paused().contains(peer.server))
    return fail(Code::conflict, fmt::format("{} is paused: `chatctl federation resume {}`",
                                            peer.server, peer.server));
  federation_->retry(peer.server);
  CHATD_TRY(const federation::PeerStatus after, find(*federation_, peer.server));
  return view_of(after);
}

Result<wire::FederationPeer> FederationAdmin::answer(const wire::AdminFederationPause& wanted) {
  federation::Rules rules = rules_;
  CHATD_CHECK(rules.pause(wanted.server));
  CHATD_CHECK(decide(std::move(rules)));
  federation_->pause(wanted.server);
  CHATD_TRY(federation::PeerStatus after, find(*federation_, wanted.server));
  after.link = "paused";  // once the link that there may be has ended
  return view_of(after);
}

Result<wire::FederationPeer> FederationAdmin::answer(const wire::AdminFederationResume& wanted) {
  if (!rules_.paused().contains(wanted.server))
    return fail(Code::conflict, fmt::format("{} is not paused", wanted.server));
  federation::Rules rules = rules_;
  rules.resume(wanted.server);
  CHATD_CHECK(decide(std::move(rules)));
  federation_->resume(wanted.server);
  CHATD_TRY(const federation::PeerStatus after, find(*federation_, wanted.server));
  return view_of(after);
}

void FederationAdmin::check(const std::string& server, const Done& done) {
  if (const Status status = check_name(server); !status) return done(fail(status.error()));
  federation_->check(server, [done](const std::vector<federation::CheckStep>& steps) {
    wire::FederationCheckAnswer answer;
    for (const federation::CheckStep& step : steps) {
      const std::string side = step.is_theirs ? "there" : "here";
      answer.steps.push_back({side, step.name, step.is_good, step.words});
      if (!step.is_good)
        answer.problems.push_back(fmt::format("{}, {}: {}", side, step.name, step.words));
    }
    done(wire::FederationAnswer(std::move(answer)));
  });
}

}  // namespace chatd::app
