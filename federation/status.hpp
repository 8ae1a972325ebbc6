#pragma once

#include "daemon/base/clock.hpp"
#include "federation/fault.hpp"
#include "federation/signature.hpp"
#include "federation/spend.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What the admin sees of other servers. Values; any thread.
namespace chatd::federation {

// Of one peer, since this server knows it.
struct Counters {
  std::uint64_t frames_sent = 0;
  std::uint64_t frames_received = 0;
  std::uint64_t bytes_sent = 0;
  std::uint64_t bytes_received = 0;
  std::uint64_t records_sent = 0;
  std::uint64_t records_received = 0;
  std::array<std::uint64_t, kFaultCount> refused{};  // frames, by Fault
  std::array<std::uint64_t, kSpendCount> limited{};  // that had to wait, by Spend
};
Counters& operator+=(Counters& sum, const Counters& more);

struct PeerStatus {
  std::string server;
  std::string link;     // "up", "proving", "looking", "waiting", "paused" or "none"
  TimeMs since = 0;     // so
  std::string address;  // of the link: where it was dialled to, or came from
  std::string error;    // why the last one ended, or could not be made
  TimeMs next_try = 0;  // where it waits
  std::optional<TimeMs> unreachable_since;
  std::size_t outbox = 0;              // what our users said, without an answer
  std::size_t rooms_fed = 0;           // rooms of this server that it follows; where the link is up
  std::size_t rooms_followed = 0;      // of its, here, when the link began
  std::vector<std::string> conflicts;  // rooms whose logs differ here and there
  Counters counters;
  double quota_share = 1;               // of the limits: less than 1 on probation
  std::optional<PublicKey> root;        // by which it is known; none: it has not proven itself yet
  std::optional<PublicKey> other_root;  // that it shows now, and the admin did not accept yet
  TimeMs identity_changed = 0;          // since when
  std::vector<std::string> keys;        // ids, as its document names them; empty: none is known
  TimeMs document_expires = 0;
  std::uint64_t restore_epoch = 0;
};

}  // namespace chatd::federation
