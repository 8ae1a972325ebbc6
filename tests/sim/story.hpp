#pragma once

#include "tests/sim/fault.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace chatd::sim {

struct StoryOptions {
  std::uint64_t seed = 1;
  Fault fault = Fault::none;
  bool is_told = false;    // print what happens
  bool has_files = false;  // the real store on files; else the model in memory
  bool has_moves = false;  // among several servers: rooms get another hub
};

struct Outcome {
  std::vector<std::string> violations;  // in words; empty: all invariants held
  std::size_t acked = 0;
  std::size_t records = 0;
  std::size_t redacted = 0;  // messages and edits
  unsigned crashes = 0;
  unsigned deaths = 0;  // of them within the store
  unsigned times_behind = 0;

  // Adds up what is counted.
  Outcome& operator+=(const Outcome& other);
};

// One server, people with several devices each, rooms; everything that can go wrong for a while;
// then everything heals, and what must hold is checked: nothing acknowledged is lost, nothing is
// there twice, numbers have no gaps, all devices hold the same and know where they are members,
// queues stayed within their bounds, what was erased is nowhere any more.
[[nodiscard]] Outcome tell(const StoryOptions& options);

// Two to seven servers that federate, and rooms that span them; all that can go wrong between them
// and in each; then everything heals. What holds for each server holds; besides, a follower's log
// is its hub's, byte for byte, and what users handed in across is there once and in order, or they
// know why not.
[[nodiscard]] Outcome tell_federated(const StoryOptions& options);

// The same, and rooms get another hub while people talk.
[[nodiscard]] Outcome tell_moving(const StoryOptions& options);

// Several servers, of which one is put back from a backup while the others go on. What holds for
// those that federate holds; besides, all that it had told others is there again, as it was.
[[nodiscard]] Outcome tell_restored(const StoryOptions& options);

}  // namespace chatd::sim
