#pragma once

#include "tests/sim/device.hpp"
#include "tests/sim/medium.hpp"
#include "tests/sim/server.hpp"
#include "tests/sim/story.hpp"

#include <memory>
#include <vector>

namespace chatd::sim {

using Devices = std::vector<std::unique_ptr<Device>>;

// Every device holds all that its rooms have.
[[nodiscard]] bool all_caught_up(Server& server, const Devices& devices);

// The invariants, looked at from outside: what devices were told against what is on the medium.
[[nodiscard]] Outcome check_all(World& world, Server& server, Medium& medium,
                                const Devices& devices);

}  // namespace chatd::sim
