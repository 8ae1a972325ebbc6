#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/core/peer_service.hpp"
#include "federation/batch_signature.hpp"
#include "federation/check_steps.hpp"
#include "federation/frame_fields.hpp"
#include "federation/handover_frames.hpp"
#include "federation/head.hpp"
#include "federation/passing_frames.hpp"
#include "federation/preview_frames.hpp"
#include "federation/recovery_frames.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What two servers say to each other once the handshake is over: one frame is one binary message of
// the WebSocket (PROTOCOL.md). The version that the handshake agreed on says how each is read.
// Values; any thread.
namespace chatd::federation {

// The first frame of each side: how far it has the rooms that both share. Either all heads,
// or, of more than kMaxHelloHeads, the digests of all buckets.
struct Hello {
  std::uint64_t restore_epoch = 0;  // grows each time the server was restored from a backup
  TimeMs document_issued = 0;       // whoever has an older document of it fetches it again
  std::vector<RoomHead> heads;      // ascending
  std::vector<Hash256> digests;     // kBuckets, or none
};

// All heads of one bucket whose digests differed.
struct Heads {
  std::uint8_t bucket = 0;
  std::vector<RoomHead> heads;  // ascending
};

// Follower to hub: please append this, of any kind; a create founds a 1:1 room, which both sides
// make alike. It stays in the origin's outbox until it is answered with a number or a final
// refusal; handed in again it gets the same number.
struct Submit {
  std::uint64_t entry = 0;  // its number in the outbox, for the answer
  core::Draft draft;
  BatchSignature origin;  // Purpose::record, of origin_form
};

struct Accepted {
  Seq seq = 0;
};
struct Retry {  // nothing happened; try again, not sooner than told
  Code code = Code::unavailable;
  std::uint32_t retry_after_ms = 0;  // 0: no advice
};
struct Refused {  // for good
  Code code = Code::denied;
  std::string words;  // one line of text for its sender; may be empty
};
struct Submitted {
  std::uint64_t entry = 0;
  std::variant<Accepted, Retry, Refused> outcome;
};

// Hub to follower: records one after the other, as they are stored. Where the last is the newest
// there is, the hub signs the head that it makes; with prev_hash that can be computed without
// having what comes before.
struct Feed {
  RoomId room;
  Seq first = 0;                       // of the first record, at least 1
  Hash256 prev_hash{};                 // of the record before the first
  std::vector<std::string> stored;     // wire::encode_stored
  std::optional<BatchSignature> head;  // Purpose::head
};

// Follower to hub: all up to here is durable.
struct Ack {
  RoomId room;
  Seq seq = 0;
};

// Either way: please send these records, both ends included. A hub answers with feeds, as many as
// it wants to send, a follower with one frame of what it gives back.
struct RangeRequest {
  RoomId room;
  Seq first = 0;
  Seq last = 0;
};

// Why a frame had no effect; a submit has its own answer.
struct Failure {
  std::uint64_t about = 0;  // the kind of that frame
  RoomId room;              // zero: it was about no room
  Code code = Code::internal;
  std::uint32_t retry_after_ms = 0;
};

// Hub to the server of an invited user: its user's membership in a room that it does not follow.
// Sent until it is answered. Without the room's name or what is said there: a stranger chose those.
// Or to a server that has left: a message that it has is erased.
struct NoticeFrame {
  core::Notice notice;
};
struct Noticed {
  RoomId room;
  Seq seq = 0;
  UserId user;
};

// Either way: there is nothing to say, and the link is there.
struct Alive {};

// Either way, for an admin: please look whether you could reach me, as if there was no link.
struct CheckRequest {};
// What came of it. Or a Failure: not so often.
struct Checked {
  std::vector<CheckStep> steps;
};

// A kind from the future: to be skipped.
struct UnknownFrame {
  std::uint64_t kind = 0;
};

using Frame = std::variant<Hello, Heads, Submit, Submitted, Feed, Ack, RangeRequest, Failure,
                           NoticeFrame, Noticed, Alive, CheckRequest, Checked, PreviewFrame, Ahead,
                           Proof, Recalled, Handover, Moved, core::Passing, UnknownFrame>;

// The caller keeps to the limits: what is over them the other side refuses.
[[nodiscard]] std::string encode(const Hello& frame);
[[nodiscard]] std::string encode(const Heads& frame);
[[nodiscard]] std::string encode(const Submit& frame);
[[nodiscard]] std::string encode(const Submitted& frame);
[[nodiscard]] std::string encode(const Feed& frame);
[[nodiscard]] std::string encode(const Ack& frame);
[[nodiscard]] std::string encode(const RangeRequest& frame);
[[nodiscard]] std::string encode(const Failure& frame);
[[nodiscard]] std::string encode(const NoticeFrame& frame);
[[nodiscard]] std::string encode(const Noticed& frame);
[[nodiscard]] std::string encode(const Alive& frame);
[[nodiscard]] std::string encode(const CheckRequest& frame);
[[nodiscard]] std::string encode(const Checked& frame);

// Total. Of a known kind it takes only what encode gives back byte for byte. Says nothing about
// signatures, nor about whether the stored records can be read.
[[nodiscard]] Result<Frame> decode_frame(std::string_view bytes);

}  // namespace chatd::federation
