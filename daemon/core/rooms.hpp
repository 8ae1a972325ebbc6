#pragma once

#include "daemon/core/cache.hpp"
#include "daemon/core/ports/store.hpp"
#include "daemon/core/room.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace chatd::core {

using Rooms = Cache<RoomId, Room>;

// Reads what a room's log says: its snapshot and the records after it, or all records where there
// is no snapshot that this version reads. `not_found` for a room that has no record.
[[nodiscard]] Task<Result<std::unique_ptr<Room>>> fetch_log(StorePort& store, RoomId id);
// Reads a room's state: what its preview says while its log is being fetched, else its log.
[[nodiscard]] Task<Result<std::unique_ptr<Room>>> fetch_room(StorePort& store, RoomId id);

// The next snapshot is due: reading the room again should cost few records, writing it little more
// than they did.
[[nodiscard]] bool needs_snapshot(const Room& room);

// Records of a room in the order of their numbers, decoded (without prev_hash).
[[nodiscard]] Task<Result<std::vector<wire::Record>>> read_records(StorePort& store, Range range);

// The newest record in [first, last] of which that holds; nullopt: none.
[[nodiscard]] Task<Result<std::optional<wire::Record>>> find_record(
    StorePort& store, RoomId room, Seq first, Seq last,
    std::function<bool(const wire::Record&)> is_wanted);

}  // namespace chatd::core
