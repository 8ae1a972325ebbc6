#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace chatd::sim {

// Faults planted on purpose, to show that the simulation finds them.
enum class Fault : std::uint8_t {
  none,
  ack_before_commit,  // the disk says "durable" while it still writes
  forgotten_dedup,    // a resend is taken for a new message
  range_off_by_one,   // a range lacks its first record
  lost_erasure,       // a replaced record keeps its content
  lost_tail,          // the store on files comes back without its journal's last entry
  lost_run,           // and without the last run of its history
};
inline constexpr std::array<std::string_view, 7> kFaultNames{
    "none",         "ack_before_commit", "forgotten_dedup", "range_off_by_one",
    "lost_erasure", "lost_tail",         "lost_run"};

}  // namespace chatd::sim
