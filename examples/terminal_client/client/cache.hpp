#pragma once

#include "database.hpp"
#include "record.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace client {

// A room as this device knows it. Of its log the device holds one range without a gap, `first` to
// `last`; `last` is the cursor it gives to `sync`.
struct Room {
  std::string id;
  std::string type;        // direct or group
  std::string membership;  // joined or invited
  std::string name;        // empty for 1:1
  std::string peer;        // the other one of a 1:1 room
  std::string invited_by;
  std::uint64_t head = 0;      // the newest number heard of
  std::uint64_t read_seq = 0;  // this account has read up to here
  std::int64_t last_active = 0;
  std::uint64_t first = 0;  // 0: holds nothing
  std::uint64_t last = 0;
  // What the server counted, when its newest record was `counted_head`.
  std::uint64_t counted_unread = 0;
  std::uint64_t counted_head = 0;
  std::uint64_t counted_read = 0;
};

// A message, edit, redaction or reaction on its way: kept from before it is sent until the server
// has it. `failed` ones were refused; they stay until they are sent again or given up.
struct Outgoing {
  enum class State : std::int64_t { sending, failed };
  std::string id;  // client_msg_id
  std::string room;
  std::string method;
  json params;
  State state = State::sending;
  std::string error;
};

// How another person stands to this account.
struct Contact {
  std::string user;
  std::string state;  // requested, received, accepted, none
  bool is_blocked = false;
};

// All that one device remembers, in one SQLite file that only its owner can read (the login token
// is in it). Whatever is written is durable when the call returns, or together with its
// transaction.
class Cache {
 public:
  // `folder` is made if it is missing. Only one client at a time can use it.
  [[nodiscard]] static Outcome<Cache> open(const std::string& folder);
  // The first thing that went wrong with the disk; empty while all is well.
  [[nodiscard]] const std::string& error() const { return db_.error(); }
  void transaction(const std::function<void()>& work) { db_.transaction(work); }

  // Single values: user, device, token, account_version, last_msg_id.
  [[nodiscard]] std::string value(const std::string& key);
  void set_value(const std::string& key, const std::string& value);

  // Latest activity first.
  [[nodiscard]] std::vector<Room> rooms();
  [[nodiscard]] std::optional<Room> room(const std::string& id);
  void put_room(const Room& room);
  void forget_room(const std::string& id);
  [[nodiscard]] std::uint64_t unread(const Room& room, const std::string& me);

  // Adds a record to the range's end, or before its beginning; the caller has seen to that.
  void add_record(const std::string& room, const Record& record);
  // Up to `limit` messages before `before` (0: the newest), in order.
  [[nodiscard]] std::vector<Message> messages(const std::string& room, std::uint64_t before,
                                              std::uint64_t limit);
  [[nodiscard]] std::optional<Message> message(const std::string& room, std::uint64_t seq);
  // What that person was in the room before that record; empty if it is not held here.
  [[nodiscard]] std::string membership_before(const std::string& room, std::uint64_t seq,
                                              const std::string& user);
  // Takes the content of a message, and of its edits, off the disk.
  void erase_content(const std::string& room, std::uint64_t seq);
  void forget_records(const std::string& room);

  // How far others have read, and this account as the server knows.
  [[nodiscard]] std::uint64_t read_by(const std::string& room, const std::string& user);
  [[nodiscard]] std::uint64_t read_by_others(const std::string& room, const std::string& me);
  // Whether it moved.
  bool put_read(const std::string& room, const std::string& user, std::uint64_t seq);

  [[nodiscard]] std::string display_name(const std::string& user);
  void put_display_name(const std::string& user, const std::string& name);
  [[nodiscard]] std::vector<Contact> contacts();
  void put_contact(const Contact& contact);

  // In the order of their ids: as they were written.
  [[nodiscard]] std::vector<Outgoing> outbox();
  [[nodiscard]] std::optional<Outgoing> next_to_send();
  void put_outgoing(const Outgoing& outgoing);
  // Whether there was one.
  bool remove_outgoing(const std::string& id);

 private:
  explicit Cache(Database db) : db_(std::move(db)) {}
  [[nodiscard]] std::vector<Record> about(const std::string& room, std::uint64_t target);

  Database db_;
};

}  // namespace client
