#pragma once

#include "plugins/storage_lmdb/write.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace chatd::storage_lmdb {

// Where a value stands in the journal.
struct Place {
  std::uint64_t position = 0;
  std::uint32_t offset = 0;
};

// The index of what some consecutive journal entries changed: about 9 bytes a record, more for each
// room and key; the values stay in the journal. While it is active the committing thread adds to
// it, under the store's mutex; then it is frozen, moved into the history, and dropped.
class Memtable {
 public:
  // Positions of its entries start at `first_position`.
  explicit Memtable(std::uint64_t first_position)
      : first_position_(first_position), last_position_(first_position - 1) {}
  Memtable(const Memtable&) = delete;
  Memtable& operator=(const Memtable&) = delete;

  struct Location {
    std::uint32_t entry = 0;  // position - first_position_
    std::uint32_t offset = 0;
  };
  // The records that a room got here. May be empty: then it only remembers the room's head.
  struct Tail {
    std::uint64_t first_seq = 1;
    std::vector<Location> records;

    // What the writes of the commit being looked at would make of head(); see admit().
    std::uint64_t admission = 0;
    std::uint64_t admitted_head = 0;

    [[nodiscard]] std::uint64_t head() const { return first_seq - 1 + records.size(); }
  };

  // Adds a room whose head so far is `head`. The tail stays where it is.
  Tail& add_tail(const RoomId& room, std::uint64_t head);
  [[nodiscard]] Tail* find_tail(const RoomId& room);
  [[nodiscard]] const Tail* find_tail(const RoomId& room) const;

  // Adds a write; its entry is the last one or the next one. A record's room was added before:
  // `tail` is its tail, and the seq is what it should be. For keys `tail` does not matter.
  void apply(const Write& write, const Place& place, Tail* tail);
  // All writes of the entry, which takes `bytes` in the journal, were applied.
  void end_entry(std::uint64_t position, std::size_t bytes) {
    last_position_ = position;
    journal_bytes_ += bytes;
  }

  [[nodiscard]] Place place(const Location& location) const {
    return {first_position_ + location.entry, location.offset};
  }

  // Records that were replaced here but appended before.
  using Replaced = std::map<std::pair<RoomId, std::uint64_t>, Location>;
  [[nodiscard]] const Replaced& replaced() const { return replaced_; }
  // The latest value of each key that was set or (nullopt) erased here.
  using Keys = std::map<std::string, std::optional<Location>, std::less<>>;
  [[nodiscard]] const Keys& keys() const { return keys_; }
  struct RoomHash {
    std::size_t operator()(const RoomId& room) const;
  };
  using Tails = std::unordered_map<RoomId, Tail, RoomHash>;
  [[nodiscard]] const Tails& tails() const { return tails_; }

  [[nodiscard]] bool is_empty() const { return last_position_ < first_position_; }
  [[nodiscard]] std::uint64_t first_position() const { return first_position_; }
  [[nodiscard]] std::uint64_t last_position() const { return last_position_; }
  // Position of the last REPLACE; 0: there is none.
  [[nodiscard]] std::uint64_t last_replace() const { return last_replace_; }
  // Writes that wait to be folded: what bounds memory.
  [[nodiscard]] std::size_t writes() const { return writes_; }
  [[nodiscard]] std::size_t journal_bytes() const { return journal_bytes_; }

 private:
  const std::uint64_t first_position_;
  std::uint64_t last_position_;
  std::uint64_t last_replace_ = 0;
  std::size_t writes_ = 0;
  std::size_t journal_bytes_ = 0;
  Tails tails_;
  Replaced replaced_;
  Keys keys_;
};

}  // namespace chatd::storage_lmdb
