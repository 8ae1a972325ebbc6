#pragma once

#include "plugins/storage_lmdb/options.hpp"
#include "tests/sim/fault.hpp"

namespace chatd::sim {

// Does to the files of a store that is closed what a bug of the store would have done.
void damage(const storage_lmdb::Options& options, Fault fault);

}  // namespace chatd::sim
