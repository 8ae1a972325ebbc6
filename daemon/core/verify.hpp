#pragma once

#include "daemon/core/context.hpp"

#include <string>
#include <vector>

namespace chatd::core {

struct RoomReport {
  Seq records = 0;
  std::uint64_t erased = 0;
  Hash256 head_hash{};
  std::vector<std::string> problems;  // in words; empty: the log is whole
};

// Reads a room's log from its first record and builds its state again: numbers without a gap, each
// record decodable, ordinals right, the room's id the hash of its create record, and the state in
// memory the one that the log gives. `not_found` for no such room.
[[nodiscard]] Task<Result<RoomReport>> verify_room(Context& core, RoomId id);

}  // namespace chatd::core
