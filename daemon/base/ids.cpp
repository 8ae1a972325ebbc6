#include "daemon/base/ids.hpp"

#include "daemon/base/encoding.hpp"

#include <algorithm>
#include <utility>

namespace chatd {
namespace {

constexpr std::size_t kMaxLocalpart = 64;
constexpr std::size_t kMaxServerName = 190;
constexpr std::size_t kMaxDnsLabel = 63;  // RFC 1035 section 2.3.4

bool is_lower_alnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaxDnsLabel && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
           return is_lower_alnum(c) || c == '-';
         });
}

}  // namespace

bool is_localpart(std::string_view text) {
  return !text.empty() && text.size() <= kMaxLocalpart &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_lower_alnum(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_server_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxServerName) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool is_user_id(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && is_localpart(text.substr(0, at)) &&
         is_server_name(text.substr(at + 1));
}

Result<UserId> UserId::parse(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos)
    return fail(Code::invalid_params, "a user id looks like name@server.example");
  return of(text.substr(0, at), text.substr(at + 1));
}

Result<UserId> UserId::of(std::string_view localpart, std::string_view server) {
  if (!is_localpart(localpart))
    return fail(Code::invalid_params,
                "a user name has 1 to 64 of the characters a-z, 0-9, dot, underscore and hyphen");
  if (!is_server_name(server))
    return fail(Code::invalid_params, "the server in a user id is not a lower-case domain name");
  std::string text;
  text.reserve(localpart.size() + 1 + server.size());
  text.append(localpart).append("@").append(server);
  return UserId(std::move(text));
}

std::string_view UserId::localpart() const {
  return std::string_view(text_).substr(0, text_.find('@'));
}
std::string_view UserId::server() const {
  return text_.empty() ? std::string_view() : std::string_view(text_).substr(text_.find('@') + 1);
}

Result<RoomId> RoomId::parse(std::string_view text) {
  auto bytes = from_base64url(text);
  if (!bytes) return fail(Code::invalid_params, "a room id is 43 characters of base64url");
  return from_bytes(*bytes);
}

Result<RoomId> RoomId::from_bytes(std::string_view bytes) {
  Hash256 hash;
  if (bytes.size() != hash.size()) return fail(Code::invalid_params, "a room id has 32 bytes");
  std::memcpy(hash.data(), bytes.data(), hash.size());
  return RoomId(hash);
}

std::string RoomId::text() const { return base64url(bytes()); }

Result<DeviceId> DeviceId::parse(std::string_view text) {
  auto bytes = from_hex(text);
  if (!bytes || bytes->size() != 8 || hex(*bytes) != text)
    return fail(Code::invalid_params, "a device id is 16 lower-case hexadecimal digits");
  std::uint64_t value = 0;
  for (const char byte : *bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return DeviceId(value);
}

std::string DeviceId::text() const {
  std::string out;
  append_to(out);
  return out;
}

void DeviceId::append_to(std::string& out) const {
  char bytes[sizeof value_];
  for (std::size_t i = 0; i < sizeof bytes; ++i)
    bytes[i] = static_cast<char>(value_ >> (8 * (sizeof bytes - 1 - i)));
  append_hex(out, {bytes, sizeof bytes});
}

Result<ClientMsgId> ClientMsgId::parse(std::string_view text) {
  const auto refuse = [] {
    return fail(Code::invalid_params, "client_msg_id is not a UUID of version 7");
  };
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
    return refuse();
  std::string digits;
  digits.reserve(32);
  for (const std::size_t from : {0, 9, 14, 19, 24})
    digits.append(text.substr(from, from == 0 ? 8 : from == 24 ? 12 : 4));
  auto bytes = from_hex(digits);
  if (!bytes || bytes->size() != 16) return refuse();
  const auto version = static_cast<std::uint8_t>((*bytes)[6]) >> 4;
  const auto variant = static_cast<std::uint8_t>((*bytes)[8]) >> 6;
  if (version != 7 || variant != 2) return refuse();
  return from_bytes(*bytes);
}

Result<ClientMsgId> ClientMsgId::from_bytes(std::string_view bytes) {
  Hash128 id;
  if (bytes.size() != id.size()) return fail(Code::invalid_params, "a message id has 16 bytes");
  std::memcpy(id.data(), bytes.data(), id.size());
  return ClientMsgId(id);
}

std::string ClientMsgId::text() const {
  std::string out;
  append_to(out);
  return out;
}

void ClientMsgId::append_to(std::string& out) const {
  append_hex(out, bytes().substr(0, 4));
  constexpr std::pair<std::size_t, std::size_t> kRest[] = {{4, 2}, {6, 2}, {8, 2}, {10, 6}};
  for (const auto& [from, size] : kRest) {
    out += '-';
    append_hex(out, bytes().substr(from, size));
  }
}

}  // namespace chatd
