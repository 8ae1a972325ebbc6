#include "federation/recovery_frames.hpp"

#include "federation/frame_fields.hpp"
#include "federation/limits.hpp"

namespace chatd::federation {

std::string encode(const Proof& frame) {
  ByteWriter out = begin(FrameKind::proof);
  write(out, frame.head);
  write(out, frame.by_hub);
  out.raw(frame.key.key.bytes);
  out.varint(static_cast<std::uint64_t>(frame.key.validity.from));
  out.varint(static_cast<std::uint64_t>(frame.key.validity.until));
  write(out, frame.key.by_root);
  return out.take();
}

Result<Proof> read_proof(ByteReader& in) {
  Proof frame;
  CHATD_TRY(frame.head, read_head(in));
  if (frame.head.seq == 0) return refuse("it proves that there is nothing");
  CHATD_TRY(frame.by_hub, read_batch_signature(in));
  CHATD_TRY(frame.key.key.bytes, in.array<32>());
  CHATD_TRY(frame.key.validity.from, in.time());
  CHATD_TRY(frame.key.validity.until, in.time());
  CHATD_TRY(frame.key.by_root, read_signature(in));
  return frame;
}

std::string encode(const Recalled& frame) {
  ByteWriter out = begin(FrameKind::recalled);
  out.raw(frame.room.bytes());
  out.varint(frame.first);
  write_stored(out, frame.stored);
  return out.take();
}

Result<Recalled> read_recalled(ByteReader& in) {
  Recalled frame;
  CHATD_TRY(frame.room, read_room(in));
  CHATD_TRY(frame.first, read_seq(in));
  CHATD_TRY(frame.stored, read_stored(in, frame.first, kMaxFeedRecords));
  return frame;
}

}  // namespace chatd::federation
