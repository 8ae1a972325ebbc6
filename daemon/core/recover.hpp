#pragma once

#include "daemon/core/context.hpp"

namespace chatd::core {

// Waits for the other servers where this one was put back from a backup since all was well; at the
// start.
[[nodiscard]] Task<Status> begin_recovery(Context& core);

}  // namespace chatd::core
