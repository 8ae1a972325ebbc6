#pragma once

#include "tests/sim/neighbours.hpp"
#include "tests/sim/world.hpp"

#include <string>

namespace chatd::sim {

// An admin hands this group to another server, by chance to one whose users are not in it.
void hand_over(World& world, Neighbours& neighbours, const std::string& room);

}  // namespace chatd::sim
