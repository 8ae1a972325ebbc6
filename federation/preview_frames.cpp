#include "federation/preview_frames.hpp"

#include "federation/frame_fields.hpp"
#include "federation/limits.hpp"

namespace chatd::federation {

std::string encode(const PreviewFrame& frame) {
  const core::ShownPreview& preview = frame.preview;
  ByteWriter out = begin(FrameKind::preview);
  out.raw(preview.room.bytes());
  out.blob(preview.state);
  out.blob(preview.create);
  out.varint(preview.first);
  out.raw(preview.prev_hash);
  write_stored(out, preview.newest);
  write(out, frame.signature);
  return out.take();
}

std::string encode(const Ahead& frame) {
  ByteWriter out = begin(FrameKind::ahead);
  write(out, frame.head);
  return out.take();
}

Result<PreviewFrame> read_preview(ByteReader& in) {
  PreviewFrame frame;
  core::ShownPreview& preview = frame.preview;
  CHATD_TRY(preview.room, read_room(in));
  CHATD_TRY(preview.state, in.blob(kMaxStateBytes));
  CHATD_TRY(preview.create, in.blob(kMaxLinkFrameBytes));
  CHATD_TRY(preview.first, read_seq(in));
  CHATD_TRY(preview.prev_hash, in.array<32>());
  CHATD_TRY(preview.newest, read_stored(in, preview.first, kMaxPreviewRecords));
  CHATD_TRY(frame.signature, read_batch_signature(in));
  return frame;
}

Result<Ahead> read_ahead(ByteReader& in) {
  Ahead frame;
  CHATD_TRY(frame.head, read_head(in));
  if (frame.head.seq == 0) return refuse("a record's number is 0");
  return frame;
}

}  // namespace chatd::federation
