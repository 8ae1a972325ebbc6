#include "federation/handover_frames.hpp"

#include "federation/frame_fields.hpp"
#include "federation/limits.hpp"

#include <utility>

namespace chatd::federation {

std::string encode(const Handover& frame) {
  ByteWriter out = begin(FrameKind::handover);
  write(out, frame.head);
  out.u8(static_cast<std::uint8_t>(frame.step));
  write_words(out, frame.words);
  return out.take();
}

Result<Handover> read_handover(ByteReader& in) {
  Handover frame;
  CHATD_TRY(frame.head, read_head(in));
  if (frame.head.seq == 0) return refuse("a room without records is handed over");
  CHATD_TRY(const std::uint8_t step, in.u8());
  if (step > static_cast<std::uint8_t>(Handover::Step::refused))
    return refuse("it is neither a question nor an answer");
  frame.step = static_cast<Handover::Step>(step);
  CHATD_TRY(frame.words, read_words(in));
  return frame;
}

std::string encode(const Moved& frame) {
  ByteWriter out = begin(FrameKind::moved);
  out.raw(frame.room.bytes());
  out.blob(frame.to);
  return out.take();
}

Result<Moved> read_moved(ByteReader& in) {
  Moved frame;
  CHATD_TRY(frame.room, read_room(in));
  CHATD_TRY(frame.to, in.blob(kMaxServerNameBytes));
  if (!is_server_name(frame.to)) return refuse("it names no server");
  return frame;
}

}  // namespace chatd::federation
