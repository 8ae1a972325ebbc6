#pragma once

#include "daemon/base/hash.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace chatd::core {

// What the hub has signed: the room's state at one record of the log.
struct StateClaim {
  Seq seq = 0;
  Hash256 head_hash{};   // of that record
  Hash256 state_hash{};  // of Room::state()
  std::string signature;
};

// A room of another server can be read and written to before its log is here: its hub shows its
// state and its newest records, and what is new from then on. These records stand in rows of their
// own (preview_rows.hpp), ahead of the log, which is fetched meanwhile from its first record on.
// Once it has come up to the room's head, it says the same, and the rows go.
struct Preview {
  StateClaim claim;  // what the log must agree with
  Seq log = 0;       // the log's durable head; what is between it and `first` is not here
  Seq first = 1;     // of the rows, which reach up to the room's head
  std::deque<std::size_t> sizes;  // of the rows
  std::size_t bytes = 0;          // all of them

  void add(std::size_t size) {
    sizes.push_back(size);
    bytes += size;
  }
  void drop_first() {
    bytes -= sizes.front();
    sizes.pop_front();
    ++first;
  }
  // Whether the record with this number is here; one up to the room's head.
  [[nodiscard]] bool has(Seq seq) const { return seq <= log || seq >= first; }
};

// The row of a preview beside its records': from here on they make the room.
struct PreviewHead {
  Seq first = 1;
  StateClaim claim;
  std::string state;  // Room::state(), at one record not before first - 1
};
[[nodiscard]] std::string encode_preview(const PreviewHead& head);
[[nodiscard]] Result<PreviewHead> decode_preview(std::string_view row);

}  // namespace chatd::core
