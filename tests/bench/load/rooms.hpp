#pragma once

#include "tests/bench/load/talk.hpp"

namespace chatd::bench {

// Has all clients of a crowd that is logged in enter their rooms; a room of two is a 1:1. Its name,
// or what its members call it, is then in its clients' room().
void open_rooms(Crowd& crowd, const Talk::Shape& shape);

// What the archive holds of each room, as the room's first member sees it; none without an archive.
[[nodiscard]] std::vector<std::uint64_t> archived(Crowd& crowd, const Talk::Shape& shape);

}  // namespace chatd::bench
