// What the admin asks about keys, and the documents that name those of others.
#include "daemon/app/federation_admin.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatd::app {
namespace {

std::string state_of(const federation::SigningKey& key, const federation::KeyPair* signer,
                     TimeMs now) {
  if (signer != nullptr && key.key == signer->public_key()) return "in use";
  if (now < key.validity.from) return "next";
  return now < key.validity.until ? "still valid" : "ended";
}

}  // namespace

Result<wire::FederationKeysAnswer> FederationAdmin::answer(const wire::AdminFederationKeysShow&) {
  const federation::Identity& identity = federation_->identity();
  const TimeMs now = clock_.wall_ms();
  wire::FederationKeysAnswer answer;
  answer.server = identity.server();
  answer.root_key = text(identity.root_key());
  answer.root_is = is_root_here() ? "here" : "elsewhere";
  for (const federation::OwnKey& key : identity.keys())
    answer.keys.push_back({key.certified.key.id().text(),
                           state_of(key.certified, identity.signer(now), now),
                           key.certified.validity.from, key.certified.validity.until});
  return answer;
}

Result<wire::FederationKeysAnswer> FederationAdmin::answer(const wire::AdminFederationKeysRotate&) {
  if (!is_root_here())
    return fail(Code::conflict,
                "the root key is kept elsewhere: begin with `chatctl federation keys request`");
  for (const federation::OwnKey& key : federation_->identity().keys())
    if (key.certified.validity.from > clock_.wall_ms())
      return fail(Code::conflict,
                  "the next signing key is there already: see `chatctl federation "
                  "keys show`");
  CHATD_CHECK(federation_->rotate_key());
  return answer(wire::AdminFederationKeysShow{});
}

Result<wire::FederationKeysEndAnswer> FederationAdmin::answer(
    const wire::AdminFederationKeysEnd& wanted) {
  CHATD_TRY(const federation::KeyId id, federation::KeyId::parse(wanted.key));
  const federation::Identity& identity = federation_->identity();
  wire::FederationKeysEndAnswer ended;
  if (is_root_here()) {
    CHATD_CHECK(federation_->end_key(id));
  } else {
    CHATD_TRY(const federation::SigningKey key, identity.ended(id, clock_.wall_ms()));
    ended.request =
        federation::KeyRequest{identity.server(), key.key, key.validity.from, key.validity.until}
            .text();
  }
  CHATD_TRY(wire::FederationKeysAnswer keys, answer(wire::AdminFederationKeysShow{}));
  ended.keys = std::move(keys.keys);
  return ended;
}

Result<wire::FederationKeyRequestAnswer> FederationAdmin::answer(
    const wire::AdminFederationKeysRequest&) {
  if (is_root_here())
    return fail(Code::conflict,
                "the root key is here, so chatd certifies its keys itself: `chatctl federation "
                "keys rotate`");
  CHATD_TRY(const federation::PublicKey key, files_.requested_key(random_));
  const federation::Identity& identity = federation_->identity();
  const TimeMs from = identity.next_validity(clock_.wall_ms()).from;
  return wire::FederationKeyRequestAnswer{
      federation::KeyRequest{identity.server(), key, from, 0}.text()};
}

Result<wire::FederationKeysAnswer> FederationAdmin::answer(
    const wire::AdminFederationKeysAdd& given) {
  CHATD_TRY(const auto certificate, federation::KeyCertificate::parse(given.certificate));
  CHATD_TRY(federation::OwnKey key, files_.add_key(certificate));
  CHATD_CHECK(federation_->add_key(std::move(key)));
  return answer(wire::AdminFederationKeysShow{});
}

Result<wire::FederationCacheAnswer> FederationAdmin::answer(
    const wire::AdminFederationCacheShow& wanted) {
  wire::FederationCacheAnswer answer;
  for (const auto& [server, known] : federation_->documents().all()) {
    if (wanted.server && *wanted.server != server) continue;
    wire::FederationDocument document;
    document.server = server;
    document.root_key = text(known.document.root);
    document.fetched = known.fetched;
    document.expires = known.document.expires;
    for (const federation::Endpoint& place : known.endpoints)
      document.endpoints.push_back(fmt::format("{}:{}", place.host, place.port));
    document.contact = known.document.contact;
    answer.documents.push_back(std::move(document));
  }
  take_page(answer.documents, answer.next, wanted,
            [](const wire::FederationDocument& document) { return document.server; });
  return answer;
}

Result<wire::Nothing> FederationAdmin::answer(const wire::AdminFederationCacheFlush& wanted) {
  std::vector<std::string> servers;
  for (const auto& [server, known] : federation_->documents().all())
    if (!wanted.server || *wanted.server == server) servers.push_back(server);
  if (wanted.server && servers.empty())
    return fail(Code::not_found, fmt::format("no document of {} is remembered", *wanted.server));
  for (const std::string& server : servers) federation_->forget_document(server);
  return wire::Nothing{};
}

Result<wire::FederationRestoredAnswer> FederationAdmin::answer(
    const wire::AdminFederationRestored& wanted) {
  if (wanted.go_on.value_or(false)) {
    federation_->go_on_after_restore();
    return wire::FederationRestoredAnswer{restore_epoch_};
  }
  CHATD_CHECK(raise_epoch());
  federation_->link_anew("this server was put back from a backup");
  return wire::FederationRestoredAnswer{restore_epoch_};
}

}  // namespace chatd::app
