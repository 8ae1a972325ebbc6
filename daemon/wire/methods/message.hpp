#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/wire/content.hpp"
#include "daemon/wire/limits.hpp"
#include "daemon/wire/methods/method.hpp"

namespace chatd::wire {

struct SendAnswer {
  static constexpr std::string_view kTypeName = "Sent";
  Seq seq = 0;
  TimeMs time = 0;
  std::optional<std::uint64_t> pending;
  static void fields(auto& self, auto&& field) {
    field("seq", self.seq,
          "The record's number: it is on disk. A resend gets the same one. 0 while it is pending.");
    field("time", self.time, "The server's clock when it was numbered, or was taken as pending.");
    field("pending", self.pending,
          "The room's hub is another server, which has not answered yet: its number in the list of "
          "what is pending.");
  }
};

// What an account said in a room whose hub is another server, until that has answered.
struct Pending {
  static constexpr std::string_view kTypeName = "Pending";
  std::uint64_t number = 0;
  RoomId room;
  std::string kind;
  DeviceId device;
  std::optional<ClientMsgId> client_msg_id;
  std::optional<Seq> target;
  RawJson content;
  TimeMs since = 0;
  std::optional<std::string> refused;
  std::optional<std::string> reason;
  static void fields(auto& self, auto&& field) {
    field("number", self.number, "Names it for message.cancel; later ones are larger.");
    field("room", self.room, "Where it is to be.");
    field("kind", self.kind, "As of the record that it is to become.");
    field("device", self.device, "The device that said it; zeros for a change of the room.");
    field("client_msg_id", self.client_msg_id, "What that device calls it.");
    field("target", self.target, "The message that an edit, redaction or reaction is about.");
    field("content", self.content, "As of the record that it is to become.");
    field("since", self.since, "When it was said.");
    field("refused", self.refused,
          "It will be no record: the hub's error code, or timeout if it did not get there for a "
          "week.");
    field("reason", self.reason, "Why, in the words of the hub.");
  }
};

struct MessageCancel {
  static constexpr MethodInfo kMethod{
      "message.cancel",
      "Takes back what is pending, or forgets what was refused. What the hub took meanwhile comes "
      "as a record all the same; `conflict`: it has said so, or one has left a room by it.",
      Access::user, true, errors(Code::not_found, Code::conflict, Code::limit_reached)};
  using Answer = Nothing;
  std::uint64_t pending = 0;
  static void fields(auto& self, auto&& field) { field("pending", self.pending, "Its number."); }
};

struct MessageSend {
  static constexpr MethodInfo kMethod{
      "message.send", "Posts a message. Answered when it is on disk.", Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::denied, Code::limit_reached)};
  using Answer = SendAnswer;
  RoomId room;
  ClientMsgId client_msg_id;
  Content content;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "Where.");
    field("client_msg_id", self.client_msg_id,
          "A UUIDv7 that grows per device. Sending it again, also after years, posts nothing new "
          "and answers as the first time.");
    field("content", self.content, "What; kept as the exact bytes sent.");
  }
};

struct MessageEdit {
  static constexpr MethodInfo kMethod{
      "message.edit", "Replaces the content of one's own message; the old one stays in the log.",
      Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::denied, Code::conflict, Code::limit_reached)};
  using Answer = SendAnswer;
  RoomId room;
  ClientMsgId client_msg_id;
  Seq target = 0;
  Content content;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "Where.");
    field("client_msg_id", self.client_msg_id, "As for message.send.");
    field("target", self.target, "The message to edit.");
    field("content", self.content, "The new content.");
  }
};

struct MessageRedact {
  static constexpr MethodInfo kMethod{
      "message.redact",
      "Erases a message's content, and that of its edits, from the disk; its number stays. Own "
      "messages, or anyone's for the room's admins.",
      Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::denied, Code::conflict, Code::limit_reached)};
  using Answer = SendAnswer;
  RoomId room;
  ClientMsgId client_msg_id;
  Seq target = 0;
  std::optional<std::string> reason;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "Where.");
    field("client_msg_id", self.client_msg_id, "As for message.send.");
    field("target", self.target, "The message to erase.");
    field("reason", self.reason, "Why, for the log.");
  }
};

struct MessageReact {
  static constexpr MethodInfo kMethod{
      "message.react", "Sets a reaction, or takes it back.", Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::denied, Code::conflict, Code::limit_reached)};
  using Answer = SendAnswer;
  RoomId room;
  ClientMsgId client_msg_id;
  Seq target = 0;
  std::string reaction;
  bool set = true;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "Where.");
    field("client_msg_id", self.client_msg_id, "As for message.send.");
    field("target", self.target, "The message.");
    field("reaction", self.reaction, "An emoji or a short word.", Bounds{.max_code_points = 32});
    field("set", self.set, "false to take it back.");
  }
};

struct HistoryAnswer {
  static constexpr std::string_view kTypeName = "History";
  RoomId room;
  RawJson records;
  Seq head_seq = 0;
  bool has_before = false;
  bool has_after = false;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "Which room.");
    field("records", self.records, "Records without a gap, in order.",
          Bounds{.holds = "list of Record"});
    field("head_seq", self.head_seq, "The newest record's number.");
    field("has_before", self.has_before, "Whether there are older ones.");
    field("has_after", self.has_after, "Whether there are newer ones.");
  }
};

struct HistoryGet {
  static constexpr MethodInfo kMethod{
      "history.get",
      "A page of a room's records: the newest, or before, after or around a number. Always without "
      "a gap; bounded by `limit` and `max_bytes`, but at least one record.",
      Access::user, true, errors(Code::not_found)};
  using Answer = HistoryAnswer;
  RoomId room;
  std::optional<Seq> before;
  std::optional<Seq> after;
  std::optional<Seq> around;
  std::optional<std::uint32_t> limit;
  std::optional<std::uint32_t> max_bytes;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "Which room.");
    field("before", self.before, "Records with smaller numbers, nearest first chosen.");
    field("after", self.after, "Records with larger numbers: how a reader closes a gap.");
    field("around", self.around, "Half before, half from this number on.");
    field("limit", self.limit, "At most so many; 50 unless told.",
          Bounds{.max_value = kMaxPageRecords});
    field("max_bytes", self.max_bytes, "At most so many bytes of records; 262144 unless told.",
          Bounds{.max_value = kMaxPageBytes});
  }
};

struct ReceiptRead {
  static constexpr MethodInfo kMethod{
      "receipt.read",
      "Moves this account's read marker forward; all its devices and the members see it.",
      Access::user, true, errors(Code::not_found)};
  using Answer = Nothing;
  RoomId room;
  Seq seq = 0;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("seq", self.seq, "Read up to here; a smaller one than before changes nothing.");
  }
};

}  // namespace chatd::wire
