#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/hash.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace chatd::wire {

// What a record does to its room. Kinds unknown to this version are kept and passed on untouched.
enum class RecordKind : std::uint8_t {
  create = 1,    // the room itself: type, name, founder
  member = 2,    // one user's membership or role
  meta = 3,      // name, topic, join rule, presence
  hub_move = 4,  // another server numbers the records from now on; 5 is kept for one that claims it
  server = 6,    // whether the users of a server are kept out
  message = 16,  // what people say
  edit = 17,     // replaces the content of `target`
  redact = 18,   // erases the content of `target`
  reaction = 19  // a reaction to `target`, set or taken back
};

// "message" and so on; "unknown" for kinds this version does not know.
[[nodiscard]] std::string_view name(RecordKind kind);

// The id of a key, an Ed25519 signature by it, and the way to what was signed with up to 15 others.
inline constexpr std::size_t kMaxOriginSignatureBytes = 32 + 64 + 2 + 4 * 32;

// One entry of a room's log: a deterministic envelope and the content's exact bytes. RECORD.md
// describes both binary forms and gives test vectors.
struct Record {
  RoomId room;  // zero in the create record while its id is computed
  Term term = 1;
  Seq seq = 0;
  Hash256 prev_hash{};  // hash of the record before; zero for seq 1; not kept on disk (derived)
  RecordKind kind = RecordKind::message;
  UserId sender;              // empty: the server itself
  std::string origin;         // the server that took it from its sender
  DeviceId device;            // zero: the server itself
  ClientMsgId client_msg_id;  // zero: none
  TimeMs time = 0;            // the hub's clock
  Seq target = 0;             // the record that an edit, redaction or reaction is about
  Hash256 content_hash{};
  std::string content;  // UTF-8 JSON or ciphertext; empty once erased
  bool is_erased = false;
  // How many of the room's records up to here are messages: unread counts are differences of it.
  // Derived like prev_hash and no part of the envelope, but kept in the stored form.
  std::uint64_t ordinal = 0;
  // What the origin signed (federation/PROTOCOL.md), where it is not the hub: no part of the
  // envelope, but kept in the stored form and passed on with it. Empty: none; at most
  // kMaxOriginSignatureBytes.
  std::string origin_signature;
};

// The canonical envelope: equal records have equal bytes. This is what is hashed and signed.
[[nodiscard]] std::string encode_envelope(const Record& record);
// BLAKE2b-256 of the canonical envelope: the next record's prev_hash.
[[nodiscard]] Hash256 record_hash(const Record& record);
// The id of the room that this create record founds: its hash with a zero room id.
[[nodiscard]] RoomId room_id_of(const Record& create);

// The form on disk, compact: without room and seq (they are the key), prev_hash (derived) and,
// until erased, content_hash (derived).
[[nodiscard]] std::string encode_stored(const Record& record);
// The record without prev_hash. Total: any bytes give a record or an error, `internal` always; what
// it takes, encode_stored gives back byte for byte.
[[nodiscard]] Result<Record> decode_stored(const RoomId& room, Seq seq, std::string_view stored);
// The stored form of the same record with its content gone for good.
[[nodiscard]] Record erase_content(Record record);

// Appends the record as clients see it: {"seq":5,"kind":"message",...,"content":{...}}; the content
// is spliced in as it came.
void append_json(std::string& out, const Record& record);
// The same of a stored form, which costs a fraction of decoding it. Total, as decode_stored is.
[[nodiscard]] Status append_json(std::string& out, Seq seq, std::string_view stored);

}  // namespace chatd::wire
