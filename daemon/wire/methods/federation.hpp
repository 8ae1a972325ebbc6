#pragma once

#include "daemon/wire/methods/federation_keys.hpp"
#include "daemon/wire/methods/federation_peers.hpp"
#include "daemon/wire/methods/federation_rules.hpp"

#include <string>
#include <variant>

// All that chatctl may ask about other servers, through the control socket.
namespace chatd::wire {

struct FederationStatusAnswer {
  std::string server;
  std::string mode;
  std::string root_key;
  std::string signing_key;
  TimeMs signing_key_until = 0;
  std::uint64_t restore_epoch = 0;
  bool recovering = false;
  std::uint64_t rooms_recovering = 0;
  std::uint64_t peers = 0;
  std::uint64_t linked = 0;
  std::uint64_t unreachable = 0;
  std::uint64_t paused = 0;
  std::uint64_t outbox = 0;
  std::uint64_t records_sent = 0;
  std::uint64_t records_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  RawJson refused{"{}"};
  static void fields(auto& self, auto&& field) {
    field("server", self.server, "This server's name.");
    field("mode", self.mode, "open, allow_list or closed.");
    field("root_key", self.root_key, "The public key that proves this server for ever.");
    field("signing_key", self.signing_key, "The id of the key it signs with now; empty: none.");
    field("signing_key_until", self.signing_key_until, "When that ends.");
    field("restore_epoch", self.restore_epoch, "Which life after a backup it is; 0: the first.");
    field("recovering", self.recovering,
          "Whether it waits to hear what others have, after a backup was put back.");
    field("rooms_recovering", self.rooms_recovering, "Rooms whose lost records come back now.");
    field("peers", self.peers, "Servers that it has to do with.");
    field("linked", self.linked, "Of these, those it is linked with.");
    field("unreachable", self.unreachable, "Those that it can't reach.");
    field("paused", self.paused, "Those that the admin paused.");
    field("outbox", self.outbox, "What people here said and no hub has answered yet.");
    field("records_sent", self.records_sent, "Records sent since the start.");
    field("records_received", self.records_received, "Records received since the start.");
    field("bytes_sent", self.bytes_sent, "Bytes sent since the start.");
    field("bytes_received", self.bytes_received, "Bytes received since the start.");
    field("refused", self.refused, "Frames refused since the start: why -> how many.");
  }
};

struct AdminFederationStatus {
  static constexpr MethodInfo kMethod{"admin.federation.status",
                                      "How it stands with other servers.", Access::admin, false, 0};
  using Answer = FederationStatusAnswer;
  static void fields(auto&, auto&&) {}
};

// What the core passes on as it is: these are about links and keys, of which it knows nothing.
using FederationQuestion =
    std::variant<AdminFederationStatus, AdminFederationPeers, AdminFederationPeerShow,
                 AdminFederationPeerAccept, AdminFederationCheck, AdminFederationRetry,
                 AdminFederationPause, AdminFederationResume, AdminFederationAllow,
                 AdminFederationDeny, AdminFederationRuleList, AdminFederationRuleRemove,
                 AdminFederationKeysShow, AdminFederationKeysRotate, AdminFederationKeysEnd,
                 AdminFederationKeysRequest, AdminFederationKeysAdd, AdminFederationCacheShow,
                 AdminFederationCacheFlush, AdminFederationRestored>;
using FederationAnswer =
    std::variant<FederationStatusAnswer, FederationPeersAnswer, FederationPeerAnswer,
                 FederationCheckAnswer, FederationPeer, FederationRuleAnswer, FederationRulesAnswer,
                 FederationKeysAnswer, FederationKeysEndAnswer, FederationKeyRequestAnswer,
                 FederationCacheAnswer, FederationRestoredAnswer, Nothing>;

}  // namespace chatd::wire
