#pragma once

#include "daemon/base/bytes.hpp"
#include "daemon/base/ids.hpp"

#include <compare>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

// Where a room's log ends, and how two servers find out cheaply whether theirs end at the same
// place. Values; any thread.
namespace chatd::federation {

// The newest record that somebody has. Its hash vouches for all records before (RECORD.md): the
// hub's signature of a head (Purpose::head, of its `form`) signs the whole log up to there.
struct RoomHead {
  RoomId room;
  Term term = 0;
  Seq seq = 0;  // 0: none yet
  Hash256 hash{};
  auto operator<=>(const RoomHead&) const = default;
};
void write(ByteWriter& out, const RoomHead& head);
[[nodiscard]] Result<RoomHead> read_head(ByteReader& in);
[[nodiscard]] std::string form(const RoomHead& head);

// For servers that share many rooms: instead of all heads, one digest for each of 256 buckets. Who
// sees another digest than its own sends the heads of that bucket.
inline constexpr std::size_t kBuckets = 256;
[[nodiscard]] std::size_t bucket_of(const RoomId& room);
// kBuckets digests of heads in ascending order.
[[nodiscard]] std::vector<Hash256> digests_of(std::span<const RoomHead> heads);

}  // namespace chatd::federation
