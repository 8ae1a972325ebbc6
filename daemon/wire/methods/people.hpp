#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/wire/limits.hpp"
#include "daemon/wire/methods/method.hpp"

namespace chatd::wire {

struct Profile {
  static constexpr std::string_view kTypeName = "Profile";
  UserId user;
  std::string display_name;
  std::string status_text;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "The account's id.");
    field("display_name", self.display_name, "The name that others see.");
    field("status_text", self.status_text, "A line about themselves; may be empty.");
  }
};

struct ProfileGet {
  static constexpr MethodInfo kMethod{"profile.get", "Someone's profile.", Access::user, true,
                                      errors(Code::not_found)};
  using Answer = Profile;
  UserId user;
  static void fields(auto& self, auto&& field) { field("user", self.user, "Whose."); }
};

struct ProfileSet {
  static constexpr MethodInfo kMethod{"profile.set", "Changes this account's own profile.",
                                      Access::user, true, 0};
  using Answer = Profile;
  std::optional<std::string> display_name;
  std::optional<std::string> status_text;
  static void fields(auto& self, auto&& field) {
    field("display_name", self.display_name, "The name that others see.",
          Bounds{.max_code_points = kMaxNameCharacters});
    field("status_text", self.status_text, "A line about themselves.",
          Bounds{.max_code_points = kMaxStatusCharacters});
  }
};

struct UserSearchAnswer {
  std::vector<Profile> users;
  static void fields(auto& self, auto&& field) {
    field("users", self.users, "Who was found, in the order of their ids.");
  }
};

struct UserSearch {
  static constexpr MethodInfo kMethod{
      "user.search", "Accounts of this server whose local part begins so.", Access::user, true, 0};
  using Answer = UserSearchAnswer;
  std::string prefix;
  std::optional<std::uint32_t> limit;
  static void fields(auto& self, auto&& field) {
    field("prefix", self.prefix, "At least two characters of a local part.",
          Bounds{.max_code_points = 64});
    field("limit", self.limit, "At most so many; 20 unless told.", Bounds{.max_value = 50});
  }
};

// How two accounts stand to each other, as the one who asks sees it.
enum class ContactState : std::uint8_t { none, requested, received, accepted };
template <>
struct Words<ContactState> {
  static constexpr std::array<std::string_view, 4> kList{"none", "requested", "received",
                                                         "accepted"};
};

struct Contact {
  static constexpr std::string_view kTypeName = "Contact";
  UserId user;
  ContactState state = ContactState::none;
  std::string display_name;
  bool is_blocked = false;
  TimeMs since = 0;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "The other account.");
    field("state", self.state,
          "requested: we asked; received: they asked; accepted: both agree; none: no contact.");
    field("display_name", self.display_name, "Their name as they show it.");
    field("blocked", self.is_blocked, "Whether we blocked them.");
    field("since", self.since, "When the state last changed.");
  }
};

struct ContactListAnswer {
  std::vector<Contact> contacts;
  static void fields(auto& self, auto&& field) {
    field("contacts", self.contacts, "Contacts, requests both ways, and blocked accounts.");
  }
};

struct ContactList {
  static constexpr MethodInfo kMethod{"contact.list", "This account's contacts and requests.",
                                      Access::user, true, 0};
  using Answer = ContactListAnswer;
  static void fields(auto&, auto&&) {}
};

struct ContactRequest {
  static constexpr MethodInfo kMethod{
      "contact.request",
      "Asks someone to become a contact; accepts where they asked first. Who is blocked by them is "
      "not told.",
      Access::user, true, errors(Code::not_found, Code::limit_reached, Code::forbidden)};
  using Answer = Contact;
  UserId user;
  static void fields(auto& self, auto&& field) { field("user", self.user, "Whom."); }
};

struct ContactAccept {
  static constexpr MethodInfo kMethod{"contact.accept", "Accepts a request: both see each other.",
                                      Access::user, true, errors(Code::not_found, Code::forbidden)};
  using Answer = Contact;
  UserId user;
  static void fields(auto& self, auto&& field) { field("user", self.user, "Whose request."); }
};

