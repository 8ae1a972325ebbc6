#pragma once

#include "tests/bench/load/talk.hpp"

namespace chatd::bench {

// Has the clients of a crowd that is logged in enter their rooms; a room of two is a 1:1. Its name,
// or what its members call it, is then in its clients' room().
void open_rooms(Crowd& crowd, const Talk::Shape& shape);

// Who is in `file`, which chatd_fill wrote, a line a client: the token, then the rooms.
void know_from(const std::string& file, Crowd& crowd, std::size_t count);

// What the archive holds of each room, as the member at `place` sees it: where people have an
// archive each, those of two may differ. None without an archive.
[[nodiscard]] std::vector<std::uint64_t> archived(Crowd& crowd, const Talk::Shape& shape,
                                                  std::size_t place = 0);

}  // namespace chatd::bench
