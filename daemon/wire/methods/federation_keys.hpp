#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/wire/methods/method.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What chatctl may ask about keys: those of this server, and the documents that name those of
// others.
namespace chatd::wire {

struct FederationKey {
  static constexpr std::string_view kTypeName = "FederationKey";
  std::string key;
  std::string state;
  TimeMs from = 0;
  TimeMs until = 0;
  static void fields(auto& self, auto&& field) {
    field("key", self.key, "Its id.");
    field("state", self.state, "in use, next, still valid or ended.");
    field("from", self.from, "Valid from.");
    field("until", self.until, "Valid until.");
  }
};

struct FederationKeysAnswer {
  std::string server;
  std::string root_key;
  std::string root_is;
  std::vector<FederationKey> keys;
  static void fields(auto& self, auto&& field) {
    field("server", self.server, "This server's name.");
    field("root_key", self.root_key, "Its root key: what others may put into their configuration.");
    field("root_is", self.root_is, "Where its secret part is: here or elsewhere.");
    field("keys", self.keys, "The signing keys.");
  }
};

struct AdminFederationKeysShow {
  static constexpr MethodInfo kMethod{"admin.federation.keys.show",
                                      "The public keys of this server.", Access::admin, false, 0};
  using Answer = FederationKeysAnswer;
  static void fields(auto&, auto&&) {}
};

struct AdminFederationKeysRotate {
  static constexpr MethodInfo kMethod{
      "admin.federation.keys.rotate",
      "Makes the next signing key now; it takes over before the last one ends.", Access::admin,
      false, errors(Code::conflict)};
  using Answer = FederationKeysAnswer;
  static void fields(auto&, auto&&) {}
};

struct FederationKeyRequestAnswer {
  std::string request;
  static void fields(auto& self, auto&& field) {
    field("request", self.request, "The text for `federation keys certify`, without a secret.");
  }
};

struct AdminFederationKeysRequest {
  static constexpr MethodInfo kMethod{
      "admin.federation.keys.request",
      "Makes a signing key that is to be certified where the root key is, and asks for that.",
      Access::admin, false, errors(Code::conflict)};
  using Answer = FederationKeyRequestAnswer;
  static void fields(auto&, auto&&) {}
};

struct AdminFederationKeysAdd {
  static constexpr MethodInfo kMethod{"admin.federation.keys.add",
                                      "Takes the requested signing key, certified.", Access::admin,
                                      false, errors(Code::conflict)};
  using Answer = FederationKeysAnswer;
  std::string certificate;
  static void fields(auto& self, auto&& field) {
    field("certificate", self.certificate, "What `federation keys certify` printed.",
          Bounds{.max_code_points = 1024});
  }
};

struct FederationKeysEndAnswer {
  std::optional<std::string> request;
  std::vector<FederationKey> keys;
  static void fields(auto& self, auto&& field) {
    field(
        "request", self.request,
        "Where the root key is elsewhere, the text for `federation keys certify`; until what that "
        "prints is added, nothing has ended.");
    field("keys", self.keys, "The signing keys.");
  }
};

struct AdminFederationKeysEnd {
  static constexpr MethodInfo kMethod{
      "admin.federation.keys.end", "Ends a signing key before its time: somebody else may have it.",
      Access::admin, false, errors(Code::not_found)};
  using Answer = FederationKeysEndAnswer;
  std::string key;
  static void fields(auto& self, auto&& field) {
    field("key", self.key, "Its id, as `federation keys show` prints it.",
          Bounds{.max_code_points = 43});
  }
};

struct FederationDocument {
  static constexpr std::string_view kTypeName = "FederationDocument";
  std::string server;
  std::string root_key;
  TimeMs fetched = 0;
  TimeMs expires = 0;
  std::vector<std::string> endpoints;
  std::string contact;
  static void fields(auto& self, auto&& field) {
    field("server", self.server, "Whose document.");
    field("root_key", self.root_key, "Its root key.");
    field("fetched", self.fetched, "When it was fetched.");
    field("expires", self.expires, "Until when it is believed.");
    field("endpoints", self.endpoints, "Where to connect to.");
    field("contact", self.contact, "Whom to tell of abuse.");
  }
};

struct FederationCacheAnswer {
  std::vector<FederationDocument> documents;
  std::optional<std::string> next;
  static void fields(auto& self, auto&& field) {
    field("documents", self.documents, "By their servers.");
    field("next", self.next, "Pass it as `after` for the next page.");
  }
};

struct AdminFederationCacheShow {
  static constexpr MethodInfo kMethod{"admin.federation.cache.show",
                                      "The documents of other servers that are remembered.",
                                      Access::admin, false, 0};
  using Answer = FederationCacheAnswer;
  std::optional<std::string> server;
  std::optional<std::string> after;
  std::optional<std::uint32_t> limit;
  static void fields(auto& self, auto&& field) {
    field("server", self.server, "Only that of this one.");
    field("after", self.after, "`next` of the page before.");
    field("limit", self.limit, "At most so many; 100 unless told.", Bounds{.max_value = 1000});
  }
};

struct AdminFederationCacheFlush {
  static constexpr MethodInfo kMethod{
      "admin.federation.cache.flush",
      "Forgets documents of other servers, so that they are looked for anew.", Access::admin, false,
      errors(Code::not_found)};
  using Answer = Nothing;
  std::optional<std::string> server;
  static void fields(auto& self, auto&& field) {
    field("server", self.server, "Only that of this one; all unless told.");
  }
};

struct FederationRestoredAnswer {
  std::uint64_t restore_epoch = 0;
  static void fields(auto& self, auto&& field) {
    field("restore_epoch", self.restore_epoch, "Which life after a backup it is now.");
  }
};

struct AdminFederationRestored {
  static constexpr MethodInfo kMethod{
      "admin.federation.restored",
      "This server was put back from a backup: rooms that others follow take nothing new until "
      "these have said what they have, for an hour at most.",
      Access::admin, false, 0};
  using Answer = FederationRestoredAnswer;
  std::optional<bool> go_on;
  static void fields(auto& self, auto&& field) {
    field("go_on", self.go_on,
          "Waits no longer for servers that were not heard: what only they have is lost.");
  }
};

}  // namespace chatd::wire
