#pragma once

#include "tests/sim/medium.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/server.hpp"
#include "tests/sim/story.hpp"

namespace chatd::sim {

// Every device of this server holds all that its rooms have.
[[nodiscard]] bool all_caught_up(Server& server, const Devices& devices);

// The invariants of one server, looked at from outside: what its devices were told against what is
// on the medium.
[[nodiscard]] Outcome check_all(World& world, Server& server, Medium& medium,
                                const Devices& devices);

}  // namespace chatd::sim
