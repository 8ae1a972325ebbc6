#include "federation/server_document.hpp"

#include "daemon/base/ids.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chatd::federation {
namespace {

constexpr std::uint8_t kVersion = 1;

tl::unexpected<Error> refuse(std::string message) {
  return fail(Code::invalid_request, std::move(message));
}

bool is_feature(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/=").find(c) != std::string_view::npos;
  });
}

// All but the signature: what is signed.
ByteWriter form(const ServerDocument& document) {
  ByteWriter out;
  out.u8(kVersion);
  out.blob(document.server);
  out.raw(document.root.bytes);
  out.varint(static_cast<std::uint64_t>(document.issued));
  out.varint(static_cast<std::uint64_t>(document.expires));
  write(out, document.protocols);
  out.varint(document.keys.size());
  for (const SigningKey& key : document.keys) {
    out.raw(key.key.bytes);
    out.varint(static_cast<std::uint64_t>(key.validity.from));
    out.varint(static_cast<std::uint64_t>(key.validity.until));
    write(out, key.by_root);
  }
  out.varint(document.endpoints.size());
  for (const Endpoint& endpoint : document.endpoints) {
    out.blob(endpoint.host);
    out.varint(endpoint.port);
  }
  out.varint(document.features.size());
  for (const std::string& feature : document.features) out.blob(feature);
  out.varint(document.limits.text_characters);
  out.varint(document.limits.frame_bytes);
  out.varint(document.limits.room_members);
  out.blob(document.contact);
  return out;
}

Result<std::size_t> read_count(ByteReader& in, std::size_t max, std::string_view what) {
  CHATD_TRY(const std::uint64_t count, in.varint());
  if (count > max) return refuse(fmt::format("it has more than {} {}", max, what));
  return static_cast<std::size_t>(count);
}

Status read_keys(ByteReader& in, std::vector<SigningKey>& keys) {
  CHATD_TRY(const std::size_t count, read_count(in, kMaxKeys, "keys"));
  for (std::size_t i = 0; i < count; ++i) {
    SigningKey key;
    CHATD_TRY(key.key.bytes, in.array<32>());
    CHATD_TRY(key.validity.from, in.time());
    CHATD_TRY(key.validity.until, in.time());
    CHATD_TRY(key.by_root, read_signature(in));
    const auto order = [](const SigningKey& a) { return std::pair(a.validity.from, a.key); };
    if (!keys.empty() && order(keys.back()) >= order(key))
      return refuse("its keys are not in order");
    const auto is_same = [&](const SigningKey& other) { return other.key == key.key; };
    if (std::any_of(keys.begin(), keys.end(), is_same)) return refuse("it names a key twice");
    keys.push_back(key);
  }
  return {};
}

Status read_endpoints(ByteReader& in, std::vector<Endpoint>& endpoints) {
  CHATD_TRY(const std::size_t count, read_count(in, kMaxEndpoints, "endpoints"));
  for (std::size_t i = 0; i < count; ++i) {
    CHATD_TRY(const std::string_view host, in.blob(kMaxServerNameBytes));
    if (!is_server_name(host)) return refuse("an endpoint's host is no lower-case domain name");
    CHATD_TRY(const std::uint64_t port, in.varint());
    if (port == 0 || port > UINT16_MAX) return refuse("an endpoint's port is not 1 to 65535");
    endpoints.push_back({std::string(host), static_cast<std::uint16_t>(port)});
  }
  return {};
}

Status read_features(ByteReader& in, std::vector<std::string>& features) {
  CHATD_TRY(const std::size_t count, read_count(in, kMaxFeatures, "features"));
  for (std::size_t i = 0; i < count; ++i) {
    CHATD_TRY(const std::string_view feature, in.blob(kMaxFeatureBytes));
    if (!is_feature(feature))
      return refuse("a feature has other characters than a-z, 0-9, '.', '_', '-', '/' and '='");
    if (!features.empty() && features.back() >= feature)
      return refuse("its features are not in order");
    features.emplace_back(feature);
  }
  return {};
}

