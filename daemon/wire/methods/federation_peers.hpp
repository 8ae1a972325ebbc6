#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/wire/methods/method.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What chatctl may ask about other servers and the links with them.
namespace chatd::wire {

struct FederationPeer {
  static constexpr std::string_view kTypeName = "FederationPeer";
  std::string server;
  std::string link;
  TimeMs since = 0;
  std::uint64_t outbox = 0;
  std::uint64_t rooms_fed = 0;
  std::uint64_t rooms_followed = 0;
  std::string address;
  std::optional<TimeMs> unreachable_since;
  std::string error;
  static void fields(auto& self, auto&& field) {
    field("server", self.server, "Its name.");
    field("link", self.link, "up, proving, looking, waiting, paused or none.");
    field("since", self.since, "Since when that is so.");
    field("outbox", self.outbox, "What people here said for its rooms, without an answer.");
    field("rooms_fed", self.rooms_fed, "Rooms of this server that it follows.");
    field("rooms_followed", self.rooms_followed,
          "Rooms of it that this server followed when the link began.");
    field("address", self.address, "Where the link goes to, or comes from.");
    field("unreachable_since", self.unreachable_since, "Since when it can't be reached.");
    field("error", self.error, "Why the last link ended, or could not be made.");
  }
};

struct FederationPeersAnswer {
  std::vector<FederationPeer> peers;
  std::optional<std::string> next;
  static void fields(auto& self, auto&& field) {
    field("peers", self.peers, "By their names.");
    field("next", self.next, "Pass it as `after` for the next page.");
  }
};

struct AdminFederationPeers {
  static constexpr MethodInfo kMethod{"admin.federation.peers",
                                      "The servers that this one has to do with.", Access::admin,
                                      false, 0};
  using Answer = FederationPeersAnswer;
  std::optional<std::string> servers;
  std::optional<std::string> after;
  std::optional<std::uint32_t> limit;
  static void fields(auto& self, auto&& field) {
    field("servers", self.servers, "Only this one, or with \"*.\" before a name all below it.");
    field("after", self.after, "`next` of the page before.");
    field("limit", self.limit, "At most so many; 100 unless told.", Bounds{.max_value = 1000});
  }
};

struct FederationPeerAnswer {
  FederationPeer peer;
  std::string policy;
  std::uint64_t notices = 0;
  TimeMs next_try = 0;
  std::vector<std::string> conflicts;
  std::vector<std::string> keys;
  TimeMs document_expires = 0;
  std::uint64_t restore_epoch = 0;
  std::optional<std::string> root_key;
  std::optional<std::string> new_root_key;
  std::optional<TimeMs> identity_changed;
  std::uint32_t quota_percent = 100;
  RawJson limited{"{}"};
  std::uint64_t records_sent = 0;
  std::uint64_t records_received = 0;
  std::uint64_t frames_sent = 0;
  std::uint64_t frames_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  RawJson refused{"{}"};
  static void fields(auto& self, auto&& field) {
    field("peer", self.peer, "How it stands with it.");
    field("policy", self.policy, "Whether this server federates with it, or why not.");
    field("notices", self.notices,
          "Invitations, requests of contacts and what takes them back that wait for it.");
    field("next_try", self.next_try, "When it is tried again; 0: not waiting.");
    field("conflicts", self.conflicts, "Rooms whose logs differ here and there.");
    field("keys", self.keys, "The ids of its signing keys, as its document names them.");
    field("document_expires", self.document_expires, "Until when its document is believed.");
    field("restore_epoch", self.restore_epoch, "Which life after a backup it is; 0: the first.");
    field("root_key", self.root_key, "The key that it proved itself by; left out: not yet.");
    field("new_root_key", self.new_root_key,
          "Another one that it shows now: `federation peer accept` if that is right.");
    field("identity_changed", self.identity_changed, "Since when it does.");
    field("quota_percent", self.quota_percent,
          "Which part of the limits of [federation] it has: less than 100 on probation.");
    field("limited", self.limited, "What it wanted more of than it may: what -> how often.");
    field("records_sent", self.records_sent, "Records sent to it.");
    field("records_received", self.records_received, "Records received from it.");
    field("frames_sent", self.frames_sent, "Frames sent to it.");
    field("frames_received", self.frames_received, "Frames received from it.");
    field("bytes_sent", self.bytes_sent, "Bytes sent to it.");
    field("bytes_received", self.bytes_received, "Bytes received from it.");
    field("refused", self.refused, "Frames of it that were refused: why -> how many.");
  }
};

struct AdminFederationPeerShow {
  static constexpr MethodInfo kMethod{"admin.federation.peer.show",
                                      "All that is known about one other server.", Access::admin,
                                      false, errors(Code::not_found)};
  using Answer = FederationPeerAnswer;
  std::string server;
  static void fields(auto& self, auto&& field) { field("server", self.server, "Its name."); }
};

struct FederationCheckStep {
  static constexpr std::string_view kTypeName = "FederationCheckStep";
  std::string side;
  std::string step;
  bool is_good = false;
  std::string words;
  static void fields(auto& self, auto&& field) {
    field("side", self.side, "Who looked: here, or there.");
    field("step", self.step, "What was looked at.");
    field("good", self.is_good, "Whether it is well.");
    field("words", self.words, "What was found.");
  }
};

struct FederationCheckAnswer {
  std::vector<FederationCheckStep> steps;
  std::vector<std::string> problems;
  static void fields(auto& self, auto&& field) {
    field("steps", self.steps, "In the order in which they were tried.");
    field("problems", self.problems, "What is wrong, in words; empty: nothing.");
  }
};

struct AdminFederationCheck {
  static constexpr MethodInfo kMethod{
      "admin.federation.check",
      "Tries all that a link with another server needs, and asks it to try too.", Access::admin,
      false, 0};
  using Answer = FederationCheckAnswer;
  std::string server;
  static void fields(auto& self, auto&& field) { field("server", self.server, "Its name."); }
};

struct AdminFederationPeerAccept {
  static constexpr MethodInfo kMethod{
      "admin.federation.peer.accept",
      "Takes another server, which shows another root key than before, for the same.",
      Access::admin, false, errors(Code::not_found)};
  using Answer = Nothing;
  std::string server;
  static void fields(auto& self, auto&& field) { field("server", self.server, "Its name."); }
};

struct AdminFederationRetry {
  static constexpr MethodInfo kMethod{"admin.federation.retry",
                                      "Tries to reach another server now.", Access::admin, false,
                                      errors(Code::conflict, Code::denied)};
  using Answer = FederationPeer;
  std::string server;
  static void fields(auto& self, auto&& field) { field("server", self.server, "Its name."); }
};

struct AdminFederationPause {
  static constexpr MethodInfo kMethod{
      "admin.federation.pause",
      "Ends the link with another server and makes none until it is resumed; nothing is lost.",
      Access::admin, false, errors(Code::limit_reached)};
  using Answer = FederationPeer;
  std::string server;
  static void fields(auto& self, auto&& field) { field("server", self.server, "Its name."); }
};

struct AdminFederationResume {
  static constexpr MethodInfo kMethod{"admin.federation.resume", "Ends a pause.", Access::admin,
                                      false, errors(Code::conflict)};
  using Answer = FederationPeer;
  std::string server;
  static void fields(auto& self, auto&& field) { field("server", self.server, "Its name."); }
};

}  // namespace chatd::wire
