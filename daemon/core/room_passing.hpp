#pragma once

#include "daemon/core/context.hpp"

#include <string>

// What is done in a room and kept in no log: typing, and how far somebody has read. The hub passes
// on what the servers that follow the room say.
namespace chatd::core {

// One of ours does it: everyone else in the room is told, here and elsewhere.
[[nodiscard]] Task<void> pass_in_room(Context& core, Typing what);
[[nodiscard]] Task<void> pass_in_room(Context& core, ReadMark what);

// `peer` says it of one of its own users or, being the hub, of anybody's but ours. Of who is not in
// the room just now it is no news.
[[nodiscard]] Task<void> take_in_room(Context& core, std::string peer, Typing what);
[[nodiscard]] Task<void> take_in_room(Context& core, std::string peer, ReadMark what);

}  // namespace chatd::core
