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
// Together as many records as a preview of the room shows.
constexpr Seq kMarkEvery = 16;
constexpr std::size_t kMaxMarks = 8;
// Ten times as many servers as can be in a room at once.
constexpr std::size_t kMaxParted = 1000;

bool has_seat(Membership membership) {
  return membership == Membership::joined || membership == Membership::invited;
}

}  // namespace

Result<Room> Room::found(const Record& create) {
  if (create.kind != RecordKind::create || create.seq != 1)
    return fail(Code::internal, "a room's first record does not create it");
  CHATD_TRY(const wire::CreateContent content, wire::decode_create(create.content));
  Room room;
  room.id_ = create.room;
  room.created_ = create.time;
  room.hub_ = create.origin;
  room.type_ = content.type;
  room.name_ = content.name;
  room.topic_ = content.topic;
  room.join_ = content.join;
  room.has_presence_ = content.presence;
  for (const UserId& user : content.members)
    room.set_member(user, Membership::joined,
                    room.is_direct() ? wire::Role::member : wire::Role::owner, create);
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
  if (record.kind == RecordKind::server) CHATD_CHECK(apply_server(record));
  if (record.kind == RecordKind::hub_move) CHATD_CHECK(apply_hub_move(record));
  note_sender(record);
  if (record.kind == RecordKind::message) {
    ++messages_;
    last_message_ = record.seq;
    if (const auto sender = members_.find(record.sender); sender != members_.end()) {
      sender->second.last_sent = record.seq;
      sender->second.last_sent_ordinal = messages_;
    }
  }
  if (record.kind == RecordKind::redact) {
    redactions_.push_back({record.seq, record.target});
    if (redactions_.size() > kMaxRemembered) {
      redactions_since_ = redactions_.front().seq;
      redactions_.pop_front();
    }
  }
  head_ = record.seq;
  last_active_ = std::max(last_active_, record.time);
  if (created_ == 0) created_ = record.time;  // two servers made the same beginning: without a time
  head_hash_ = wire::record_hash(record);
  head_term_ = record.term;
  ++records_since_snapshot;
  if (head_ % kMarkEvery == 0) {
    if (marks_.size() == kMaxMarks) marks_.erase(marks_.begin());
    marks_.push_back({head_, head_hash_});
  }
  return {};
}

