#include "daemon/core/keys.hpp"

#include "daemon/base/bytes.hpp"

namespace chatd::core::keys {
namespace {

std::string user_row(const UserId& user, char kind, std::string_view rest) {
  std::string key = keys::user(user);
  key += kind;
  key += rest;
  return key;
}

}  // namespace

std::string room_snapshot(const RoomId& room) {
  return std::string(kRoomSnapshots).append(room.bytes());
}

std::string preview(const RoomId& room) { return std::string("v").append(room.bytes()); }

std::string preview_record(const RoomId& room, Seq seq) {
  ByteWriter out;
  out.raw("v");
  out.raw(room.bytes());
  out.u64(seq);
  return out.take();
}

std::string user(const UserId& user) {
  return std::string("u").append(view(blake2b_128(user.text())));
}

std::string account(const UserId& user) { return user_row(user, 'a', {}); }

std::string device(const UserId& user, DeviceId device) {
  ByteWriter id;
  id.u64(device.value());
  return user_row(user, 'd', id.view());
}

std::string contact(const UserId& user, const UserId& other) {
  return user_row(user, 'c', view(blake2b_128(other.text())));
}

std::string user_room(const UserId& user, const RoomId& room) {
  return user_row(user, 'r', room.bytes());
}

std::string token(const Hash256& token_hash) { return std::string("t").append(view(token_hash)); }

std::string user_name(std::string_view localpart) {
  return std::string(kUserNames).append(localpart);
}

std::string direct_room(const UserId& one, const UserId& other) {
  const bool is_ordered = one < other;
  std::string pair = (is_ordered ? one : other).text();
  pair.append(" ").append((is_ordered ? other : one).text());
  return std::string("p").append(view(blake2b_256(pair)));
}

std::string invite(const Hash256& token_hash) { return std::string("i").append(view(token_hash)); }

std::string outbox(std::uint64_t entry) {
  ByteWriter out;
  out.raw(kOutbox);
  out.u64(entry);
  return out.take();
}

std::string shares_of(std::string_view server) {
  return std::string(kShares).append(view(blake2b_128(server)));
}

std::string share(std::string_view server, const RoomId& room) {
  return shares_of(server).append(room.bytes());
}

std::string notices_of(std::string_view server) {
  return std::string(kNotices).append(view(blake2b_128(server)));
}

std::string notice(std::string_view server, const RoomId& room, const UserId& user) {
  return notices_of(server).append(room.bytes()).append(view(blake2b_128(user.text())));
}

std::string erasure(std::string_view server, const RoomId& room, Seq message) {
  ByteWriter out;
  out.raw(notices_of(server));
  out.raw(room.bytes());
  out.u64(0);
  out.u64(message);
  return out.take();
}

std::string known_server(std::string_view server) {
  return std::string(kKnownServers).append(view(blake2b_128(server)));
}

std::string edits_of(const RoomId& room, Seq target) {
  ByteWriter out;
  out.raw("e");
  out.raw(room.bytes());
  out.u64(target);
  return out.take();
}

std::string edit(const RoomId& room, Seq target, Seq edit) {
  ByteWriter out;
  out.raw(edits_of(room, target));
  out.u64(edit);
  return out.take();
}

std::string proof(const RoomId& room) { return std::string("h").append(room.bytes()); }

Result<Seq> edit_seq(std::string_view key) {
  constexpr std::size_t kBefore = 1 + 32 + 8;
  if (key.size() != kBefore + 8) return fail(Code::internal, "a key of an edit is broken");
  ByteReader in(key.substr(kBefore));
  return in.u64();
}

}  // namespace chatd::core::keys
