#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/wire/limits.hpp"
#include "daemon/wire/methods/method.hpp"

namespace chatd::wire {

enum class RoomType : std::uint8_t { direct, group };
template <>
struct Words<RoomType> {
  static constexpr std::array<std::string_view, 2> kList{"direct", "group"};
};

enum class Membership : std::uint8_t { none, invited, joined, left, banned };
template <>
struct Words<Membership> {
  static constexpr std::array<std::string_view, 5> kList{"none", "invited", "joined", "left",
                                                         "banned"};
};

enum class Role : std::uint8_t { member, admin, owner };
template <>
struct Words<Role> {
  static constexpr std::array<std::string_view, 3> kList{"member", "admin", "owner"};
};

enum class JoinRule : std::uint8_t { invite, open };
template <>
struct Words<JoinRule> {
  static constexpr std::array<std::string_view, 2> kList{"invite", "open"};
};

struct RoomAnswer {
  RoomId room;
  static void fields(auto& self, auto&& field) { field("room", self.room, "The room's id."); }
};

struct RoomCreate {
  static constexpr MethodInfo kMethod{
      "room.create", "Founds a group; the one who does is its owner.", Access::user, true,
      errors(Code::denied, Code::limit_reached, Code::not_found, Code::forbidden)};
  using Answer = RoomAnswer;
  std::string name;
  std::optional<std::string> topic;
  std::optional<std::vector<UserId>> invite;
  std::optional<JoinRule> join;
  std::optional<bool> presence;
  static void fields(auto& self, auto&& field) {
    field("name", self.name, "What the room is called.",
          Bounds{.max_code_points = kMaxNameCharacters});
    field("topic", self.topic, "What it is about.", Bounds{.max_code_points = kMaxTopicCharacters});
    field("invite", self.invite, "Whom to invite at once.",
          Bounds{.max_items = kMaxRoomMembers - 1});
    field("join", self.join, "invite (the default): by invitation; open: whoever has the id.");
    field("presence", self.presence, "Whether members of this room see each other's presence.");
  }
};

struct RoomOpenDirect {
  static constexpr MethodInfo kMethod{
      "room.open_direct",
      "The 1:1 room with someone; the same one each time, whoever asks first. The other side sees "
      "it with the first message.",
      Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::limit_reached, Code::denied)};
  using Answer = RoomAnswer;
  UserId user;
  static void fields(auto& self, auto&& field) { field("user", self.user, "With whom."); }
};

struct RoomInvite {
  static constexpr MethodInfo kMethod{
      "room.invite", "Invites someone to a group.", Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::conflict, Code::limit_reached, Code::denied)};
  using Answer = Nothing;
  RoomId room;
  UserId user;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("user", self.user, "Whom.");
  }
};

struct RoomJoin {
  static constexpr MethodInfo kMethod{
      "room.join", "Accepts an invitation, or enters an open room.", Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::conflict, Code::limit_reached, Code::denied)};
  using Answer = Nothing;
  RoomId room;
  std::optional<std::string> hub{};
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("hub", self.hub, "The server of an open room to which nobody invited.");
  }
};

struct RoomLeave {
  static constexpr MethodInfo kMethod{
      "room.leave", "Leaves a room, or declines an invitation.", Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::conflict, Code::limit_reached)};
  using Answer = Nothing;
  RoomId room;
  static void fields(auto& self, auto&& field) { field("room", self.room, "The room."); }
};

struct RoomKick {
  static constexpr MethodInfo kMethod{
      "room.kick", "Takes someone out of a group, or an invitation back.", Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::limit_reached)};
  using Answer = Nothing;
  RoomId room;
  UserId user;
  std::optional<std::string> reason;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("user", self.user, "Whom.");
    field("reason", self.reason, "Why, for the log.");
  }
};

struct RoomBan {
  static constexpr MethodInfo kMethod{
      "room.ban", "Takes someone out for good, or lets them be invited again.", Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::limit_reached)};
  using Answer = Nothing;
  RoomId room;
  UserId user;
  bool banned = true;
  std::optional<std::string> reason;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("user", self.user, "Whom.");
    field("banned", self.banned, "false to lift the ban.");
    field("reason", self.reason, "Why, for the log.");
  }
};

struct RoomBanServer {
  static constexpr MethodInfo kMethod{
      "room.ban_server",
      "Takes all people of another server out of a group for good, or lets them be invited again.",
      Access::user, true, errors(Code::not_found, Code::forbidden, Code::limit_reached)};
  using Answer = Nothing;
  RoomId room;
  std::string server;
  bool banned = true;
  std::optional<std::string> reason;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("server", self.server, "Which server; neither the room's nor one's own.");
    field("banned", self.banned, "false to lift the ban.");
    field("reason", self.reason, "Why, for the log.");
  }
};

struct RoomSetRole {
  static constexpr MethodInfo kMethod{
      "room.set_role", "Makes a member owner, admin or plain member.", Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::conflict, Code::limit_reached)};
  using Answer = Nothing;
  RoomId room;
  UserId user;
  Role role = Role::member;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("user", self.user, "Whom.");
    field("role", self.role, "The new role; never above one's own.");
  }
};

