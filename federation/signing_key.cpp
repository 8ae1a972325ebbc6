#include "federation/signing_key.hpp"

#include "federation/limits.hpp"

#include <algorithm>

namespace chatd::federation {
namespace {

// What a server makes for itself; peers take any up to kMaxKeyLifetime.
constexpr Millis kKeyLifetime = std::chrono::hours(30 * 24);
// How long the old key is valid beside the new one: longer than any frame is on its way.
constexpr Millis kKeyOverlap = std::chrono::hours(24);
// A day more than a document is believed, for a server that was down when it should have rotated.
constexpr Millis kPublishedBefore = kMaxDocumentAge + std::chrono::hours(24);

std::string form(const PublicKey& key, Validity validity) {
  ByteWriter out;
  out.raw(key.bytes);
  out.varint(static_cast<std::uint64_t>(validity.from));
  out.varint(static_cast<std::uint64_t>(validity.until));
  return out.take();
}

// When the last of the keys ends; `now` when all have.
TimeMs last_end(std::span<const SigningKey> keys, TimeMs now) {
  TimeMs end = now;
  for (const SigningKey& key : keys) end = std::max(end, key.validity.until);
  return end;
}

}  // namespace

bool SigningKey::is_valid_at(TimeMs time) const {
  const TimeMs skew = kMaxClockSkew.count();
  return time >= validity.from - skew && time - skew < validity.until;
}

SigningKey certify(const KeyPair& root, std::string_view server, const PublicKey& key,
                   Validity validity) {
  return {key, validity, root.sign(Purpose::key, server, form(key, validity))};
}

Status check(const SigningKey& key, const PublicKey& root, std::string_view server) {
  const auto [from, until] = key.validity;
  if (from < 0 || until <= from)
    return fail(Code::invalid_request, "a signing key ends before it begins");
  if (until - from > kMaxKeyLifetime.count())
    return fail(Code::invalid_request, "a signing key is valid for more than 90 days");
  if (!is_signed(key.by_root, root, Purpose::key, server, form(key.key, key.validity)))
    return fail(Code::invalid_request, "a signing key is not certified by the root key");
  return {};
}

const SigningKey* key_in_use(std::span<const SigningKey> keys, TimeMs now) {
  const SigningKey* newest = nullptr;
  for (const SigningKey& key : keys) {
    const bool is_current = key.validity.from <= now && now < key.validity.until;
    if (is_current && (newest == nullptr || key.validity.from > newest->validity.from))
      newest = &key;
  }
  return newest;
}

bool is_rotation_due(std::span<const SigningKey> keys, TimeMs now) {
  // Also where all keys are of a later time: the clock was ahead when they were made.
  return key_in_use(keys, now) == nullptr ||
         last_end(keys, now) - now <= (kKeyOverlap + kPublishedBefore).count();
}

Validity next_validity(std::span<const SigningKey> keys, TimeMs now) {
  const bool has_key = key_in_use(keys, now) != nullptr;
  const TimeMs from = has_key ? std::max(now, last_end(keys, now) - kKeyOverlap.count()) : now;
  return {from, from + kKeyLifetime.count()};
}

}  // namespace chatd::federation
