#pragma once

#include "daemon/core/context.hpp"

namespace chatd::core::commands {

// Invites someone to a group on behalf of the caller.
[[nodiscard]] Task<Status> invite(Context& core, Caller caller, RoomId room, UserId subject);

}  // namespace chatd::core::commands
