#pragma once

#include "daemon/base/bytes.hpp"
#include "daemon/base/ids.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace chatd::core {

// The commit feed: while anyone subscribed to the log, each batch that appends records also puts
// one row under feed_key(position), positions growing by one; its value names them. A 1:1 room that
// someone of another server opened is named once it was accepted, from its first record on. Readers
// (the host's log cursors, later peers) read the rows after their own cursor, then the records
// themselves; whoever keeps the cursors deletes what all have passed.
struct FeedEntry {
  RoomId room;
  Seq first = 0;
  Seq last = 0;
};

inline constexpr std::string_view kFeedPrefix = "f";

[[nodiscard]] std::string feed_key(std::uint64_t position);
[[nodiscard]] Result<std::uint64_t> feed_position(std::string_view key);
[[nodiscard]] std::string encode_feed(const std::vector<FeedEntry>& entries);
[[nodiscard]] Result<std::vector<FeedEntry>> decode_feed(std::string_view value);

// Told on the loop after a batch with records is durable: a hint that there is something to read.
class FeedListener {
 public:
  FeedListener() = default;
  FeedListener(const FeedListener&) = delete;
  FeedListener& operator=(const FeedListener&) = delete;
  virtual ~FeedListener() = default;
  virtual void on_feed(std::uint64_t newest_position) = 0;
};

}  // namespace chatd::core
