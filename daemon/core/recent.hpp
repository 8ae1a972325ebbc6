#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/core/pages.hpp"
#include "daemon/core/task.hpp"
#include "daemon/wire/record.hpp"

#include <cstddef>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace chatd::core {

struct Context;

// The newest records of the rooms that people opened last, as clients see them: opening a room is
// what clients ask for most, and needs no store then. What is here is durable and is the end of the
// log; what does not go on without a gap is dropped, and read from the log again. Bounded in bytes.
// Loop only.
class Recent {
 public:
  explicit Recent(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  Recent(const Recent&) = delete;
  Recent& operator=(const Recent&) = delete;

  // The `count` records up to `last`, or all where the room has fewer; nullopt: only the log knows,
  // or they might be larger than `max_bytes`.
  [[nodiscard]] std::optional<Page> find(const RoomId& room, Seq last, std::size_t count,
                                         std::size_t max_bytes);
  // `page` is the end of the room's log now.
  void keep(const RoomId& room, const Page& page);
  // A record became durable; `json` is what clients see of it.
  void append(const wire::Record& record, std::string_view json);
  // What is there of a room is not as its log is any more.
  void forget(const RoomId& room);
  void clear();

 private:
  struct Entry {
    RoomId room;
    Seq last = 0;
    std::size_t bytes = 0;
    std::size_t unread = 0;  // records since it was last asked for
    std::deque<std::string> records{};
  };
  using Entries = std::list<Entry>;

  static void add(Entry& entry, std::string_view json);
  // The entry has changed its size.
  void account(Entries::iterator entry, std::size_t bytes_before);
  void drop(Entries::iterator entry);

  // Constant after construction
  const std::size_t max_bytes_;

  Entries by_use_;  // most recently used first
  std::unordered_map<RoomId, Entries::iterator> slots_;
  std::size_t bytes_ = 0;
};

// The newest records in [first, last] of a room: at most so many, and no more bytes than that, but
// at least one.
[[nodiscard]] Task<Result<Page>> newest_page(Context& core, RoomId room, Seq first, Seq last,
                                             std::size_t max_records, std::size_t max_bytes);

}  // namespace chatd::core