struct ContactRemove {
  static constexpr MethodInfo kMethod{"contact.remove",
                                      "Ends a contact, takes a request back or declines one.",
                                      Access::user, true, errors(Code::not_found)};
  using Answer = Nothing;
  UserId user;
  static void fields(auto& self, auto&& field) { field("user", self.user, "Whom."); }
};

struct BlockSet {
  static constexpr MethodInfo kMethod{
      "contact.block",
      "Blocks someone, or takes that back: no 1:1 messages, invites, requests or presence from "
      "them, and no presence to them. They are not told, but what they post to the 1:1 room is "
      "refused (`forbidden`), in the same words as when the account were disabled.",
      Access::user, true, errors(Code::not_found, Code::limit_reached)};
  using Answer = Contact;
  UserId user;
  bool blocked = true;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "Whom.");
    field("blocked", self.blocked, "true to block, false to take it back.");
  }
};

enum class PresenceState : std::uint8_t { offline, away, online };
template <>
struct Words<PresenceState> {
  static constexpr std::array<std::string_view, 3> kList{"offline", "away", "online"};
};

// How somebody is, as others are shown it.
enum class SeenState : std::uint8_t { offline, away, online, unknown };
template <>
struct Words<SeenState> {
  static constexpr std::array<std::string_view, 4> kList{"offline", "away", "online", "unknown"};
};
[[nodiscard]] constexpr SeenState seen(PresenceState state) {
  return static_cast<SeenState>(state);  // which begins with the same words
}

struct PresenceInfo {
  static constexpr std::string_view kTypeName = "Presence";
  UserId user;
  SeenState state = SeenState::offline;
  std::optional<TimeMs> last_seen;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "Who.");
    field("state", self.state,
          "Of all their devices together; unknown: their server, another one, has not told.");
    field("last_seen", self.last_seen, "When they were last there, if offline and known.");
  }
  bool operator==(const PresenceInfo&) const = default;
};

struct VisibilityAnswer {
  bool visible = true;
  static void fields(auto& self, auto&& field) {
    field("visible", self.visible, "Whether others may see this account's presence, as it is now.");
  }
};

struct PresenceSet {
  static constexpr MethodInfo kMethod{"presence.set",
                                      "Says how this device is, and whether others may see it.",
                                      Access::user, false, 0};
  using Answer = VisibilityAnswer;
  PresenceState state = PresenceState::online;
  std::optional<bool> visible;
  static void fields(auto& self, auto&& field) {
    field("state", self.state,
          "online or away; offline shows this device as not there. After a while without requests "
          "(the heartbeat and sync do not count) online is shown as away.");
    field("visible", self.visible,
          "Whether contacts and members may see this account's presence at all; kept.");
  }
};

struct PresenceAnswer {
  std::vector<PresenceInfo> presence;
  static void fields(auto& self, auto&& field) {
    field("presence", self.presence, "Of those who may be seen; the others are left out.");
  }
};

struct PresenceContacts {
  static constexpr MethodInfo kMethod{"presence.contacts",
                                      "The presence of all accepted contacts just now; changes "
                                      "follow as events while the connection lasts.",
                                      Access::user, false, 0};
  using Answer = PresenceAnswer;
  static void fields(auto&, auto&&) {}
};

struct PresenceWatch {
  static constexpr MethodInfo kMethod{
      "presence.watch",
      "The presence of a small room's members just now; changes follow as events until this "
      "connection watches another room or none. In a 1:1 room only contacts see each other.",
      Access::user, false, errors(Code::not_found, Code::forbidden)};
  using Answer = PresenceAnswer;
  std::optional<RoomId> room;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room that is on the screen; left out: none.");
  }
};

struct TypingSet {
  static constexpr MethodInfo kMethod{"typing.set",
                                      "Tells the others in a room, for a few seconds.",
                                      Access::user, false, errors(Code::not_found)};
  using Answer = Nothing;
  RoomId room;
  bool typing = true;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room.");
    field("typing", self.typing, "false when they stopped.");
  }
};

}  // namespace chatd::wire
