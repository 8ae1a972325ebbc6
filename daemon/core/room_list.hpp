#pragma once

#include "daemon/core/context.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chatd::core {

inline constexpr std::uint32_t kDefaultRooms = 50;

// A place in an account's rooms, latest activity first: where a page of them ended.
struct RoomPosition {
  TimeMs last_active = 0;
  RoomId room;

  [[nodiscard]] std::string text() const;
  // nullopt for nullopt: from the top.
  [[nodiscard]] static Result<std::optional<RoomPosition>> parse(
      const std::optional<std::string>& text);
  // Comes before: more recently active.
  [[nodiscard]] bool operator<(const RoomPosition& other) const;
};

// Whether the account is in, or invited and may still come.
[[nodiscard]] bool is_live(const RoomEntry& entry, TimeMs now);

// When the account was invited; `since` is its entry's. That is an invitation's place in the list:
// what others do in the room does not move it, since the account is not told of that.
[[nodiscard]] TimeMs invited_at(TimeMs since, const Room& room, const UserId& user);

// The rooms that the account is in or invited to, in that order. Damaged ones are left out and
// logged, so that the others are still served.
[[nodiscard]] Task<Result<std::vector<RoomPosition>>> rooms_by_activity(Context& core, UserId user);

// An account, settled, and a room, both in memory, however much else is. Valid until the next
// co_await.
struct Seat {
  User* user = nullptr;
  Room* room = nullptr;  // null: only its hub, another server, has its log
};
[[nodiscard]] Task<Result<Seat>> load_seat(Context& core, UserId user, RoomId room);

}  // namespace chatd::core
