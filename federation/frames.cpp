#include "federation/frames.hpp"

#include "daemon/base/overloaded.hpp"
#include "federation/frame_fields.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatd::federation {
namespace {

constexpr std::uint8_t kHeadsFollow = 0;
constexpr std::uint8_t kDigestsFollow = 1;
enum class Outcome : std::uint8_t { accepted = 0, retry = 1, refused = 2 };

void write_heads(ByteWriter& out, const std::vector<RoomHead>& heads) {
  out.varint(heads.size());
  for (const RoomHead& head : heads) write(out, head);
}

Result<std::vector<RoomHead>> read_heads(ByteReader& in, std::size_t max) {
  CHATD_TRY(const std::uint64_t count, in.varint());
  if (count > max) return refuse(fmt::format("it has more than {} heads", max));
  std::vector<RoomHead> heads;
  for (std::uint64_t i = 0; i < count; ++i) {
    CHATD_TRY(const RoomHead head, read_head(in));
    if (!heads.empty() && heads.back().room >= head.room)
      return refuse("its heads are not in order");
    heads.push_back(head);
  }
  return heads;
}

Result<Code> read_code(ByteReader& in) {
  CHATD_TRY(const std::string_view text, in.blob(kMaxCodeBytes));
  for (int i = 0; i < kCodeCount; ++i) {
    const auto code = static_cast<Code>(i);
    if (name(code) == text) return code;
  }
  return refuse("it has an error code that this version does not know");
}

Result<std::uint32_t> read_delay(ByteReader& in) {
  CHATD_TRY(const std::uint64_t delay_ms, in.varint());
  if (delay_ms > UINT32_MAX) return refuse("a delay is too long");
  return static_cast<std::uint32_t>(delay_ms);
}

Result<Frame> read_hello(ByteReader& in) {
  Hello frame;
  CHATD_TRY(frame.restore_epoch, in.varint());
  CHATD_TRY(frame.document_issued, in.time());
  CHATD_TRY(const std::uint8_t what, in.u8());
  if (what == kHeadsFollow) {
    CHATD_TRY(frame.heads, read_heads(in, kMaxHelloHeads));
  } else if (what == kDigestsFollow) {
    for (std::size_t i = 0; i < kBuckets; ++i) {
      CHATD_TRY(const Hash256 digest, in.array<32>());
      frame.digests.push_back(digest);
    }
  } else {
    return refuse("it has neither heads nor digests");
  }
  return frame;
}

Result<Frame> read_bucket(ByteReader& in) {
  Heads frame;
  CHATD_TRY(frame.bucket, in.u8());
  CHATD_TRY(frame.heads, read_heads(in, kMaxBucketHeads));
  for (const RoomHead& head : frame.heads)
    if (bucket_of(head.room) != frame.bucket) return refuse("a head is of another bucket");
  return frame;
}

Result<Frame> read_submit(ByteReader& in) {
  Submit frame;
  CHATD_TRY(frame.entry, in.varint());
  CHATD_TRY(frame.draft.room, read_room(in));
  CHATD_TRY(const std::uint64_t kind, in.varint());
  if (kind > UINT8_MAX) return refuse("a record's kind is out of range");
  frame.draft.kind = static_cast<wire::RecordKind>(kind);
  CHATD_TRY(frame.draft.sender, read_user_or_server(in));
  CHATD_TRY(const std::uint64_t device, in.u64());
  frame.draft.device = DeviceId(device);
  CHATD_TRY(const Hash128 client_msg_id, in.array<16>());
  frame.draft.client_msg_id = ClientMsgId(client_msg_id);
  CHATD_TRY(frame.draft.target, in.varint());
  CHATD_TRY(frame.draft.content, in.blob(wire::kMaxFrameBytes));
  CHATD_TRY(frame.origin, read_batch_signature(in, kMaxRecordPath));
  return frame;
}

Result<Frame> read_submitted(ByteReader& in) {
  Submitted frame;
  CHATD_TRY(frame.entry, in.varint());
  CHATD_TRY(const std::uint8_t outcome, in.u8());
  switch (Outcome{outcome}) {
    case Outcome::accepted: {
      CHATD_TRY(const Seq seq, read_seq(in));
      frame.outcome = Accepted{seq};
      return frame;
    }
    case Outcome::retry: {
      CHATD_TRY(const Code code, read_code(in));
      CHATD_TRY(const std::uint32_t delay_ms, read_delay(in));
      frame.outcome = Retry{code, delay_ms};
      return frame;
    }
    case Outcome::refused: {
      CHATD_TRY(const Code code, read_code(in));
      CHATD_TRY(std::string words, read_words(in));
      frame.outcome = Refused{code, std::move(words)};
      return frame;
    }
  }
  return refuse("its outcome is neither a number, nor to be tried again, nor final");
}

Result<Frame> read_feed(ByteReader& in) {
  Feed frame;
  CHATD_TRY(frame.room, read_room(in));
  CHATD_TRY(frame.first, read_seq(in));
  CHATD_TRY(frame.prev_hash, in.array<32>());
  CHATD_TRY(frame.stored, read_stored(in, frame.first, kMaxFeedRecords));
  CHATD_TRY(const std::uint8_t is_signed, in.u8());
  if (is_signed > 1) return refuse("its head is neither signed nor not");
  if (is_signed == 1) {
    CHATD_TRY(frame.head, read_batch_signature(in));
  }
  return frame;
}

Result<Frame> read_ack(ByteReader& in) {
  Ack frame;
  CHATD_TRY(frame.room, read_room(in));
  CHATD_TRY(frame.seq, read_seq(in));
  return frame;
}

Result<Frame> read_range(ByteReader& in) {
  RangeRequest frame;
  CHATD_TRY(frame.room, read_room(in));
  CHATD_TRY(frame.first, read_seq(in));
  CHATD_TRY(frame.last, read_seq(in));
  if (frame.last < frame.first) return refuse("a range ends before it begins");
  return frame;
}

Result<Frame> read_failure(ByteReader& in) {
  Failure frame;
  CHATD_TRY(frame.about, in.varint());
  CHATD_TRY(frame.room, read_room(in));
  CHATD_TRY(frame.code, read_code(in));
  CHATD_TRY(frame.retry_after_ms, read_delay(in));
  return frame;
}

Result<Frame> read_notice(ByteReader& in) {
  core::Notice notice;
  CHATD_TRY(notice.room, read_room(in));
  CHATD_TRY(notice.seq, read_seq(in));
  CHATD_TRY(notice.user, read_user_or_server(in));
  CHATD_TRY(const std::uint8_t membership, in.u8());
  if (membership >= wire::Words<wire::Membership>::kList.size())
    return refuse("it has a membership that this version does not know");
  notice.membership = static_cast<wire::Membership>(membership);
  CHATD_TRY(notice.by, read_user_or_server(in));
  CHATD_TRY(notice.time, in.time());
  CHATD_TRY(notice.erased, in.varint());
  const bool is_of_nobody = notice.user.empty() && notice.by.empty() &&
                            notice.membership == wire::Membership::none && !notice.room.empty();
  if (notice.erased != 0 && !is_of_nobody)
    return refuse("it is about a message and a membership at once");
  return NoticeFrame{std::move(notice)};
}

Result<Frame> read_noticed(ByteReader& in) {
  Noticed frame;
  CHATD_TRY(frame.room, read_room(in));
  CHATD_TRY(frame.seq, read_seq(in));
  CHATD_TRY(frame.user, read_user_or_server(in));
  return frame;
}

Result<Frame> read_alive(ByteReader& /*in*/) { return Alive(); }
Result<Frame> read_check(ByteReader& /*in*/) { return CheckRequest(); }

Result<Frame> read_checked(ByteReader& in) {
  CHATD_TRY(std::vector<CheckStep> steps, read_check_steps(in));
  return Checked{std::move(steps)};
}

// Of those that are read elsewhere.
template <auto Read>
Result<Frame> read_frame(ByteReader& in) {
  CHATD_TRY(auto frame, Read(in));
  return Frame(std::move(frame));
}

template <auto Read>
Result<Frame> read_passing(ByteReader& in) {
  CHATD_TRY(auto what, Read(in));
  return core::Passing(std::move(what));
}

struct Reader {
  FrameKind kind;
  std::string_view name;
  Result<Frame> (*read)(ByteReader& in);
};

constexpr std::array<Reader, 25> kReaders{{
    {FrameKind::hello, "hello", read_hello},
    {FrameKind::heads, "heads", read_bucket},
    {FrameKind::submit, "submit", read_submit},
    {FrameKind::submitted, "submitted", read_submitted},
    {FrameKind::feed, "feed", read_feed},
    {FrameKind::ack, "ack", read_ack},
    {FrameKind::range, "range", read_range},
    {FrameKind::failure, "failure", read_failure},
    {FrameKind::notice, "notice", read_notice},
    {FrameKind::noticed, "noticed", read_noticed},
    {FrameKind::alive, "alive", read_alive},
    {FrameKind::check, "check", read_check},
    {FrameKind::checked, "checked", read_checked},
    {FrameKind::preview, "preview", read_frame<read_preview>},
    {FrameKind::ahead, "ahead", read_frame<read_ahead>},
    {FrameKind::presence_lease, "presence_lease", read_passing<read_presence_lease>},
    {FrameKind::presence, "presence", read_passing<read_presence>},
    {FrameKind::typing, "typing", read_passing<read_typing>},
    {FrameKind::read, "read", read_passing<read_read_mark>},
    {FrameKind::profile_get, "profile_get", read_passing<read_profile_get>},
    {FrameKind::profile, "profile", read_passing<read_profile>},
    {FrameKind::proof, "proof", read_frame<read_proof>},
    {FrameKind::recalled, "recalled", read_frame<read_recalled>},
    {FrameKind::handover, "handover", read_frame<read_handover>},
    {FrameKind::moved, "moved", read_frame<read_moved>},
}};

}  // namespace

