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
  // Among several servers.
  altered_copy,       // now and then a record that another server signed is written otherwise
  forgotten_pending,  // after a restart the first entry of the outbox is gone
  renamed_pending,    // or has another name than what was handed in already
  forgotten_share,    // that another server follows a room is not written down
  short_feed,         // records that are fed lack the last one
  lost_notice,        // what a server must be told never arrives
  kept_secret,        // what is erased nobody notes for the servers that have left
  false_refusal,      // what the hub took its sender hears was refused
  // After a backup was put back.
  untold_restore,  // a server does not know that it was, and its people talk at once
  altered_return,  // what a follower gives back is not what it was
  lost_move        // that a room has another hub nobody else hears
};
inline constexpr std::array<std::string_view, 18> kFaultNames{"none",
                                                              "ack_before_commit",
                                                              "forgotten_dedup",
                                                              "range_off_by_one",
                                                              "lost_erasure",
                                                              "lost_tail",
                                                              "lost_run",
                                                              "altered_copy",
                                                              "forgotten_pending",
                                                              "renamed_pending",
                                                              "forgotten_share",
                                                              "short_feed",
                                                              "lost_notice",
                                                              "kept_secret",
                                                              "false_refusal",
                                                              "untold_restore",
                                                              "altered_return",
                                                              "lost_move"};

}  // namespace chatd::sim