struct RoomSet {
  static constexpr MethodInfo kMethod{
      "room.set", "Changes a group's name, topic or rules.", Access::user, true,
      errors(Code::not_found, Code::forbidden, Code::limit_reached)};
  using Answer = Nothing;
  RoomId room;
  std::optional<std::string> name;
  std::optional<std::string> topic;
  std::optional<JoinRule> join;
  std::optional<bool> presence;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("name", self.name, "The new name.", Bounds{.max_code_points = kMaxNameCharacters});
    field("topic", self.topic, "The new topic.", Bounds{.max_code_points = kMaxTopicCharacters});
    field("join", self.join, "Who may enter.");
    field("presence", self.presence, "Whether members see each other's presence.");
  }
};

struct Member {
  static constexpr std::string_view kTypeName = "Member";
  UserId user;
  Membership membership = Membership::joined;
  Role role = Role::member;
  Seq read_seq = 0;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "Who.");
    field("membership", self.membership, "joined or invited; banned is shown to admins.");
    field("role", self.role, "What they may do.");
    field("read_seq", self.read_seq, "They have read up to here.");
  }
};

inline constexpr std::string_view kHubWords =
    "The server that orders its records, where it is another one: what is said here is pending "
    "until that has answered.";
inline constexpr std::string_view kUnreachableWords = "Since when that server can't be reached.";

struct RoomDetails {
  static constexpr std::string_view kTypeName = "RoomDetails";
  RoomId room;
  RoomType type = RoomType::group;
  std::string name;
  std::string topic;
  JoinRule join = JoinRule::invite;
  bool has_presence = true;
  TimeMs created = 0;
  Seq head_seq = 0;
  std::vector<Member> members;
  std::optional<std::string> hub;
  std::optional<TimeMs> unreachable_since;
  std::optional<std::vector<std::string>> banned_servers;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room's id.");
    field("type", self.type, "direct: 1:1, group: the rest.");
    field("name", self.name, "Empty for 1:1.");
    field("topic", self.topic, "What it is about.");
    field("join", self.join, "Who may enter.");
    field("presence", self.has_presence, "Whether members see each other's presence.");
    field("created", self.created, "When it was founded.");
    field("head_seq", self.head_seq, "The newest record's number.");
    field("members", self.members, "Who is in it or invited.");
    field("hub", self.hub, kHubWords);
    field("unreachable_since", self.unreachable_since, kUnreachableWords);
    field("banned_servers", self.banned_servers,
          "Whose people are kept out, if any; shown to admins.");
  }
};

struct RoomGet {
  static constexpr MethodInfo kMethod{"room.get", "A room with its members and how far they read.",
                                      Access::user, true, errors(Code::not_found)};
  using Answer = RoomDetails;
  RoomId room;
  static void fields(auto& self, auto&& field) { field("room", self.room, "The room."); }
};

// A line of the room list.
struct RoomSummary {
  static constexpr std::string_view kTypeName = "RoomSummary";
  RoomId room;
  RoomType type = RoomType::group;
  Membership membership = Membership::joined;
  std::string name;
  std::optional<UserId> peer;
  std::optional<UserId> invited_by;
  Seq head_seq = 0;
  Seq read_seq = 0;
  std::uint64_t unread = 0;
  TimeMs last_active = 0;
  std::optional<RawJson> last_message;
  std::optional<std::string> hub;
  std::optional<TimeMs> unreachable_since;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room's id.");
    field("type", self.type, "direct or group.");
    field("membership", self.membership, "joined or invited.");
    field("name", self.name, "Empty for 1:1 and for an invitation not yet accepted.");
    field("peer", self.peer, "The other one of a 1:1 room.");
    field("invited_by", self.invited_by, "Who invited, while it is an invitation.");
    field("head_seq", self.head_seq, "The newest record's number.");
    field("read_seq", self.read_seq, "This account has read up to here.");
    field("unread", self.unread, "Messages after that.");
    field("last_active", self.last_active, "When the newest record came.");
    field("last_message", self.last_message, "The newest message record.",
          Bounds{.holds = "Record"});
    field("hub", self.hub, kHubWords);
    field("unreachable_since", self.unreachable_since, kUnreachableWords);
  }
};

struct RoomListAnswer {
  std::vector<RoomSummary> rooms;
  std::optional<std::string> next;
  static void fields(auto& self, auto&& field) {
    field("rooms", self.rooms, "Latest activity first.");
    field("next", self.next, "Pass it as `after` for the next page; left out on the last.");
  }
};

struct RoomList {
  static constexpr MethodInfo kMethod{
      "room.list", "This account's rooms and invitations, latest activity first.", Access::user,
      true, 0};
  using Answer = RoomListAnswer;
  std::optional<std::string> after;
  std::optional<std::uint32_t> limit;
  static void fields(auto& self, auto&& field) {
    field("after", self.after, "`next` of the page before.");
    field("limit", self.limit, "At most so many; 50 unless told.", Bounds{.max_value = 200});
  }
};

}  // namespace chatd::wire