std::string encode(const Hello& frame) {
  ByteWriter out = begin(FrameKind::hello);
  out.varint(frame.restore_epoch);
  out.varint(static_cast<std::uint64_t>(frame.document_issued));
  if (frame.digests.empty()) {
    out.u8(kHeadsFollow);
    write_heads(out, frame.heads);
  } else {
    out.u8(kDigestsFollow);
    for (const Hash256& digest : frame.digests) out.raw(digest);
  }
  return out.take();
}

std::string encode(const Heads& frame) {
  ByteWriter out = begin(FrameKind::heads);
  out.u8(frame.bucket);
  write_heads(out, frame.heads);
  return out.take();
}

std::string encode(const Submit& frame) {
  ByteWriter out = begin(FrameKind::submit);
  out.varint(frame.entry);
  out.raw(frame.draft.room.bytes());
  out.varint(static_cast<std::uint64_t>(frame.draft.kind));
  out.blob(frame.draft.sender.text());
  out.u64(frame.draft.device.value());
  out.raw(frame.draft.client_msg_id.bytes());
  out.varint(frame.draft.target);
  out.blob(frame.draft.content);
  write(out, frame.origin);
  return out.take();
}

std::string encode(const Submitted& frame) {
  ByteWriter out = begin(FrameKind::submitted);
  out.varint(frame.entry);
  std::visit(overloaded{[&](const Accepted& accepted) {
                          out.u8(static_cast<std::uint8_t>(Outcome::accepted));
                          out.varint(accepted.seq);
                        },
                        [&](const Retry& retry) {
                          out.u8(static_cast<std::uint8_t>(Outcome::retry));
                          out.blob(name(retry.code));
                          out.varint(retry.retry_after_ms);
                        },
                        [&](const Refused& refused) {
                          out.u8(static_cast<std::uint8_t>(Outcome::refused));
                          out.blob(name(refused.code));
                          write_words(out, refused.words);
                        }},
             frame.outcome);
  return out.take();
}

