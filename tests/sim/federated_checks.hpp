#pragma once

#include "tests/sim/neighbours.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/story.hpp"

namespace chatd::sim {

// Every device holds all that its rooms have, every follower what it may have, and nothing waits to
// be handed in or told.
[[nodiscard]] bool all_caught_up(Neighbours& neighbours, const Devices& devices);

// The invariants of each server by itself, and between them: what a follower has is what the hub
// has, byte for byte; what was handed in is there once and in order, or its sender knows why not.
[[nodiscard]] Outcome check_all(World& world, Neighbours& neighbours, const Devices& devices);

}  // namespace chatd::sim