Status Room::apply_member(const Record& record) {
  if (record.is_erased) return fail(Code::internal, "a membership record has lost its content");
  CHATD_TRY(const wire::MemberContent content, wire::decode_member(record.content));
  const std::string server(content.user.server());
  const bool was_there = foreign_servers_.contains(server);
  set_member(content.user, content.membership, content.role, record);
  if (foreign_servers_.contains(server)) parted_.erase(server);
  if (was_there && !foreign_servers_.contains(server)) note_parted(server, record.seq);
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

Status Room::apply_server(const Record& record) {
  CHATD_TRY(const wire::ServerContent content, wire::decode_server(record.content));
  if (!is_server_name(content.server))
    return fail(Code::internal, "a record about a server names none");
  const bool was_there = foreign_servers_.contains(content.server);
  for (const UserId& user : ousted_by(record))
    set_member(user, Membership::left, wire::Role::member, record);
  if (was_there && !foreign_servers_.contains(content.server))
    note_parted(content.server, record.seq);
  if (content.banned)
    banned_servers_.insert(content.server);
  else
    banned_servers_.erase(content.server);
  return {};
}

Status Room::apply_hub_move(const Record& record) {
  if (record.is_erased) return fail(Code::internal, "a move to another hub has lost its content");
  CHATD_TRY(const wire::HubMoveContent content, wire::decode_hub_move(record.content));
  if (is_direct() || content.term != term_ + 1 || content.to == hub_ ||
      !has_joined_from(content.to))
    return fail(Code::internal, "the room can't move to this hub");
  hub_ = content.to;
  term_ = content.term;
  // Who is at another server than the hub is counted anew.
  foreign_servers_.clear();
  foreign_ = 0;
  for (const auto& [user, state] : members_) count_foreign(user, state.membership, +1);
  if (!foreign_servers_.contains(record.origin)) note_parted(record.origin, record.seq);
  return {};
}

void Room::note_parted(const std::string& server, Seq until) {
  parted_[server] = {until, hub_};
  if (parted_.size() <= kMaxParted) return;
  parted_.erase(std::min_element(parted_.begin(), parted_.end(), [](const auto& a, const auto& b) {
    return a.second.until < b.second.until;
  }));
}

void Room::count(const UserId& user, Membership membership, int by) {
  if (has_seat(membership)) occupancy_ += static_cast<std::size_t>(by);
  count_foreign(user, membership, by);
}

void Room::count_foreign(const UserId& user, Membership membership, int by) {
  if (membership != Membership::joined || user.server() == hub_) return;
  foreign_ += by;
  const auto server = foreign_servers_.try_emplace(std::string(user.server())).first;
  server->second += by;
  if (server->second == 0) foreign_servers_.erase(server);
}

void Room::keep_member(const UserId& user, const MemberState& state) {
  const auto before = members_.find(user);
  if (before != members_.end()) count(user, before->second.membership, -1);
  count(user, state.membership, +1);
  members_[user] = state;
}

void Room::set_member(const UserId& user, Membership membership, wire::Role role,
                      const Record& record) {
  const MemberState* const before = member(user);
  MemberState state = before == nullptr ? MemberState() : *before;
  // Who is invited again has not been for two weeks.
  if (state.membership != membership || membership == Membership::invited || state.since_seq == 0) {
    state.since = record.time;
    state.since_seq = record.seq;
  }
  state.membership = membership;
  state.role = role;
  keep_member(user, state);
  if (membership != Membership::joined) read_.erase(user);
  if (membership == Membership::left || membership == Membership::none) members_.erase(user);
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

bool Room::has_joined_from(std::string_view server) const {
  if (server != hub_) return foreign_servers_.contains(server);
  return std::any_of(members_.begin(), members_.end(), [&](const auto& member) {
    return member.second.membership == Membership::joined && member.first.server() == server;
  });
}

std::vector<std::string> Room::joined_servers() const {
  std::vector<std::string> servers;
  for (const auto& [server, joined] : foreign_servers_) servers.push_back(server);
  return servers;
}

std::vector<std::string> Room::followers_at(Seq seq) const {
  std::vector<std::string> servers = joined_servers();
  for (const auto& [server, parted] : parted_)
    if (parted.until >= seq) servers.push_back(server);
  return servers;
}

std::vector<std::string> Room::parted_with(Seq seq, std::string_view hub) const {
  std::vector<std::string> servers;
  for (const auto& [server, parted] : parted_)
    if (parted.until >= seq && parted.hub == hub) servers.push_back(server);
  return servers;
}

bool Room::note_read(const UserId& user, Seq seq) {
  const auto found = members_.find(user);
  if (found == members_.end()) return false;
  if (seq <= std::max(read_by(user), found->second.last_sent)) return false;
  read_[user] = seq;
  return true;
}

void Room::note_reads_of(const Room& other) {
  for (const auto& [user, seq] : other.read_) note_read(user, seq);
}

Seq Room::read_by(const UserId& user) const {
  const auto found = read_.find(user);
  return found == read_.end() ? 0 : found->second;
}

std::optional<bool> Room::was_redacted(Seq message, Seq after) const {
  if (after < redactions_since_) return std::nullopt;
  return std::any_of(redactions_.begin(), redactions_.end(), [&](const Redaction& each) {
    return each.seq > after && each.message == message;
  });
}

Seq Room::parted_at(std::string_view server) const {
  const auto parted = parted_.find(server);
  return parted == parted_.end() ? 0 : parted->second.until;
}

std::vector<UserId> Room::seated_from(std::string_view server) const {
  std::vector<UserId> users;
  for (const auto& [user, state] : members_)
    if (user.server() == server && has_seat(state.membership)) users.push_back(user);
  return users;
}

std::vector<UserId> Room::ousted_by(const Record& record) const {
  if (record.kind != RecordKind::server) return {};
  const auto content = wire::decode_server(record.content);
  return content && content->banned ? seated_from(content->server) : std::vector<UserId>();
}

UserId Room::peer_of(const UserId& user) const {
  for (const auto& [other, state] : members_)
    if (other != user) return other;
  return user;  // a 1:1 room with oneself: notes
}

}  // namespace chatd::core
