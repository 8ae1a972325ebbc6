#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/hash.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/ports/store.hpp"
#include "daemon/wire/methods/people.hpp"
#include "daemon/wire/methods/room.hpp"

#include <map>
#include <string>
#include <vector>

namespace chatd::core {

// The account itself.
struct Account {
  UserId id;
  std::string display_name;
  std::string status_text;
  bool is_enabled = true;
  bool shows_presence = true;
  TimeMs created = 0;
  TimeMs last_seen = 0;
  // Grows with each change of anything below; each row carries the version of its last change. So
  // "what changed since" needs no log: a row changed twice matters once.
  std::uint64_t version = 0;
  std::uint64_t profile_version = 0;
  std::uint64_t pending_version = 0;  // of what waits in the outbox
};

struct Device {
  DeviceId id;
  std::string name;
  TimeMs created = 0;
  TimeMs last_seen = 0;
  Hash256 token_hash{};
};

// Another account as this one sees it. state none and not blocked: a tombstone for sync.
struct ContactEntry {
  UserId user;
  wire::ContactState state = wire::ContactState::none;
  bool is_blocked = false;
  TimeMs since = 0;
  std::uint64_t version = 0;
};

// This account's side of a room. membership left: a tombstone for sync.
struct RoomEntry {
  RoomId room;
  wire::Membership membership = wire::Membership::joined;
  UserId invited_by;  // while invited
  // The other server that invited, or is asked to let it in, and when: its log may not be here.
  std::string hub;
  TimeMs since = 0;
  Seq read_seq = 0;
  std::uint64_t read_ordinal = 0;  // messages up to read_seq
  std::uint64_t version = 0;
};

// An account of this server with all that is its own. Rows in the store, one per part; changed in
// memory first, the write() calls give what must then be committed. Loop only; owned by the cache.
class User {
 public:
  Account account;
  std::map<DeviceId, Device> devices;
  std::map<UserId, ContactEntry> contacts;
  std::map<RoomId, RoomEntry> rooms;
  std::uint64_t last_ticket = 0;  // see Cache

  [[nodiscard]] const UserId& id() const { return account.id; }
  [[nodiscard]] const ContactEntry* contact(const UserId& other) const;
  [[nodiscard]] bool blocks(const UserId& other) const;
  [[nodiscard]] bool is_contact(const UserId& other) const;  // accepted by both
  // Whether it has a contact of that server, accepted by both, whom it does not block.
  [[nodiscard]] bool has_contact_at(std::string_view server) const;
  [[nodiscard]] const RoomEntry* room(const RoomId& room) const;
  [[nodiscard]] std::size_t live_rooms() const;  // joined or invited

  // Each takes the next version for the part that changed and appends its row and the account's.
  void write_profile(std::vector<Write>& out);
  void write_pending(std::vector<Write>& out);
  void write_contact(ContactEntry& contact, std::vector<Write>& out);
  void write_room(RoomEntry& room, std::vector<Write>& out);
  // These are no matter of sync: no new version.
  void write_account(std::vector<Write>& out) const;
  void write_device(const Device& device, std::vector<Write>& out) const;

  // Takes one row read from the store under keys::user(); `suffix` is the key after that prefix.
  [[nodiscard]] Status read_row(std::string_view suffix, std::string_view value);
};

}  // namespace chatd::core
