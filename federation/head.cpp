#include "federation/head.hpp"

namespace chatd::federation {

void write(ByteWriter& out, const RoomHead& head) {
  out.raw(head.room.bytes());
  out.varint(head.term);
  out.varint(head.seq);
  out.raw(head.hash);
}

Result<RoomHead> read_head(ByteReader& in) {
  RoomHead head;
  CHATD_TRY(const Hash256 room, in.array<32>());
  head.room = RoomId(room);
  CHATD_TRY(head.term, in.varint());
  CHATD_TRY(head.seq, in.varint());
  CHATD_TRY(head.hash, in.array<32>());
  return head;
}

std::string form(const RoomHead& head) {
  ByteWriter out;
  write(out, head);
  return out.take();
}

std::size_t bucket_of(const RoomId& room) {
  return static_cast<std::uint8_t>(room.bytes().front());
}

std::vector<Hash256> digests_of(std::span<const RoomHead> heads) {
  std::vector<Hash256> digests;
  digests.reserve(kBuckets);
  auto head = heads.begin();
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    ByteWriter out;
    for (; head != heads.end() && bucket_of(head->room) == bucket; ++head) write(out, *head);
    digests.push_back(blake2b_256(out.view()));
  }
  return digests;
}

}  // namespace chatd::federation
