#include "daemon/core/room.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/wire/room_content.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatd::core {
namespace {

using wire::Membership;
using wire::Record;
using wire::RecordKind;

// Devices whose newest id a room remembers: 100 members with 20 devices each, twice. The one that
// was quiet longest is forgotten first, and its first post after that costs a look into the log.
constexpr std::size_t kMaxSenders = 4000;
// An edit overtaken by a redaction waits for milliseconds; so many redactions fit in between.
constexpr std::size_t kMaxRemembered = 256;

bool has_seat(Membership membership) {
  return membership == Membership::joined || membership == Membership::invited;
}

bool is_from_people(RecordKind kind) { return static_cast<unsigned>(kind) >= 16; }

}  // namespace

Result<Room> Room::found(const Record& create) {
  if (create.kind != RecordKind::create || create.seq != 1)
    return fail(Code::internal, "a room's first record does not create it");
  CHATD_TRY(const wire::CreateContent content, wire::decode_create(create.content));
  Room room;
  room.id_ = create.room;
  room.created_ = create.time;
  room.type_ = content.type;
  room.name_ = content.name;
  room.topic_ = content.topic;
  room.join_ = content.join;
  room.has_presence_ = content.presence;
  for (const UserId& user : content.members)
    room.set_member(user, Membership::joined,
                    room.is_direct() ? wire::Role::member : wire::Role::owner);
  room.head_ = 1;
  room.head_hash_ = wire::record_hash(create);
  room.last_active_ = create.time;
  room.records_since_snapshot = 1;
  return room;
}

Status Room::apply(const Record& record) {
  if (record.seq != head_ + 1)
    return fail(Code::internal, fmt::format("record {} cannot follow {}", record.seq, head_));
  if (record.prev_hash != head_hash_)
    return fail(Code::internal, fmt::format("record {} does not follow by its hash", record.seq));
  if (record.kind == RecordKind::member) CHATD_CHECK(apply_member(record));
  if (record.kind == RecordKind::meta) CHATD_CHECK(apply_meta(record));
  if (is_from_people(record.kind)) note_sender(record);
  if (record.kind == RecordKind::message) {
    ++messages_;
    last_message_ = record.seq;
    if (const auto sender = members_.find(record.sender); sender != members_.end()) {
      sender->second.last_sent = record.seq;
      sender->second.last_sent_ordinal = messages_;
    }
  }
  if (record.kind == RecordKind::redact) {
    redacted_.insert(record.target);
    if (redacted_.size() > kMaxRemembered) redacted_.erase(redacted_.begin());
  }
  head_ = record.seq;
  last_active_ = std::max(last_active_, record.time);
  head_hash_ = wire::record_hash(record);
  ++records_since_snapshot;
  return {};
}

Status Room::apply_member(const Record& record) {
  if (record.is_erased) return fail(Code::internal, "a membership record has lost its content");
  CHATD_TRY(const wire::MemberContent content, wire::decode_member(record.content));
  set_member(content.user, content.membership, content.role);
  return {};
}

Status Room::apply_meta(const Record& record) {
  CHATD_TRY(const wire::MetaContent content, wire::decode_meta(record.content));
  if (content.name) name_ = *content.name;
  if (content.topic) topic_ = *content.topic;
  if (content.join) join_ = *content.join;
  if (content.presence) has_presence_ = *content.presence;
  return {};
}

void Room::set_member(const UserId& user, Membership membership, wire::Role role) {
  const auto before = members_.find(user);
  if (before != members_.end() && has_seat(before->second.membership)) --occupancy_;
  if (has_seat(membership)) ++occupancy_;
  if (membership == Membership::left || membership == Membership::none) {
    members_.erase(user);
    return;
  }
  MemberState& state = members_[user];
  state.membership = membership;
  state.role = role;
}

void Room::note_sender(const Record& record) {
  if (record.client_msg_id.empty()) return;
  const SenderKey key{record.sender, record.device};
  SenderState& state = senders_[key];
  if (state.first_seq == 0) state.first_seq = record.seq;
  state.last_seq = record.seq;
  if (state.newest_id < record.client_msg_id) {
    state.newest_id = record.client_msg_id;
    state.newest_id_seq = record.seq;
  }
  if (senders_.size() <= kMaxSenders) return;
  const auto quietest = std::min_element(
      senders_.begin(), senders_.end(),
      [](const auto& a, const auto& b) { return a.second.last_seq < b.second.last_seq; });
  forgotten_ = std::max(forgotten_, quietest->second.last_seq);
  senders_.erase(quietest);
}

Room::Novelty Room::novelty(const SenderKey& sender, const ClientMsgId& id) const {
  const auto known = senders_.find(sender);
  if (known == senders_.end()) {
    if (forgotten_ == 0) return {};
    return {Novelty::Kind::look, 0, 1, forgotten_};
  }
  const SenderState& state = known->second;
  if (state.newest_id < id) return {};
  if (state.newest_id == id) return {Novelty::Kind::resent, state.newest_id_seq, 0, 0};
  return {Novelty::Kind::look, 0, forgotten_ == 0 ? state.first_seq : 1, state.last_seq};
}

const MemberState* Room::member(const UserId& user) const {
  const auto found = members_.find(user);
  return found == members_.end() ? nullptr : &found->second;
}

bool Room::is_joined(const UserId& user) const {
  const MemberState* state = member(user);
  return state != nullptr && state->membership == Membership::joined;
}

std::size_t Room::owners() const {
  return static_cast<std::size_t>(
      std::count_if(members_.begin(), members_.end(), [](const auto& member) {
        return member.second.membership == Membership::joined &&
               member.second.role == wire::Role::owner;
      }));
}

UserId Room::peer_of(const UserId& user) const {
  for (const auto& [other, state] : members_)
    if (other != user) return other;
  return user;  // a 1:1 room with oneself: notes
}

}  // namespace chatd::core
