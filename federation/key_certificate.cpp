#include "federation/key_certificate.hpp"

#include "daemon/base/encoding.hpp"
#include "daemon/base/ids.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

namespace chatd::federation {
namespace {

// The first byte says what it is, so that one is not taken for the other.
constexpr std::uint8_t kRequest = 1;
constexpr std::uint8_t kCertificate = 2;
constexpr std::uint8_t kRequestOfEnd = 3;

tl::unexpected<Error> refuse(std::string_view why) {
  return fail(Code::invalid_params, std::string(why));
}

ByteWriter begin(std::uint8_t what, std::string_view server, const PublicKey& key, TimeMs from) {
  ByteWriter out;
  out.u8(what);
  out.blob(server);
  out.raw(key.bytes);
  out.varint(static_cast<std::uint64_t>(from));
  return out;
}

// What both have in common; a certificate goes on behind it.
Result<KeyRequest> read(ByteReader& in, std::uint8_t what) {
  KeyRequest request;
  CHATD_TRY(const std::uint8_t kind, in.u8());
  if (kind != what)
    return refuse(what == kCertificate && (kind == kRequest || kind == kRequestOfEnd)
                      ? "this is a request, not a certificate: it goes to `chatctl federation keys "
                        "certify`"
                  : kind == kCertificate ? "this is a certificate already: it goes to "
                                           "`chatctl federation keys add`"
                                         : "this is neither a request nor a certificate of a key");
  CHATD_TRY(const std::string_view server, in.blob(kMaxServerNameBytes));
  if (!is_server_name(server)) return refuse("it names no server");
  request.server = server;
  CHATD_TRY(request.key.bytes, in.array<32>());
  CHATD_TRY(request.from, in.time());
  return request;
}

template <class T, class Read>
Result<T> parse_text(std::string_view text, Read read_it) {
  const auto bytes = from_base64url(text);
  if (!bytes) return refuse("it is no base64url: was all of it copied?");
  ByteReader in(*bytes);
  auto parsed = read_it(in);
  if (!parsed && parsed.error().code != Code::invalid_params)
    return refuse("it ends too early: was all of it copied?");
  if (parsed && !in.empty()) return refuse("something follows its end");
  return parsed;
}

}  // namespace

std::string KeyRequest::text() const {
  if (until == 0) return base64url(begin(kRequest, server, key, from).view());
  ByteWriter out = begin(kRequestOfEnd, server, key, from);
  out.varint(static_cast<std::uint64_t>(until));
  return base64url(out.view());
}

Result<KeyRequest> KeyRequest::parse(std::string_view text) {
  return parse_text<KeyRequest>(text, [](ByteReader& in) -> Result<KeyRequest> {
    if (!in.rest().starts_with(static_cast<char>(kRequestOfEnd))) return read(in, kRequest);
    CHATD_TRY(KeyRequest request, read(in, kRequestOfEnd));
    CHATD_TRY(request.until, in.time());
    if (request.until <= request.from) return refuse("the key would end before it begins");
    return request;
  });
}

std::string KeyCertificate::text() const {
  ByteWriter out = begin(kCertificate, server, key.key, key.validity.from);
  out.varint(static_cast<std::uint64_t>(key.validity.until));
  write(out, key.by_root);
  return base64url(out.view());
}

Result<KeyCertificate> KeyCertificate::parse(std::string_view text) {
  return parse_text<KeyCertificate>(text, [](ByteReader& in) -> Result<KeyCertificate> {
    CHATD_TRY(KeyRequest common, read(in, kCertificate));
    KeyCertificate made{std::move(common.server), {common.key, {common.from, 0}, {}}};
    CHATD_TRY(made.key.validity.until, in.time());
    CHATD_TRY(made.key.by_root, read_signature(in));
    return made;
  });
}

}  // namespace chatd::federation
