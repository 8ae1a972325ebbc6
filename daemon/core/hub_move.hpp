#pragma once

#include "daemon/core/context.hpp"

#include <string>

// A room whose records another server numbers from some record on: its hub hands it over, by the
// last record of its term.
namespace chatd::core {

// As its admin asks: `to`, which follows the room, agrees and has all of it, then it is the hub.
// The answer is the number of the record that says so.
[[nodiscard]] Task<Result<Seq>> move_hub(Context& core, RoomId room, std::string to);

// Whether the room's log comes here: what it says of the hub is so.
[[nodiscard]] bool knows_hub(const Context& core, const Room& room);

// What waits in the outbox for `from` goes to the room's hub, before anything that is said from now
// on. On the disk it is together with the record that says so, where that was just collected; if it
// never gets there, the new hub says where the room is.
void redirect(Context& core, const Room& room, const std::string& from);

// What tells those who are invited, and whose servers do not follow the room, that this server
// invites them now: it becomes the hub by `move`, which comes next.
[[nodiscard]] Task<Result<std::vector<Notice>>> told_anew(Context& core, const Room& room,
                                                          const wire::Record& move);

// What our users said in rooms whose hub this server has become meanwhile: as their other words.
// Also at the start.
void hand_in_here(Context& core);

}  // namespace chatd::core
