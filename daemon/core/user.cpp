#include "daemon/core/user.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/core/keys.hpp"

#include <algorithm>
#include <cstring>

namespace chatd::core {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kMaxText = 4096;

tl::unexpected<Error> broken() { return fail(Code::internal, "a row of an account is broken"); }

Result<UserId> read_user(ByteReader& in) {
  CHATD_TRY(const std::string_view text, in.blob(kMaxText));
  if (text.empty()) return UserId();
  return UserId::parse(text);
}

Result<TimeMs> read_time(ByteReader& in) {
  CHATD_TRY(const std::uint64_t time, in.varint());
  return static_cast<TimeMs>(time);
}

void write_time(ByteWriter& out, TimeMs time) { out.varint(static_cast<std::uint64_t>(time)); }

std::string encode(const Account& account) {
  ByteWriter out;
  out.u8(kVersion);
  out.blob(account.id.text());
  out.blob(account.display_name);
  out.blob(account.status_text);
  out.u8(account.is_enabled ? 1 : 0);
  out.u8(account.shows_presence ? 1 : 0);
  write_time(out, account.created);
  write_time(out, account.last_seen);
  out.varint(account.version);
  out.varint(account.profile_version);
  out.varint(account.pending_version);
  return out.take();
}

Result<Account> decode_account(ByteReader& in) {
  Account account;
  CHATD_TRY(account.id, read_user(in));
  CHATD_TRY(account.display_name, in.blob(kMaxText));
  CHATD_TRY(account.status_text, in.blob(kMaxText));
  CHATD_TRY(const std::uint8_t is_enabled, in.u8());
  CHATD_TRY(const std::uint8_t shows_presence, in.u8());
  account.is_enabled = is_enabled != 0;
  account.shows_presence = shows_presence != 0;
  CHATD_TRY(account.created, read_time(in));
  CHATD_TRY(account.last_seen, read_time(in));
  CHATD_TRY(account.version, in.varint());
  CHATD_TRY(account.profile_version, in.varint());
  if (in.empty()) return account;  // COMPAT(0.1): written before there were other servers
  CHATD_TRY(account.pending_version, in.varint());
  return account;
}

std::string encode(const Device& device) {
  ByteWriter out;
  out.u8(kVersion);
  out.u64(device.id.value());
  out.blob(device.name);
  write_time(out, device.created);
  write_time(out, device.last_seen);
  out.raw(device.token_hash);
  return out.take();
}

Result<Device> decode_device(ByteReader& in) {
  Device device;
  CHATD_TRY(const std::uint64_t id, in.u64());
  device.id = DeviceId(id);
  CHATD_TRY(device.name, in.blob(kMaxText));
  CHATD_TRY(device.created, read_time(in));
  CHATD_TRY(device.last_seen, read_time(in));
  CHATD_TRY(const std::string_view hash, in.raw(device.token_hash.size()));
  std::memcpy(device.token_hash.data(), hash.data(), hash.size());
  return device;
}

std::string encode(const ContactEntry& contact) {
  ByteWriter out;
  out.u8(kVersion);
  out.blob(contact.user.text());
  out.u8(static_cast<std::uint8_t>(contact.state));
  out.u8(contact.is_blocked ? 1 : 0);
  write_time(out, contact.since);
  out.varint(contact.version);
  return out.take();
}

Result<ContactEntry> decode_contact(ByteReader& in) {
  ContactEntry contact;
  CHATD_TRY(contact.user, read_user(in));
  CHATD_TRY(const std::uint8_t state, in.u8());
  if (state > static_cast<std::uint8_t>(wire::ContactState::accepted)) return broken();
  contact.state = static_cast<wire::ContactState>(state);
  CHATD_TRY(const std::uint8_t is_blocked, in.u8());
  contact.is_blocked = is_blocked != 0;
  CHATD_TRY(contact.since, read_time(in));
  CHATD_TRY(contact.version, in.varint());
  return contact;
}

std::string encode(const RoomEntry& room) {
  ByteWriter out;
  out.u8(kVersion);
  out.raw(room.room.bytes());
  out.u8(static_cast<std::uint8_t>(room.membership));
  out.blob(room.invited_by.text());
  out.varint(room.read_seq);
  out.varint(room.read_ordinal);
  out.varint(room.version);
  out.blob(room.hub);
  write_time(out, room.since);
  return out.take();
}

Result<RoomEntry> decode_room(ByteReader& in) {
  RoomEntry room;
  CHATD_TRY(const std::string_view id, in.raw(32));
  CHATD_TRY(room.room, RoomId::from_bytes(id));
  CHATD_TRY(const std::uint8_t membership, in.u8());
  if (membership > static_cast<std::uint8_t>(wire::Membership::banned)) return broken();
  room.membership = static_cast<wire::Membership>(membership);
  CHATD_TRY(room.invited_by, read_user(in));
  CHATD_TRY(room.read_seq, in.varint());
  CHATD_TRY(room.read_ordinal, in.varint());
  CHATD_TRY(room.version, in.varint());
  if (in.empty()) return room;  // COMPAT(0.1): written before there were other servers
  CHATD_TRY(room.hub, in.blob(kMaxText));
  CHATD_TRY(room.since, read_time(in));
  return room;
}

}  // namespace

