#pragma once

#include "daemon/wire/limits.hpp"
#include "daemon/wire/methods/message.hpp"
#include "daemon/wire/methods/people.hpp"
#include "daemon/wire/methods/room.hpp"

namespace chatd::wire {

struct RoomCursor {
  static constexpr std::string_view kTypeName = "RoomCursor";
  RoomId room;
  Seq seq = 0;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("seq", self.seq, "The device holds all records up to here, or as far as it cares.");
  }
};

// What became of one room since the device's cursor.
struct RoomDelta {
  static constexpr std::string_view kTypeName = "RoomDelta";
  RoomSummary summary;
  RawJson records;
  Seq from_seq = 0;
  static void fields(auto& self, auto&& field) {
    field("summary", self.summary, "How the room stands now.");
    field("records", self.records,
          "The newest records, without a gap among them; older ones by history.get.",
          Bounds{.holds = "list of Record"});
    field("from_seq", self.from_seq,
          "The first of them; larger than the cursor + 1 means that a range is left to read.");
  }
};

struct SyncAnswer {
  static constexpr std::string_view kTypeName = "Sync";
  std::uint64_t account_version = 0;
  std::optional<Profile> profile;
  std::vector<Contact> contacts;
  std::vector<RoomId> gone;
  std::vector<RoomDelta> rooms;
  std::optional<std::vector<Pending>> pending;
  std::optional<std::string> next;
  static void fields(auto& self, auto&& field) {
    field("account_version", self.account_version, "Pass it with the next sync.");
    field("profile", self.profile, "The own profile, if it changed.");
    field("contacts", self.contacts, "Contacts that changed; state none: gone.");
    field("gone", self.gone, "Rooms that this account is no longer in.");
    field("rooms", self.rooms, "Rooms with something new, latest activity first.");
    field("pending", self.pending,
          "All that is pending or was refused, if that changed: it replaces what the device had.");
    field("next", self.next, "More rooms wait: pass it as `after`, all else the same.");
  }
};

struct Sync {
  static constexpr MethodInfo kMethod{
      "sync",
      "What changed since this device last looked, recent rooms first, in bounded pages. Live "
      "events flow from the first call on; after sync.behind they flow again from the next.",
      Access::user, true, 0};
  using Answer = SyncAnswer;
  std::uint64_t account_version = 0;
  std::vector<RoomCursor> rooms;
  std::optional<std::string> after;
  std::optional<std::uint32_t> max_rooms;
  std::optional<std::uint32_t> records_per_room;
  static void fields(auto& self, auto&& field) {
    field("account_version", self.account_version, "Of the last sync; 0 the first time.");
    field("rooms", self.rooms, "A cursor for each room the device knows; others are sent anew.",
          Bounds{.max_items = kMaxSyncCursors});
    field("after", self.after, "`next` of the page before.");
    field("max_rooms", self.max_rooms, "Rooms a page; 50 unless told.", Bounds{.max_value = 200});
    field("records_per_room", self.records_per_room, "Newest records of each; 20 unless told.",
          Bounds{.max_value = kMaxPageRecords});
  }
};

struct SyncPoll {
  static constexpr MethodInfo kMethod{
      "sync.poll",
      "As sync, but waits until there is something new or the time is over: for bots and networks "
      "without WebSocket.",
      Access::user, true, 0};
  using Answer = SyncAnswer;
  std::uint64_t account_version = 0;
  std::vector<RoomCursor> rooms;
  std::optional<std::uint32_t> timeout_ms;
  static void fields(auto& self, auto&& field) {
    field("account_version", self.account_version, "As for sync.");
    field("rooms", self.rooms, "As for sync.", Bounds{.max_items = kMaxSyncCursors});
    field("timeout_ms", self.timeout_ms, "Wait at most so long; 30000 unless told.",
          Bounds{.max_value = kMaxPollMs});
  }
};

}  // namespace chatd::wire
