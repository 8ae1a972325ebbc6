#pragma once

#include "tests/bench/load/histogram.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace chatd::bench {

using Clock = std::chrono::steady_clock;

// What a run tells whoever started it. Each measured stretch of time is marked on standard output
// with the lines `begin NAME` and `end NAME`, so that the server's CPU can be read from outside;
// the last line is one JSON object with all figures.
class Report {
 public:
  void begin(std::string_view phase);
  // Time stands still for the report here; add() gives the figures of the phase.
  void end();

  // A figure of the phase last begun.
  void add(std::string_view name, double value);
  // <name>_p50_us, _p99_us, _p999_us.
  void add(std::string_view name, const Histogram& times);

  // A fact of the whole run, after the phases.
  void tell(std::string_view name, double value);
  void fault(std::string_view what, std::uint64_t times);

  // Prints the object; whether there was no fault.
  [[nodiscard]] bool print(std::string_view scenario) const;

 private:
  std::string phase_;
  std::string phases_;  // the members of a JSON list
  std::string facts_;
  std::string faults_;
  Clock::time_point start_;
  double cpu_at_start_ = 0;
};

}  // namespace chatd::bench
