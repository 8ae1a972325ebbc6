#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/room.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace chatd::core {

// What a server that was put back from a backup has forgotten, others may still have: records that
// it numbered as the hub and fed. Until it knows what they have it numbers nothing in the rooms
// that they follow: two records with one number can never be brought together again. Loop only;
// owned by the core.
class Recovery {
 public:
  // This server was put back from a backup: in its `epoch`-th life it waits for all that it has not
  // heard yet, but not beyond `until`.
  void begin(std::uint64_t epoch, Monotonic until);
  // Whether it may have forgotten also in which rooms of others its users are: who feeds one that
  // it does not know may be right.
  [[nodiscard]] bool may_lack_rooms(Monotonic now) const { return now < lacks_rooms_until_; }

  // All were heard, or it goes on without the others.
  void end() { until_.reset(); }
  [[nodiscard]] bool is_finished() const { return !until_; }
  [[nodiscard]] std::uint64_t epoch() const { return epoch_; }

  // It has said, in this process's life, how far it has the rooms that are shared with it.
  void heard(const std::string& server) { heard_.insert(server); }
  [[nodiscard]] bool has_heard(const std::string& server) const { return heard_.contains(server); }

  // Another server has a room up to here: nothing is numbered there before this one has it too, or
  // the time is over.
  void expect(const RoomId& room, Seq seq, Monotonic now, Monotonic until);
  // It says so. That is believed for a while, and once: who never proves it must not stop a room.
  void claim(const std::string& server, const RoomId& room, Seq seq, Monotonic now);
  void proven(const std::string& server, const RoomId& room) { claims_.erase({server, room}); }
  void give_up(const RoomId& room) { expected_.erase(room); }
  // Those that are waited for.
  [[nodiscard]] std::size_t rooms(Monotonic now) const;

  // Whether every room of this server may get its next record.
  [[nodiscard]] bool admits_all() const { return !until_ && expected_.empty(); }
  // Whether this one may; `unavailable`, in words.
  [[nodiscard]] Status admits(const Room& room, Monotonic now) const;

 private:
  struct Expected {
    Seq seq = 0;
    Monotonic until;
  };
  std::uint64_t epoch_ = 0;
  std::optional<Monotonic> until_;
  Monotonic lacks_rooms_until_{};
  std::set<std::string> heard_;
  std::map<RoomId, Expected> expected_;
  std::set<std::pair<std::string, RoomId>> claims_;  // that were not proven
};

}  // namespace chatd::core
