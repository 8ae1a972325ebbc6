#include "daemon/base/bytes.hpp"
#include "daemon/core/room.hpp"

// The binary forms of a room: the state that servers agree on, and the snapshot, which has besides
// what only the hub needs. The snapshot is a cache of what the log says: when its version is not
// ours, it is thrown away and built again from record 1.
namespace chatd::core {
namespace {

constexpr std::uint8_t kVersion = 6;
constexpr std::size_t kMaxText = 16 * 1024;
constexpr std::size_t kMaxIdBytes = 256;

tl::unexpected<Error> broken() { return fail(Code::internal, "a room's state can't be read"); }

template <class E>
Result<E> read_enum(ByteReader& in, E last) {
  CHATD_TRY(const std::uint8_t value, in.u8());
  if (value > static_cast<std::uint8_t>(last)) return broken();
  return static_cast<E>(value);
}

Result<UserId> read_user(ByteReader& in) {
  CHATD_TRY(const std::string_view text, in.blob(kMaxIdBytes));
  return UserId::parse(text);
}

void write_member(ByteWriter& out, const UserId& user, const MemberState& state) {
  out.blob(user.text());
  out.u8(static_cast<std::uint8_t>(state.membership));
  out.u8(static_cast<std::uint8_t>(state.role));
  out.varint(static_cast<std::uint64_t>(state.since));
  out.varint(state.since_seq);
  out.varint(state.last_sent);
  out.varint(state.last_sent_ordinal);
}

Result<MemberState> read_member(ByteReader& in) {
  MemberState state;
  CHATD_TRY(state.membership, read_enum(in, wire::Membership::banned));
  CHATD_TRY(state.role, read_enum(in, wire::Role::owner));
  CHATD_TRY(state.since, in.time());
  CHATD_TRY(state.since_seq, in.varint());
  CHATD_TRY(state.last_sent, in.varint());
  CHATD_TRY(state.last_sent_ordinal, in.varint());
  return state;
}

void write_sender(ByteWriter& out, const SenderKey& key, const SenderState& state) {
  out.blob(key.user.text());
  out.u64(key.device.value());
  out.raw(state.newest_id.bytes());
  out.varint(state.newest_id_seq);
  out.varint(state.first_seq);
  out.varint(state.last_seq);
}

Result<SenderState> read_sender(ByteReader& in) {
  SenderState state;
  CHATD_TRY(const std::string_view id, in.raw(16));
  CHATD_TRY(state.newest_id, ClientMsgId::from_bytes(id));
  CHATD_TRY(state.newest_id_seq, in.varint());
  CHATD_TRY(state.first_seq, in.varint());
  CHATD_TRY(state.last_seq, in.varint());
  return state;
}

}  // namespace

void Room::write_state(ByteWriter& out) const {
  out.raw(id_.bytes());
  out.varint(head_term_);
  out.varint(head_);
  out.raw(head_hash_);
  out.varint(messages_);
  out.varint(last_message_);
  out.varint(static_cast<std::uint64_t>(last_active_));
  out.varint(static_cast<std::uint64_t>(created_));
  out.u8(static_cast<std::uint8_t>(type_));
  out.u8(static_cast<std::uint8_t>(join_));
  out.u8(has_presence_ ? 1 : 0);
  out.blob(hub_);
  out.varint(term_);
  out.blob(name_);
  out.blob(topic_);
  out.varint(members_.size());
  for (const auto& [user, state] : members_) write_member(out, user, state);
  out.varint(banned_servers_.size());
  for (const std::string& server : banned_servers_) out.blob(server);
}

Status Room::read_state(ByteReader& in) {
  CHATD_TRY(const Hash256 id, in.array<32>());
  id_ = RoomId(id);
  CHATD_TRY(head_term_, in.varint());
  CHATD_TRY(head_, in.varint());
  redactions_since_ = head_;
  CHATD_TRY(head_hash_, in.array<32>());
  CHATD_TRY(messages_, in.varint());
  CHATD_TRY(last_message_, in.varint());
  CHATD_TRY(last_active_, in.time());
  CHATD_TRY(created_, in.time());
  CHATD_TRY(type_, read_enum(in, wire::RoomType::group));
  CHATD_TRY(join_, read_enum(in, wire::JoinRule::open));
  CHATD_TRY(const std::uint8_t has_presence, in.u8());
  has_presence_ = has_presence != 0;
  CHATD_TRY(hub_, in.blob(kMaxIdBytes));
  CHATD_TRY(term_, in.varint());
  if (head_term_ == 0 || term_ < head_term_ || term_ - head_term_ > 1) return broken();
  CHATD_TRY(name_, in.blob(kMaxText));
  CHATD_TRY(topic_, in.blob(kMaxText));
  CHATD_TRY(const std::uint64_t members, in.varint());
  for (std::uint64_t i = 0; i < members; ++i) {
    CHATD_TRY(const UserId user, read_user(in));
    CHATD_TRY(const MemberState state, read_member(in));
    keep_member(user, state);
  }
  CHATD_TRY(const std::uint64_t banned, in.varint());
  for (std::uint64_t i = 0; i < banned; ++i) {
    CHATD_TRY(const std::string_view server, in.blob(kMaxIdBytes));
    banned_servers_.emplace(server);
  }
  return {};
}

void Room::write_rest(ByteWriter& out) const {
  out.varint(forgotten_);
  out.varint(senders_.size());
  for (const auto& [key, state] : senders_) write_sender(out, key, state);
  out.varint(marks_.size());
  for (const Mark& mark : marks_) {
    out.varint(mark.seq);
    out.raw(mark.hash);
  }
  out.varint(parted_.size());
  for (const auto& [server, parted] : parted_) {
    out.blob(server);
    out.varint(parted.until);
    out.blob(parted.hub);
  }
}

Status Room::read_rest(ByteReader& in) {
  CHATD_TRY(forgotten_, in.varint());
  CHATD_TRY(const std::uint64_t senders, in.varint());
  for (std::uint64_t i = 0; i < senders; ++i) {
    SenderKey key;
    CHATD_TRY(key.user, read_user(in));
    CHATD_TRY(const std::uint64_t device, in.u64());
    key.device = DeviceId(device);
    CHATD_TRY(const SenderState state, read_sender(in));
    senders_.emplace(std::move(key), state);
  }
  CHATD_TRY(const std::uint64_t marks, in.varint());
  for (std::uint64_t i = 0; i < marks; ++i) {
    Mark mark;
    CHATD_TRY(mark.seq, in.varint());
    CHATD_TRY(mark.hash, in.array<32>());
    marks_.push_back(mark);
  }
  CHATD_TRY(const std::uint64_t servers, in.varint());
  for (std::uint64_t i = 0; i < servers; ++i) {
    CHATD_TRY(const std::string_view server, in.blob(kMaxIdBytes));
    Parted& parted = parted_[std::string(server)];
    CHATD_TRY(parted.until, in.varint());
    CHATD_TRY(parted.hub, in.blob(kMaxIdBytes));
  }
  if (!in.empty()) return broken();
  return {};
}

std::string Room::encode() const {
  ByteWriter out;
  out.u8(kVersion);
  write_state(out);
  write_rest(out);
  return out.take();
}

Result<Room> Room::decode(const RoomId& id, std::string_view snapshot) {
  ByteReader in(snapshot);
  Room room;
  CHATD_TRY(const std::uint8_t version, in.u8());
  if (version != kVersion) return broken();
  CHATD_CHECK(room.read_state(in));
  if (room.id_ != id) return broken();
  CHATD_CHECK(room.read_rest(in));
  return room;
}

std::string Room::state() const {
  ByteWriter out;
  write_state(out);
  return out.take();
}

Result<Room> Room::from_state(std::string_view state) {
  ByteReader in(state);
  Room room;
  CHATD_CHECK(room.read_state(in));
  if (room.state() != state) return broken();
  return room;
}

}  // namespace chatd::core
