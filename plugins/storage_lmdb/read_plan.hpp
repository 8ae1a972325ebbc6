#pragma once

#include "plugins/storage_lmdb/memtable.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::storage_lmdb {

// What a reader takes from the memtables, in one go, before it reads the files without a lock. A
// record or key that is not in a plan stands in the history, in the snapshot of the same moment.

struct RoomRange {  // chatd_range
  RoomId room{};
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  std::uint64_t max_records = 0;
  std::uint64_t max_bytes = 0;
  bool is_reverse = false;
};

// What of a range is there: all seqs from first to last, at most max_records; empty if first >
// last.
struct RangeWindow {
  std::uint64_t first = 1;
  std::uint64_t last = 0;
  std::uint64_t bytes_left = 0;
  bool is_reverse = false;

  [[nodiscard]] bool is_empty() const { return first > last; }
  [[nodiscard]] std::uint64_t next() const { return is_reverse ? last : first; }
  void advance() { is_reverse ? --last : ++first; }
};
[[nodiscard]] RangeWindow window_of(const RoomRange& range, std::uint64_t head);

struct RangePlan {
  std::optional<std::uint64_t> head;  // nullopt: the memtables don't know the room
  std::uint64_t tail_first = 0;       // places[i] is that of the record tail_first + i
  std::vector<Place> places;
  std::map<std::uint64_t, Place> replaced;  // seq -> newer bytes than the history's
};

// `frozen` may be null; `active` is newer.
[[nodiscard]] RangePlan plan_range(const Memtable* frozen, const Memtable& active,
                                   const RoomRange& range);
[[nodiscard]] std::optional<std::uint64_t> plan_head(const Memtable* frozen, const Memtable& active,
                                                     const RoomId& room);

struct KeyPlan {
  bool is_known = false;       // the memtables know; else the history does
  std::optional<Place> place;  // nullopt: the key was erased
};
[[nodiscard]] KeyPlan plan_key(const Memtable* frozen, const Memtable& active,
                               std::string_view key);

// What lies over the history's keys: enough of it for `limit` pairs that exist.
using ScanPlan = std::map<std::string, std::optional<Place>, std::less<>>;
[[nodiscard]] ScanPlan plan_scan(const Memtable* frozen, const Memtable& active,
                                 std::string_view prefix, std::string_view after,
                                 std::uint64_t limit);

}  // namespace chatd::storage_lmdb
