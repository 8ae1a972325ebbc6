#include "federation/identity.hpp"

#include "federation/limits.hpp"

#include <algorithm>
#include <utility>

namespace chatd::federation {
namespace {

bool is_before(const SigningKey& a, const SigningKey& b) {
  return std::pair(a.validity.from, a.key) < std::pair(b.validity.from, b.key);
}

}  // namespace

Identity::Identity(std::string server, const PublicKey& root_key, std::optional<KeyPair> root,
                   std::vector<OwnKey> keys, Save save)
    : server_(std::move(server)),
      root_key_(root_key),
      root_(std::move(root)),
      save_(std::move(save)),
      keys_(std::move(keys)) {
  std::sort(keys_.begin(), keys_.end(),
            [](const OwnKey& a, const OwnKey& b) { return is_before(a.certified, b.certified); });
}

std::vector<SigningKey> Identity::certified() const {
  std::vector<SigningKey> certified;
  for (const OwnKey& key : keys_) certified.push_back(key.certified);
  return certified;
}

const KeyPair* Identity::signer(TimeMs now) const {
  const std::vector<SigningKey> all = certified();
  const SigningKey* const in_use = key_in_use(all, now);
  return in_use == nullptr ? nullptr : &keys_[static_cast<std::size_t>(in_use - all.data())].pair;
}

const PublicKey* Identity::find(const KeyId& id) const {
  for (const OwnKey& key : keys_)
    if (key.certified.key.id() == id) return &key.certified.key;
  return nullptr;
}

Result<bool> Identity::rotate(TimeMs now, Random& random) {
  if (!is_rotation_due(certified(), now)) return false;
  CHATD_CHECK(add_key(now, random));
  return true;
}

Status Identity::add_key(TimeMs now, Random& random) {
  if (!root_)
    return fail(Code::unavailable, "the root key is kept elsewhere: certify the next key there");
  const Secret seed = KeyPair::make_seed(random);
  CHATD_TRY(KeyPair pair, KeyPair::from_seed(seed));
  const SigningKey key = certify(*root_, server_, pair.public_key(), next_validity(now));
  if (save_) CHATD_CHECK(save_(key, seed));
  insert({key, std::move(pair)});
  return {};
}

Status Identity::add_key(OwnKey key) {
  CHATD_CHECK(check(key.certified, root_key_, server_));
  const auto same = std::find_if(keys_.begin(), keys_.end(), [&](const OwnKey& other) {
    return other.certified.key == key.certified.key;
  });
  if (same != keys_.end()) {
    if (key.certified.validity.until >= same->certified.validity.until)
      return fail(Code::conflict, "this key is there already, and ends no later");
    keys_.erase(same);
  }
  insert(std::move(key));
  return {};
}

Result<SigningKey> Identity::ended(const KeyId& id, TimeMs now) const {
  for (const OwnKey& key : keys_) {
    if (key.certified.key.id() != id) continue;
    SigningKey ended = key.certified;
    if (ended.validity.until <= now) return fail(Code::not_found, "this key has ended already");
    ended.validity = {std::min(ended.validity.from, now - 1), now};
    return ended;
  }
  return fail(Code::not_found, "this server has no such key");
}

Status Identity::end_key(const KeyId& id, TimeMs now, Random& random) {
  CHATD_TRY(SigningKey key, ended(id, now));
  if (!root_)
    return fail(Code::unavailable, "the root key is kept elsewhere: certify the end there");
  key = certify(*root_, server_, key.key, key.validity);
  if (save_) CHATD_CHECK(save_(key, Secret()));
  const auto own = std::find_if(keys_.begin(), keys_.end(), [&](const OwnKey& other) {
    return other.certified.key == key.key;
  });
  OwnKey again{key, std::move(own->pair)};
  keys_.erase(own);
  insert(std::move(again));
  if (signer(now) == nullptr) return add_key(now, random);
  return {};
}

Validity Identity::next_validity(TimeMs now) const {
  return federation::next_validity(certified(), now);
}

void Identity::insert(OwnKey own) {
  const auto place = std::find_if(keys_.begin(), keys_.end(), [&](const OwnKey& other) {
    return is_before(own.certified, other.certified);
  });
  keys_.insert(place, std::move(own));
}

Result<ServerDocument> Identity::document(const Settings& settings, TimeMs now) const {
  const KeyPair* const key = signer(now);
  if (key == nullptr)
    return fail(Code::unavailable, "this server has no signing key that is valid now");
  ServerDocument document;
  document.server = server_;
  document.root = root_key_;
  document.issued = now;
  document.expires = now + kMaxDocumentAge.count();
  document.protocols = kProtocols;
  document.keys = certified();
  // What ended long ago goes first.
  if (document.keys.size() > kMaxKeys)
    document.keys.erase(document.keys.begin(),
                        document.keys.end() - static_cast<std::ptrdiff_t>(kMaxKeys));
  document.endpoints = settings.endpoints;
  document.limits = settings.limits;
  document.contact = settings.contact;
  sign(document, *key);
  return document;
}

bool Identity::is_current(const ServerDocument& document, TimeMs now) const {
  const KeyPair* const key = signer(now);
  return key != nullptr && key->public_key().id() == document.signature.key &&
         now >= document.issued && now - document.issued < kDocumentRenewedAfter.count();
}

}  // namespace chatd::federation
