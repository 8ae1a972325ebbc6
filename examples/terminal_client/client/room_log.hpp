#pragma once

#include "cache.hpp"
#include <functional>
#include <string>

namespace client {

// How records get into the cache, from wherever they come: a live event, a sync, a page of history
// or the answer to a message of this device. One rule keeps the log whole and free of doubles: only
// the record that follows the last one held is taken; older ones are known, newer ones are a gap.
class RoomLog {
 public:
  // `is_live`: it happened just now; otherwise it was caught up with.
  using OnRecord = std::function<void(const Room& room, const Record& record, bool is_live)>;
  enum class Fit {
    taken,
    known,
    gap,      // a range is missing before it
    no_room,  // this account is not in such a room, as far as it knows
  };

  RoomLog(Cache& cache, OnRecord on_record) : cache_(cache), on_record_(std::move(on_record)) {}

  Fit take(const std::string& room, const Record& record, bool is_live);
  // Records without a gap among them, in order. If nothing of the room is held yet, they begin it.
  // Tells how the last of them fitted; `known` for an empty page.
  Fit take_page(const std::string& room, const json& records, bool is_live);
  // Records just before the ones held. Returns how many fitted.
  std::size_t take_older(const std::string& room, const json& records);
  // Notes that the room's log goes up to `head`. Whether some of it is missing here.
  bool note_head(const std::string& room, std::uint64_t head);

 private:
  Fit apply(Room& room, const Record& record, bool is_live);

  Cache& cache_;
  const OnRecord on_record_;
};

}  // namespace client
