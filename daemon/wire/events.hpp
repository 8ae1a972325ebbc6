#pragma once

#include "daemon/wire/encode.hpp"
#include "daemon/wire/methods/message.hpp"
#include "daemon/wire/methods/people.hpp"
#include "daemon/wire/methods/room.hpp"
#include "daemon/wire/record.hpp"

#include <string>
#include <variant>

// What the server says unasked, as JSON-RPC notifications. Hints: whatever is lost is found again
// by sync, for the log is the truth.
namespace chatd::wire {

struct EventInfo {
  std::string_view name;
  std::string_view summary;
};

struct RecordEvent {
  static constexpr EventInfo kEvent{"room.record", "A new record of a room."};
  RoomId room;
  RawJson record;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("record", self.record, "The record.", Bounds{.holds = "Record"});
  }
};

struct ReadEvent {
  static constexpr EventInfo kEvent{"room.read", "Someone's read marker moved."};
  RoomId room;
  UserId user;
  Seq seq = 0;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("user", self.user, "Whose; the own account's too.");
    field("seq", self.seq, "Read up to here.");
  }
};

struct TypingEvent {
  static constexpr EventInfo kEvent{"room.typing", "Someone began or stopped typing."};
  RoomId room;
  UserId user;
  bool typing = false;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("user", self.user, "Who.");
    field("typing", self.typing, "Forget it after 6 seconds without a new one.");
  }
};

struct PresenceEvent {
  static constexpr EventInfo kEvent{"presence", "How someone is now."};
  PresenceInfo presence;
  static void fields(auto& self, auto&& field) { field("presence", self.presence, "Latest wins."); }
};

struct AccountEvent {
  static constexpr EventInfo kEvent{
      "account.changed",
      "Something of this account changed on another device or by another person."};
  std::uint64_t account_version = 0;
  std::optional<Profile> profile;
  std::optional<Contact> contact;
  std::optional<RoomSummary> room;
  std::optional<RoomId> gone;
  std::optional<Pending> pending;
  std::optional<std::uint64_t> settled;
  static void fields(auto& self, auto&& field) {
    field("account_version", self.account_version, "As in sync.");
    field("profile", self.profile, "The own profile changed.");
    field("contact", self.contact, "A contact or request changed.");
    field("room", self.room, "A room or an invitation came.");
    field("gone", self.gone, "A room is no longer this account's.");
    field("pending", self.pending, "Something waits for another server, or was refused by it.");
    field("settled", self.settled,
          "The number of what is not pending any more: it is a record now, or was taken back.");
  }
};

struct HubEvent {
  static constexpr EventInfo kEvent{
      "hub.changed",
      "A server for which something of this account is pending can't be reached, or can again."};
  std::string hub;
  std::optional<TimeMs> unreachable_since;
  static void fields(auto& self, auto&& field) {
    field("hub", self.hub, "The server.");
    field("unreachable_since", self.unreachable_since, "Left out: it can be reached.");
  }
};

struct BehindEvent {
  static constexpr EventInfo kEvent{
      "sync.behind", "This connection was too slow: live events stopped. Call sync to go on."};
  static void fields(auto&, auto&&) {}
};

struct DrainingEvent {
  static constexpr EventInfo kEvent{"server.draining",
                                    "The server goes away; come back at a random moment between."};
  std::uint32_t reconnect_after_ms = 0;
  std::uint32_t reconnect_before_ms = 0;
  static void fields(auto& self, auto&& field) {
    field("reconnect_after_ms", self.reconnect_after_ms, "Not earlier than this.");
    field("reconnect_before_ms", self.reconnect_before_ms, "Spread up to this.");
  }
};

struct RevokedEvent {
  static constexpr EventInfo kEvent{"session.revoked",
                                    "This device was logged out; its token no longer works."};
  static void fields(auto&, auto&&) {}
};

struct LogEvent {
  static constexpr EventInfo kEvent{"admin.log", "A log line, for chatctl log follow."};
  TimeMs time = 0;
  std::string level;
  std::string line;
  static void fields(auto& self, auto&& field) {
    field("time", self.time, "When it was written.");
    field("level", self.level, "debug, info, warning or error.");
    field("line", self.line, "The line.");
  }
};

// All of them: the documents are made from this list.
using Events = std::variant<RecordEvent, ReadEvent, TypingEvent, PresenceEvent, AccountEvent,
                            HubEvent, BehindEvent, DrainingEvent, RevokedEvent, LogEvent>;

// Calls f.template operator()<E>() for each event, in the order of the list.
template <class F>
void for_each_event(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f.template operator()<std::variant_alternative_t<I, Events>>(), ...);
  }
  (std::make_index_sequence<std::variant_size_v<Events>>());
}

// The notification as it goes out.
template <class Event>
[[nodiscard]] std::string encode_event(const Event& event) {
  std::string out = R"({"jsonrpc":"2.0","method":")";
  out += Event::kEvent.name;
  out += R"(","params":)";
  append_value(out, event);
  out += '}';
  return out;
}

}  // namespace chatd::wire
