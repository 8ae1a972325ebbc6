#include "daemon/core/ports/feed.hpp"

namespace chatd::core {
namespace {

constexpr std::size_t kMaxEntries = 65536;  // a batch holds fewer records than that

}  // namespace

std::string feed_key(std::uint64_t position) {
  ByteWriter out;
  out.raw(kFeedPrefix);
  out.u64(position);
  return out.take();
}

Result<std::uint64_t> feed_position(std::string_view key) {
  if (key.substr(0, kFeedPrefix.size()) != kFeedPrefix)
    return fail(Code::internal, "not a key of the feed");
  ByteReader in(key.substr(kFeedPrefix.size()));
  return in.u64();
}

std::string encode_feed(const std::vector<FeedEntry>& entries) {
  ByteWriter out;
  out.varint(entries.size());
  for (const FeedEntry& entry : entries) {
    out.raw(entry.room.bytes());
    out.varint(entry.first);
    out.varint(entry.last);
  }
  return out.take();
}

Result<std::vector<FeedEntry>> decode_feed(std::string_view value) {
  ByteReader in(value);
  CHATD_TRY(const std::uint64_t count, in.varint());
  if (count > kMaxEntries) return fail(Code::internal, "a row of the feed is too long");
  std::vector<FeedEntry> entries;
  for (std::uint64_t i = 0; i < count; ++i) {
    FeedEntry entry;
    CHATD_TRY(const std::string_view room, in.raw(32));
    CHATD_TRY(entry.room, RoomId::from_bytes(room));
    CHATD_TRY(entry.first, in.varint());
    CHATD_TRY(entry.last, in.varint());
    entries.push_back(entry);
  }
  return entries;
}

}  // namespace chatd::core