std::string encode(const Feed& frame) {
  ByteWriter out = begin(FrameKind::feed);
  out.raw(frame.room.bytes());
  out.varint(frame.first);
  out.raw(frame.prev_hash);
  write_stored(out, frame.stored);
  out.u8(frame.head ? 1 : 0);
  if (frame.head) write(out, *frame.head);
  return out.take();
}

std::string encode(const Ack& frame) {
  ByteWriter out = begin(FrameKind::ack);
  out.raw(frame.room.bytes());
  out.varint(frame.seq);
  return out.take();
}

std::string encode(const RangeRequest& frame) {
  ByteWriter out = begin(FrameKind::range);
  out.raw(frame.room.bytes());
  out.varint(frame.first);
  out.varint(frame.last);
  return out.take();
}

std::string encode(const Failure& frame) {
  ByteWriter out = begin(FrameKind::failure);
  out.varint(frame.about);
  out.raw(frame.room.bytes());
  out.blob(name(frame.code));
  out.varint(frame.retry_after_ms);
  return out.take();
}

std::string encode(const NoticeFrame& frame) {
  const core::Notice& notice = frame.notice;
  ByteWriter out = begin(FrameKind::notice);
  out.raw(notice.room.bytes());
  out.varint(notice.seq);
  out.blob(notice.user.text());
  out.u8(static_cast<std::uint8_t>(notice.membership));
  out.blob(notice.by.text());
  out.varint(static_cast<std::uint64_t>(notice.time));
  out.varint(notice.erased);
  return out.take();
}

std::string encode(const Noticed& frame) {
  ByteWriter out = begin(FrameKind::noticed);
  out.raw(frame.room.bytes());
  out.varint(frame.seq);
  out.blob(frame.user.text());
  return out.take();
}

std::string encode(const Alive& /*frame*/) { return begin(FrameKind::alive).take(); }
std::string encode(const CheckRequest& /*frame*/) { return begin(FrameKind::check).take(); }

std::string encode(const Checked& frame) {
  ByteWriter out = begin(FrameKind::checked);
  write(out, frame.steps);
  return out.take();
}

Result<Frame> decode_frame(std::string_view bytes) {
  if (bytes.size() > kMaxLinkFrameBytes) return fail(Code::too_large, "a frame is too long");
  ByteReader in(bytes);
  CHATD_TRY(const std::uint64_t kind, in.varint());
  for (const Reader& reader : kReaders) {
    if (static_cast<std::uint64_t>(reader.kind) != kind) continue;
    auto frame = reader.read(in);
    if (frame && !in.empty()) frame = refuse("something follows its last field");
    if (!frame)
      return refuse(
          fmt::format("a {} frame can't be read: {}", reader.name, frame.error().message));
    return frame;
  }
  return UnknownFrame{kind};
}

}  // namespace chatd::federation
