#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/ports/plugins.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace chatd::core {

// What a user of this server said in a room whose hub is elsewhere, until the hub has answered.
struct Submission {
  std::uint64_t entry = 0;  // its number in the outbox, growing
  Draft draft;
  TimeMs since = 0;
  bool is_accepted = false;  // the hub has it; its record is not here yet
};

class Outbox {
 public:
  using Entries = std::map<std::uint64_t, Submission>;  // by number
};

}  // namespace chatd::core
