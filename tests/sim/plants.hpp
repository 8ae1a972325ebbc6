#pragma once

#include "daemon/core/ports/store.hpp"
#include "tests/sim/fault.hpp"

#include <string>
#include <vector>

// The planted faults that are in what a disk is given or gives back, and in what goes between
// servers.
namespace chatd::sim {

class Links;
class World;

void plant(Fault fault, World& world, std::vector<core::Write>& writes);
void plant(Fault fault, World& world, const std::string& prefix, std::vector<core::KeyValue>& rows);
void plant(Fault fault, Links& links);

}  // namespace chatd::sim
