#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/wire/methods/method.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What chatctl may ask about one message.
namespace chatd::wire {

struct MessageReader {
  static constexpr std::string_view kTypeName = "MessageReader";
  UserId user;
  bool has_read = false;
  std::uint32_t connections = 0;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "A member of the room of this server.");
    field("has_read", self.has_read, "Whether their read marker is there, or behind it.");
    field("connections", self.connections, "Of their devices, now.");
  }
};

struct MessagePeer {
  static constexpr std::string_view kTypeName = "MessagePeer";
  std::string server;
  bool is_linked = false;
  std::optional<Seq> acked;
  std::optional<bool> has_it;
  std::optional<bool> has_left;
  std::optional<bool> has_erased;
  std::optional<std::string> waits;
  std::string error;
  static void fields(auto& self, auto&& field) {
    field("server", self.server, "The room's hub, or a server that follows the room or did.");
    field("linked", self.is_linked, "Whether there is a link with it.");
    field("acked", self.acked, "It has the room's log up to here; only where it follows.");
    field("has_it", self.has_it, "Whether that is behind this message.");
    field("left", self.has_left, "Nobody there is in the room any more; it keeps what it had.");
    field("has_erased", self.has_erased,
          "Of an erased message: whether it has acknowledged that. Absent where another server "
          "tells it.");
    field("waits", self.waits, "Why it asked to hand it in later, if it did.");
    field("error", self.error, "Why the last link ended, or could not be made.");
  }
};

struct AdminMessageTraceAnswer {
  RoomId room;
  std::string state;
  std::string kind;
  UserId sender;
  DeviceId device;
  std::string client_msg_id;
  std::string origin;
  std::optional<std::string> origin_key;
  std::string hub;
  std::optional<Seq> seq;
  std::optional<Term> term;
  std::optional<TimeMs> time;
  std::optional<bool> is_erased;
  std::optional<Seq> erased_by;
  std::optional<std::uint64_t> outbox_entry;
  std::optional<TimeMs> outbox_since;
  std::optional<std::string> refused;
  std::optional<std::string> reason;
  std::vector<MessageReader> readers;
  std::vector<MessagePeer> peers;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room's id.");
    field("state", self.state,
          "stored: on the disk here; accepted: the hub has given it its number; pending: it waits "
          "for the hub; refused: the hub refused it.");
    field("kind", self.kind, "message, edit and so on.");
    field("sender", self.sender, "Who said it; empty: the server.");
    field("device", self.device, "On which device.");
    field("client_msg_id", self.client_msg_id, "How that device named it; empty: not at all.");
    field("origin", self.origin, "The server that took it from its sender.");
    field("origin_key", self.origin_key, "The id of the key by which that server signed it.");
    field("hub", self.hub, "The server that numbers the room's records.");
    field("seq", self.seq, "Its number.");
    field("term", self.term, "The term of the hub.");
    field("time", self.time, "When the hub numbered it.");
    field("erased", self.is_erased, "Whether its content is gone.");
    field("erased_by", self.erased_by, "The number of the record that erased it.");
    field("outbox_entry", self.outbox_entry, "Its number in the outbox, while it is there.");
    field("outbox_since", self.outbox_since, "Since when it is there.");
    field("refused", self.refused, "The error code with which the hub refused it.");
    field("reason", self.reason, "Why, in the words of the hub.");
    field("readers", self.readers, "The members of this server.");
    field("peers", self.peers, "The other servers that it goes to, or has to come from.");
  }
};

struct AdminMessageTrace {
  static constexpr MethodInfo kMethod{"admin.message.trace", "The way of one message.",
                                      Access::admin, false, errors(Code::not_found)};
  using Answer = AdminMessageTraceAnswer;
  RoomId room;
  std::string message;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room's id.");
    field("message", self.message, "Its number there, or its client_msg_id.",
          Bounds{.max_code_points = 40});
  }
};

}  // namespace chatd::wire
