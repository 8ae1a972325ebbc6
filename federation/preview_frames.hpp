#pragma once

#include "daemon/base/bytes.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/peer_service.hpp"
#include "federation/batch_signature.hpp"
#include "federation/head.hpp"

#include <string>

// The frames by which a server that is new to a large room gets to know it before its log is there.
// Values; any thread.
namespace chatd::federation {

// Hub to follower, which has nothing of the room: its state, what founded it, and its newest
// records one after the other, the last of them the state's. Its log is fed besides.
struct PreviewFrame {
  core::ShownPreview preview;
  BatchSignature signature;  // Purpose::state, of the hash of the state
};
// Follower to hub: beside the log, which ends before, it has the newest records up to this one; it
// wants those after it at once.
struct Ahead {
  RoomHead head;
};

[[nodiscard]] std::string encode(const PreviewFrame& frame);
[[nodiscard]] std::string encode(const Ahead& frame);

// The fields of each kind. As decode_frame.
[[nodiscard]] Result<PreviewFrame> read_preview(ByteReader& in);
[[nodiscard]] Result<Ahead> read_ahead(ByteReader& in);

}  // namespace chatd::federation
