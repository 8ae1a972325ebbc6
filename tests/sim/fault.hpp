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
};
inline constexpr std::array<std::string_view, 5> kFaultNames{
    "none", "ack_before_commit", "forgotten_dedup", "range_off_by_one", "lost_erasure"};

}  // namespace chatd::sim