const ContactEntry* User::contact(const UserId& other) const {
  const auto found = contacts.find(other);
  return found == contacts.end() ? nullptr : &found->second;
}

bool User::blocks(const UserId& other) const {
  const ContactEntry* entry = contact(other);
  return entry != nullptr && entry->is_blocked;
}

bool User::is_contact(const UserId& other) const {
  const ContactEntry* entry = contact(other);
  return entry != nullptr && entry->state == wire::ContactState::accepted;
}

bool User::has_contact_at(std::string_view server) const {
  return std::any_of(contacts.begin(), contacts.end(), [&](const auto& entry) {
    const auto& [other, contact] = entry;
    return contact.state == wire::ContactState::accepted && !contact.is_blocked &&
           other.server() == server;
  });
}

const RoomEntry* User::room(const RoomId& room) const {
  const auto found = rooms.find(room);
  return found == rooms.end() ? nullptr : &found->second;
}

std::size_t User::live_rooms() const {
  return static_cast<std::size_t>(std::count_if(rooms.begin(), rooms.end(), [](const auto& entry) {
    return entry.second.membership == wire::Membership::joined ||
           entry.second.membership == wire::Membership::invited;
  }));
}

void User::write_account(std::vector<Write>& out) const {
  out.push_back(Put{keys::account(account.id), encode(account)});
}

void User::write_profile(std::vector<Write>& out) {
  account.profile_version = ++account.version;
  write_account(out);
}

void User::write_pending(std::vector<Write>& out) {
  account.pending_version = ++account.version;
  write_account(out);
}

void User::write_contact(ContactEntry& contact, std::vector<Write>& out) {
  contact.version = ++account.version;
  out.push_back(Put{keys::contact(account.id, contact.user), encode(contact)});
  write_account(out);
}

void User::write_room(RoomEntry& room, std::vector<Write>& out) {
  room.version = ++account.version;
  out.push_back(Put{keys::user_room(account.id, room.room), encode(room)});
  write_account(out);
}

void User::write_device(const Device& device, std::vector<Write>& out) const {
  out.push_back(Put{keys::device(account.id, device.id), encode(device)});
}

Status User::read_row(std::string_view suffix, std::string_view value) {
  if (suffix.empty()) return broken();
  ByteReader in(value);
  CHATD_TRY(const std::uint8_t version, in.u8());
  if (version != kVersion) return broken();
  switch (suffix.front()) {
    case 'a': {
      CHATD_TRY(account, decode_account(in));
      return {};
    }
    case 'd': {
      CHATD_TRY(Device device, decode_device(in));
      devices.insert_or_assign(device.id, std::move(device));
      return {};
    }
    case 'c': {
      CHATD_TRY(ContactEntry contact, decode_contact(in));
      contacts.insert_or_assign(contact.user, std::move(contact));
      return {};
    }
    case 'r': {
      CHATD_TRY(RoomEntry room, decode_room(in));
      rooms.insert_or_assign(room.room, std::move(room));
      return {};
    }
    default:
      return broken();
  }
}

}  // namespace chatd::core
