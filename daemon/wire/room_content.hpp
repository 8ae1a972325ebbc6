#pragma once

#include "daemon/base/result.hpp"
#include "daemon/wire/methods/room.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The content of the records that the server itself makes. As with every content, the bytes that
// were written once are what counts; these are for writing and reading them.
namespace chatd::wire {

struct CreateContent {
  static constexpr std::string_view kTypeName = "CreateContent";
  RoomType type = RoomType::group;
  std::string name;
  std::string topic;
  JoinRule join = JoinRule::invite;
  bool presence = true;
  std::vector<UserId> members;
  std::string nonce;
  static void fields(auto& self, auto&& field) {
    field("type", self.type, "direct or group.");
    field("name", self.name, "Empty for 1:1.");
    field("topic", self.topic, "What it is about.", Bounds{.max_code_points = kMaxTopicCharacters});
    field("join", self.join, "Who may enter.");
    field("presence", self.presence, "Whether members see each other's presence.");
    field("members", self.members, "direct: both; group: the founder, who is its owner.");
    field("nonce", self.nonce, "Random, so that no two rooms have the same id.");
  }
};

struct MemberContent {
  static constexpr std::string_view kTypeName = "MemberContent";
  UserId user;
  Membership membership = Membership::joined;
  Role role = Role::member;
  std::optional<std::string> reason;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "Whose membership this is.");
    field("membership", self.membership, "What it is from now on.");
    field("role", self.role, "What they may do.");
    field("reason", self.reason, "Why, if someone else did it.");
  }
};

struct MetaContent {
  static constexpr std::string_view kTypeName = "MetaContent";
  std::optional<std::string> name;
  std::optional<std::string> topic;
  std::optional<JoinRule> join;
  std::optional<bool> presence;
  static void fields(auto& self, auto&& field) {
    field("name", self.name, "The new name.");
    field("topic", self.topic, "The new topic.", Bounds{.max_code_points = kMaxTopicCharacters});
    field("join", self.join, "Who may enter.");
    field("presence", self.presence, "Whether members see each other's presence.");
  }
};

struct ServerContent {
  static constexpr std::string_view kTypeName = "ServerContent";
  std::string server;
  bool banned = true;
  std::optional<std::string> reason;
  static void fields(auto& self, auto&& field) {
    field("server", self.server, "Which server.");
    field("banned", self.banned,
          "true: its users are out and can't come back; false: they may be invited again.");
    field("reason", self.reason, "Why.");
  }
};

struct HubMoveContent {
  static constexpr std::string_view kTypeName = "HubMoveContent";
  std::string to;
  Term term = 0;
  static void fields(auto& self, auto&& field) {
    field("to", self.to, "The server that is the room's hub from now on.",
          Bounds{.max_code_points = 190});
    field("term", self.term, "The term of its records: one more than before.");
  }
};

struct RedactContent {
  static constexpr std::string_view kTypeName = "RedactContent";
  std::optional<std::string> reason;
  static void fields(auto& self, auto&& field) { field("reason", self.reason, "Why."); }
};

struct ReactionContent {
  static constexpr std::string_view kTypeName = "ReactionContent";
  std::string reaction;
  bool set = true;
  static void fields(auto& self, auto&& field) {
    field("reaction", self.reaction, "An emoji or a short word.");
    field("set", self.set, "false: taken back.");
  }
};

// Members that this version does not know are skipped: a newer one wrote them.
[[nodiscard]] Result<CreateContent> decode_create(std::string_view content);
[[nodiscard]] Result<MemberContent> decode_member(std::string_view content);
[[nodiscard]] Result<MetaContent> decode_meta(std::string_view content);
[[nodiscard]] Result<ServerContent> decode_server(std::string_view content);
[[nodiscard]] Result<HubMoveContent> decode_hub_move(std::string_view content);
[[nodiscard]] Result<ReactionContent> decode_reaction(std::string_view content);

}  // namespace chatd::wire
