#pragma once

#include "daemon/core/context.hpp"

namespace chatd::core::commands {

// Inviting someone to a group, in two steps: whether that account takes an invitation by `host`
// (this counts as one), and the invitation itself.
[[nodiscard]] Task<Status> check_guest(Context& core, UserId host, UserId guest);
[[nodiscard]] Task<Status> seat_guest(Context& core, Caller host, RoomId room, UserId guest);

}  // namespace chatd::core::commands
