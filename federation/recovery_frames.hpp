#pragma once

#include "federation/batch_signature.hpp"
#include "federation/head.hpp"
#include "federation/signing_key.hpp"

#include <string>
#include <vector>

// What a follower gives back to a hub that has less of a room than it has told (recovery.hpp).
// Values; any thread.
namespace chatd::federation {

// Follower to hub: so far had you told me your log. Sent by itself, to whose head is lower.
struct Proof {
  RoomHead head;
  BatchSignature by_hub;  // Purpose::head
  SigningKey key;         // that made it: the hub may have lost that too
};

// Follower to hub, for a range: records as they are stored, one after the other, at most up to the
// proven one.
struct Recalled {
  RoomId room;
  Seq first = 0;
  std::vector<std::string> stored;  // wire::encode_stored
};

[[nodiscard]] std::string encode(const Proof& frame);
[[nodiscard]] std::string encode(const Recalled& frame);

// The fields, without the kind.
[[nodiscard]] Result<Proof> read_proof(ByteReader& in);
[[nodiscard]] Result<Recalled> read_recalled(ByteReader& in);

}  // namespace chatd::federation