Result<ServerDocument> read_document(ByteReader& in) {
  ServerDocument document;
  CHATD_TRY(const std::uint8_t version, in.u8());
  if (version != kVersion) return refuse("it has a form that this version does not know");
  CHATD_TRY(document.server, in.blob(kMaxServerNameBytes));
  if (!is_server_name(document.server)) return refuse("its server is no lower-case domain name");
  CHATD_TRY(document.root.bytes, in.array<32>());
  CHATD_TRY(document.issued, in.time());
  CHATD_TRY(document.expires, in.time());
  CHATD_TRY(document.protocols, read_protocols(in));
  CHATD_CHECK(read_keys(in, document.keys));
  CHATD_CHECK(read_endpoints(in, document.endpoints));
  CHATD_CHECK(read_features(in, document.features));
  CHATD_TRY(document.limits.text_characters, in.varint());
  CHATD_TRY(document.limits.frame_bytes, in.varint());
  CHATD_TRY(document.limits.room_members, in.varint());
  CHATD_TRY(document.contact, in.blob(kMaxContactBytes));
  if (!is_contact(document.contact)) return refuse("its contact is not printable ASCII");
  CHATD_TRY(document.signature, read_signature(in));
  if (!in.empty()) return refuse("something follows its signature");
  return document;
}

Status check_times(const ServerDocument& document, TimeMs now) {
  if (document.expires <= document.issued) return refuse("it expires before it was issued");
  if (document.expires - document.issued > kMaxDocumentAge.count())
    return refuse("it wants to be believed for more than 7 days");
  if (document.issued > now + kMaxClockSkew.count())
    return refuse("it was issued in the future: a clock is wrong");
  if (document.expires <= now) return refuse("it has expired");
  return {};
}

Status check_signature(const ServerDocument& document, TimeMs now) {
  const SigningKey* key = document.find(document.signature.key);
  if (key == nullptr) return refuse("it is signed by a key that it does not name");
  if (!key->is_valid_at(document.issued) || !key->is_valid_at(now))
    return refuse("it is signed by a key that is not valid");
  if (!is_signed(document.signature, key->key, Purpose::document, document.server,
                 form(document).view()))
    return refuse("its signature does not match");
  return {};
}

}  // namespace

bool is_contact(std::string_view text) {
  return text.size() <= kMaxContactBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::optional<std::uint64_t> highest_common(Protocols a, Protocols b) {
  const std::uint64_t version = std::min(a.highest, b.highest);
  if (version < a.lowest || version < b.lowest) return std::nullopt;
  return version;
}

void write(ByteWriter& out, Protocols protocols) {
  out.varint(protocols.lowest);
  out.varint(protocols.highest);
}

Result<Protocols> read_protocols(ByteReader& in) {
  Protocols protocols;
  CHATD_TRY(protocols.lowest, in.varint());
  CHATD_TRY(protocols.highest, in.varint());
  if (protocols.lowest == 0 || protocols.lowest > protocols.highest)
    return refuse("a range of protocol versions is none");
  return protocols;
}

const SigningKey* ServerDocument::find(const KeyId& id) const {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.key.id() == id; });
  return found == keys.end() ? nullptr : &*found;
}

void sign(ServerDocument& document, const KeyPair& key) {
  document.signature = key.sign(Purpose::document, document.server, form(document).view());
}

std::string encode(const ServerDocument& document) {
  ByteWriter out = form(document);
  write(out, document.signature);
  return out.take();
}

Result<ServerDocument> decode_document(std::string_view bytes) {
  if (bytes.size() > kMaxDocumentBytes)
    return fail(Code::too_large, "a server document is longer than 16 KiB");
  ByteReader in(bytes);
  auto document = read_document(in);
  if (!document)
    return refuse(fmt::format("a server document can't be read: {}", document.error().message));
  return document;
}

Status verify(const ServerDocument& document, std::string_view server, TimeMs now) {
  const auto check_all = [&]() -> Status {
    if (document.server != server)
      return refuse(fmt::format("it is the one of {}", document.server));
    CHATD_CHECK(check_times(document, now));
    for (const SigningKey& key : document.keys)
      CHATD_CHECK(check(key, document.root, document.server));
    return check_signature(document, now);
  };
  auto status = check_all();
  if (!status)
    return refuse(
        fmt::format("the server document of {} is not valid: {}", server, status.error().message));
  return {};
}

Status check_successor(const ServerDocument& known, const ServerDocument& next, TimeMs now) {
  if (next.root != known.root)
    return fail(
        Code::conflict,
        fmt::format("{} shows another root key than before: its identity changed", known.server));
  // Where one of today is older, the clock that made the other was wrong then.
  const bool is_of_today =
      now - next.issued < kDocumentRenewedAfter.count() + kMaxClockSkew.count();
  if (next.issued < known.issued && !is_of_today)
    return refuse(
        fmt::format("the server document of {} is older than the one known", known.server));
  for (const SigningKey& key : known.keys) {
    const SigningKey* same = next.find(key.key.id());
    if (same != nullptr && same->validity.until > key.validity.until)
      return refuse(
          fmt::format("the server document of {} lengthens the life of a key", known.server));
  }
  return {};
}

}  // namespace chatd::federation
