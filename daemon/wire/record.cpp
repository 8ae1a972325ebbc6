#include "daemon/wire/record.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/bytes.hpp"
#include "daemon/wire/json_text.hpp"

#include <cstring>
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

// A stored record as it stands in its bytes, which it refers to; names are not checked yet.
struct StoredView {
  Term term = 0;
  RecordKind kind = RecordKind::message;
  std::string_view sender;
  std::string_view origin;
  DeviceId device;
  ClientMsgId client_msg_id;
  TimeMs time = 0;
  std::uint64_t ordinal = 0;
  Seq target = 0;
  std::string_view origin_signature;
  bool is_erased = false;
  std::string_view content;  // of an erased one its hash
};

std::string_view server_of(std::string_view user) {
  return user.empty() ? user : user.substr(user.find('@') + 1);
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

tl::unexpected<Error> announces_nothing() {
  return fail(Code::internal, "a stored record's flags announce what is not there");
}

// What the flags say is there.
Status read_optional(ByteReader& in, std::uint8_t flags, StoredView& view) {
  if ((flags & kOtherOrigin) != 0) {
    CHATD_TRY(view.origin, in.blob(kMaxIdBytes));
    if (view.origin == server_of(view.sender)) return announces_nothing();
  }
  if ((flags & kHasDevice) != 0) {
    CHATD_TRY(const std::uint64_t device, in.u64());
    view.device = DeviceId(device);
    if (device == 0) return announces_nothing();
  }
  if ((flags & kHasMsgId) != 0) {
    CHATD_TRY(const Hash128 id, in.array<16>());
    view.client_msg_id = ClientMsgId(id);
    if (view.client_msg_id.empty()) return announces_nothing();
  }
  CHATD_TRY(view.time, in.time());
  CHATD_TRY(view.ordinal, in.varint());
  if ((flags & kHasTarget) != 0) {
    CHATD_TRY(view.target, in.varint());
    if (view.target == 0) return announces_nothing();
  }
  if ((flags & kHasOriginSignature) != 0) {
    CHATD_TRY(view.origin_signature, in.blob(kMaxOriginSignatureBytes));
    if (view.origin_signature.empty()) return announces_nothing();
  }
  return {};
}

Result<StoredView> view_stored(std::string_view stored) {
  ByteReader in(stored);
  StoredView view;
  CHATD_TRY(const std::uint8_t version, in.u8());
  if (version != kStoredVersion)
    return fail(Code::internal, "a stored record has a form that this version does not know");
  CHATD_TRY(const std::uint8_t flags, in.u8());
  if ((flags & ~kKnownFlags) != 0) return fail(Code::internal, "a stored record has unknown flags");
  CHATD_TRY(view.term, in.varint());
  CHATD_TRY(const std::uint64_t kind, in.varint());
  if (kind > 0xff) return fail(Code::internal, "a stored record's kind is out of range");
  view.kind = static_cast<RecordKind>(kind);
  CHATD_TRY(view.sender, in.blob(kMaxIdBytes));
  view.origin = server_of(view.sender);
  CHATD_CHECK(read_optional(in, flags, view));
  view.is_erased = (flags & kErased) != 0;
  view.content = in.rest();
  if (view.is_erased && view.content.size() > sizeof(Hash256))
    return fail(Code::internal, "an erased record still has content");
  if (view.is_erased && view.content.size() < sizeof(Hash256))
    return fail(Code::internal, "an erased record has no hash of what it was");
  return view;
}

Result<Record> read_stored(std::string_view stored) {
  CHATD_TRY(const StoredView view, view_stored(stored));
  Record record;
  record.term = view.term;
  record.kind = view.kind;
  if (!view.sender.empty()) {
    CHATD_TRY(record.sender, UserId::parse(view.sender));
  }
  if (!view.origin.empty() && !is_server_name(view.origin))
    return fail(Code::internal, "a stored record's origin is not a server name");
  record.origin = view.origin;
  record.device = view.device;
  record.client_msg_id = view.client_msg_id;
  record.time = view.time;
  record.ordinal = view.ordinal;
  record.target = view.target;
  record.origin_signature = view.origin_signature;
  record.is_erased = view.is_erased;
  if (record.is_erased) {
    std::memcpy(record.content_hash.data(), view.content.data(), record.content_hash.size());
  } else {
    record.content = view.content;
    record.content_hash = blake2b_256(record.content);
  }
  return record;
}

// What clients see of a record.
struct Shown {
  Seq seq;
  RecordKind kind;
  std::string_view sender;
  DeviceId device;
  ClientMsgId client_msg_id;
  TimeMs time;
  Seq target;
  bool is_erased;
  std::string_view content;
};

void append_shown(std::string& out, const Shown& record) {
  out.reserve(out.size() + record.content.size() + kMaxJsonBytes);
  out += "{\"seq\":";
  append_number(out, record.seq);
  out += ",\"kind\":\"";
  out += name(record.kind);
  out += '"';
  if (!record.sender.empty()) out.append(",\"sender\":\"").append(record.sender) += '"';
  if (record.device.value() != 0) {
    out += ",\"device\":\"";
    record.device.append_to(out);
    out += '"';
  }
  if (!record.client_msg_id.empty()) {
    out += ",\"client_msg_id\":\"";
    record.client_msg_id.append_to(out);
    out += '"';
  }
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

}  // namespace

std::string_view name(RecordKind kind) {
  switch (kind) {
    case RecordKind::create:
      return "create";
    case RecordKind::member:
      return "member";
    case RecordKind::meta:
      return "meta";
    case RecordKind::hub_move:
      return "hub_move";
    case RecordKind::server:
      return "server";
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
  CHATD_ASSERT(record.origin_signature.size() <= kMaxOriginSignatureBytes);
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
  if ((flags & kHasOriginSignature) != 0) out.blob(record.origin_signature);
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
  append_shown(out,
               {record.seq, record.kind, record.sender.text(), record.device, record.client_msg_id,
                record.time, record.target, record.is_erased, record.content});
}

Status append_json(std::string& out, Seq seq, std::string_view stored) {
  const auto view = view_stored(stored);
  if (!view) return fail(Code::internal, view.error().message);
  if (!view->sender.empty() && !is_user_id(view->sender))
    return fail(Code::internal, "a stored record's sender is not a user id");
  append_shown(out, {seq, view->kind, view->sender, view->device, view->client_msg_id, view->time,
                     view->target, view->is_erased, view->content});
  return {};
}

}  // namespace chatd::wire
