#pragma once

#include "tests/sim/fault.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace chatd::sim {

struct StoryOptions {
  std::uint64_t seed = 1;
  Fault fault = Fault::none;
  bool is_told = false;      // print what happens
  std::string store_folder;  // empty: the model; else the real store on files below it
};

struct Outcome {
  std::vector<std::string> violations;  // in words; empty: all invariants held
  std::size_t acked = 0;
  std::size_t records = 0;
  unsigned crashes = 0;
};

// A server, people with several devices each, rooms; everything that can go wrong for a while; then
// everything heals, and what must hold is checked: nothing acknowledged is lost, nothing is there
// twice, numbers have no gaps, all devices hold the same, queues stayed within their bounds, what
// was erased is gone.
[[nodiscard]] Outcome tell(const StoryOptions& options);

}  // namespace chatd::sim
