#pragma once

#include "daemon/core/context.hpp"

#include <cstdint>

// How what waits in the outbox ends (hand_in.hpp is how it begins).
namespace chatd::core {

// It became a record, or is given up by its sender: gone for good, and its devices are told.
[[nodiscard]] Task<Status> settle(Context& core, UserId user, std::uint64_t entry);

// The hub says that it will be no record.
[[nodiscard]] Task<void> refuse(Context& core, UserId user, std::uint64_t entry, Error why);

// Its sender gives it up, or has seen that it was refused. Whom the hub may have let in meanwhile
// leaves instead: else the room would have a member whose server knows nothing of it.
[[nodiscard]] Task<Status> take_back(Context& core, Caller caller, std::uint64_t entry);

// From now on, while anything waits, what is too old is given up. What the hub may have taken is
// not, for nobody here knows that it was not; nor is leaving, for who left has left.
void expire_later(Context& core);

}  // namespace chatd::core
