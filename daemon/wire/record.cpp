#include "daemon/wire/record.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/bytes.hpp"
#include "daemon/wire/json_text.hpp"

#include <utility>

namespace chatd::wire {
namespace {

constexpr std::uint8_t kEnvelopeVersion = 1;
constexpr std::uint8_t kStoredVersion = 1;
constexpr std::size_t kMaxIdBytes = 256;  // a user id or a server name

// Of a record without its content, but for the longest names: as JSON, and as either binary form.
constexpr std::size_t kMaxJsonBytes = 256;
constexpr std::size_t kUsualEnvelopeBytes = 224;

// Bits of the stored form's flag byte.
constexpr std::uint8_t kErased = 1;
constexpr std::uint8_t kHasMsgId = 2;
constexpr std::uint8_t kHasTarget = 4;
constexpr std::uint8_t kOtherOrigin = 8;  // origin is not the sender's server
constexpr std::uint8_t kHasDevice = 16;
constexpr std::uint8_t kHasOriginSignature = 32;
constexpr std::uint8_t kKnownFlags = 63;

Result<UserId> read_user(ByteReader& in) {
  CHATD_TRY(const std::string_view text, in.blob(kMaxIdBytes));
  if (text.empty()) return UserId();
  return UserId::parse(text);
}

Result<std::string> read_origin(ByteReader& in) {
  CHATD_TRY(const std::string_view text, in.blob(kMaxIdBytes));
  if (!text.empty() && !is_server_name(text))
    return fail(Code::internal, "a stored record's origin is not a server name");
  return std::string(text);
}

std::uint8_t flags_of(const Record& record) {
  std::uint8_t flags = 0;
  if (record.is_erased) flags |= kErased;
  if (!record.client_msg_id.empty()) flags |= kHasMsgId;
  if (record.target != 0) flags |= kHasTarget;
  if (record.origin != record.sender.server()) flags |= kOtherOrigin;
  if (record.device.value() != 0) flags |= kHasDevice;
  if (!record.origin_signature.empty()) flags |= kHasOriginSignature;
  return flags;
}

Result<Record> read_stored(std::string_view stored) {
  ByteReader in(stored);
  Record record;
  CHATD_TRY(const std::uint8_t version, in.u8());
  if (version != kStoredVersion)
    return fail(Code::internal, "a stored record has a form that this version does not know");
  CHATD_TRY(const std::uint8_t flags, in.u8());
  if ((flags & ~kKnownFlags) != 0) return fail(Code::internal, "a stored record has unknown flags");
  CHATD_TRY(record.term, in.varint());
  CHATD_TRY(const std::uint64_t kind, in.varint());
  if (kind > 0xff) return fail(Code::internal, "a stored record's kind is out of range");
  record.kind = static_cast<RecordKind>(kind);
  CHATD_TRY(record.sender, read_user(in));
  record.origin = record.sender.server();
  if ((flags & kOtherOrigin) != 0) {
    CHATD_TRY(record.origin, read_origin(in));
  }
  if ((flags & kHasDevice) != 0) {
    CHATD_TRY(const std::uint64_t device, in.u64());
    record.device = DeviceId(device);
  }
  if ((flags & kHasMsgId) != 0) {
    CHATD_TRY(const Hash128 id, in.array<16>());
    record.client_msg_id = ClientMsgId(id);
  }
  CHATD_TRY(record.time, in.time());
  CHATD_TRY(record.ordinal, in.varint());
  if ((flags & kHasTarget) != 0) {
    CHATD_TRY(record.target, in.varint());
  }
  if ((flags & kHasOriginSignature) != 0) {
    CHATD_TRY(record.origin_signature, in.raw(kOriginSignatureBytes));
  }
  record.is_erased = (flags & kErased) != 0;
  if (record.is_erased) {
    CHATD_TRY(record.content_hash, in.array<32>());
    if (!in.empty()) return fail(Code::internal, "an erased record still has content");
  } else {
    record.content = in.rest();
    record.content_hash = blake2b_256(record.content);
  }
  if (flags_of(record) != flags)
    return fail(Code::internal, "a stored record's flags announce what is not there");
  return record;
}

}  // namespace

std::string_view name(RecordKind kind) {
  switch (kind) {
    case RecordKind::create:
      return "create";
    case RecordKind::member:
      return "member";
    case RecordKind::meta:
      return "meta";
    case RecordKind::message:
      return "message";
    case RecordKind::edit:
      return "edit";
    case RecordKind::redact:
      return "redact";
    case RecordKind::reaction:
      return "reaction";
  }
  return "unknown";
}

std::string encode_envelope(const Record& record) {
  ByteWriter out(kUsualEnvelopeBytes);
  out.u8(kEnvelopeVersion);
  out.raw(record.room.bytes());
  out.varint(record.term);
  out.varint(record.seq);
  out.raw(record.prev_hash);
  out.varint(static_cast<std::uint64_t>(record.kind));
  out.blob(record.sender.text());
  out.blob(record.origin);
  out.u64(record.device.value());
  out.raw(record.client_msg_id.bytes());
  out.varint(static_cast<std::uint64_t>(record.time));
  out.varint(record.target);
  out.raw(record.content_hash);
  return out.take();
}

Hash256 record_hash(const Record& record) { return blake2b_256(encode_envelope(record)); }

RoomId room_id_of(const Record& create) {
  Record founding = create;
  founding.room = RoomId();
  return RoomId(record_hash(founding));
}

std::string encode_stored(const Record& record) {
  CHATD_ASSERT(record.origin_signature.empty() ||
               record.origin_signature.size() == kOriginSignatureBytes);
  const std::uint8_t flags = flags_of(record);
  ByteWriter out(kUsualEnvelopeBytes + record.content.size());
  out.u8(kStoredVersion);
  out.u8(flags);
  out.varint(record.term);
  out.varint(static_cast<std::uint64_t>(record.kind));
  out.blob(record.sender.text());
  if ((flags & kOtherOrigin) != 0) out.blob(record.origin);
  if ((flags & kHasDevice) != 0) out.u64(record.device.value());
  if ((flags & kHasMsgId) != 0) out.raw(record.client_msg_id.bytes());
  out.varint(static_cast<std::uint64_t>(record.time));
  out.varint(record.ordinal);
  if ((flags & kHasTarget) != 0) out.varint(record.target);
  out.raw(record.origin_signature);
  if ((flags & kErased) != 0) {
    out.raw(record.content_hash);
  } else {
    out.raw(record.content);
  }
  return out.take();
}

Result<Record> decode_stored(const RoomId& room, Seq seq, std::string_view stored) {
  auto record = read_stored(stored);
  // Whatever it is, the one who asks for the record is not to blame.
  if (!record) return fail(Code::internal, std::move(record).error().message);
  record->room = room;
  record->seq = seq;
  return record;
}

Record erase_content(Record record) {
  record.content.clear();
  record.is_erased = true;
  return record;
}

void append_json(std::string& out, const Record& record) {
  out.reserve(out.size() + record.content.size() + kMaxJsonBytes);
  out += "{\"seq\":";
  append_number(out, record.seq);
  out += ",\"kind\":\"";
  out += name(record.kind);
  out += '"';
  if (!record.sender.empty()) out.append(",\"sender\":\"").append(record.sender.text()) += '"';
  if (record.device.value() != 0) out.append(",\"device\":\"").append(record.device.text()) += '"';
  if (!record.client_msg_id.empty())
    out.append(",\"client_msg_id\":\"").append(record.client_msg_id.text()) += '"';
  out += ",\"time\":";
  append_number(out, static_cast<std::uint64_t>(record.time));
  if (record.target != 0) {
    out += ",\"target\":";
    append_number(out, record.target);
  }
  if (record.is_erased) {
    out += ",\"erased\":true";
  } else if (!record.content.empty()) {
    out.append(",\"content\":").append(record.content);
  }
  out += '}';
}

}  // namespace chatd::wire
