#pragma once

#include "daemon/core/context.hpp"

#include <memory>
#include <vector>

// The rows of rooms whose log is still being fetched (preview.hpp), and reading past them.
namespace chatd::core {

// The rows of a new preview: the room's state, and the newest records up to it.
void write_preview(Context& core, Room& room, std::vector<wire::Record> newest);
// A record that was just applied to a room in preview, into the open batch. Only the newest stay.
Ticket keep_ahead(Context& core, Room& room, wire::Record record, SessionId from);
// The rows go, with the open batch.
Ticket drop_preview(Context& core, Room& room);

// A room in preview as its rows make it; nullptr where there is none.
[[nodiscard]] Task<Result<std::unique_ptr<Room>>> fetch_preview(StorePort& store, RoomId id,
                                                                std::string head);

// Records of a room in their stored form, from its log or its preview: as many as lie there one
// after the other. `unavailable` where the range begins with what is still being fetched.
[[nodiscard]] Task<Result<std::vector<StoredRecord>>> read_stored(Context& core, Range range);
// One record; `not_found` where the room has no such number, or has it not yet.
[[nodiscard]] Task<Result<wire::Record>> read_record(Context& core, RoomId room, Seq seq);
// The record's content goes, wherever it stands; `room` is its room where that is known.
void erase_stored(const Room* room, wire::Record record, std::vector<Write>& out);

}  // namespace chatd::core
