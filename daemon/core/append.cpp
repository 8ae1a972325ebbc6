#include "daemon/base/assert.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/membership.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/preview_rows.hpp"
#include "daemon/core/shares.hpp"
#include "daemon/wire/room_content.hpp"

#include <algorithm>
#include <optional>
#include <utility>

// How a record gets its number, and what is written with it.
namespace chatd::core {
namespace {

constexpr std::uint32_t kAgainMs = 1000;

// What a change of membership means for other servers: which of them follow the room, and whom the
// record does not reach although it is about their user. Of what takes no invitation back they need
// not hear.
void write_shares(Context& core, const Room& room, const wire::Record& record, const UserId& user,
                  wire::Membership membership, bool had_seat) {
  if (user.server() == room.hub()) return;
  const std::string server(user.server());
  if (room.hub() != core.settings.server_name) {
    // One row says that the hub is to be listened to.
    if (server != core.settings.server_name) return;
    const std::string key = keys::share(room.hub(), room.id());
    if (room.has_joined_from(server)) {
      core.committer.add(Put{key, encode_share({room.hub(), 0})});
    } else {
      core.committer.add(Delete{key});
      core.committer.add(Delete{keys::proof(room.id())});
    }
    return;
  }
  const Notice notice{room.id(), record.seq, user, membership, record.sender, record.time};
  if (room.has_joined_from(server)) {
    core.committer.add(Put{keys::share(server, room.id()), encode_share({server, 0})});
  } else if (room.parted_at(server) == record.seq) {
    core.committer.add(Put{keys::share(server, room.id()), encode_share({server, record.seq})});
  } else if (record.sender != user) {
    if (had_seat || membership == wire::Membership::invited) core.waiting_notices.put(notice);
    return;
  }
  core.waiting_notices.erase(notice);
}

// The same of a change of the hub.
void move_shares(Context& core, const Room& room, const wire::Record& record) {
  const std::string& own = core.settings.server_name;
  const std::string& before = record.origin;
  const auto share = [&](const std::string& server, Seq until) {
    core.committer.add(Put{keys::share(server, room.id()), encode_share({server, until})});
  };
  if (before == own) {  // all others get this from here, and no more
    share(room.hub(), record.seq);
    for (const std::string& server : room.followers_at(record.seq))
      if (server != own) share(server, record.seq);
    for (const auto& [user, state] : room.members())  // the new hub tells them
      if (state.membership == wire::Membership::invited)
        core.waiting_notices.erase({room.id(), state.since_seq, user, state.membership, {}, 0});
    return;
  }
  core.committer.add(Delete{keys::share(before, room.id())});
  if (room.hub() == own) {
    for (const std::string& server : room.followers_at(record.seq)) share(server, 0);
  } else if (room.has_joined_from(own)) {
    share(room.hub(), 0);
  }
}

// Servers that have left keep what they had of the room. What is erased of that, they are told by
// the one that they take to be its hub.
void note_erasure(Context& core, const Room& log, const wire::Record& record) {
  if (record.kind != wire::RecordKind::redact) return;
  Notice notice;
  notice.room = record.room;
  notice.seq = record.seq;
  notice.membership = wire::Membership::none;
  notice.time = record.time;
  notice.erased = record.target;
  for (std::string& server : log.parted_with(record.target, core.settings.server_name)) {
    notice.server = std::move(server);
    core.waiting_notices.put(notice);
  }
}

// Of a 1:1 room that someone of another server opened nobody here is shown a word before the one
// whom it is for has accepted it: plugins neither.
bool may_be_request(const Room& room) { return room.is_direct() && room.spans_servers(); }

bool is_fed(Context& core, const Room& room) {
  if (!may_be_request(room)) return true;
  const auto& members = room.members();
  return std::any_of(members.begin(), members.end(), [&](const auto& member) {
    const User* const user = is_ours(core, member.first) ? core.users.find(member.first) : nullptr;
    const RoomEntry* const entry = user == nullptr ? nullptr : user->room(room.id());
    return entry != nullptr && entry->membership == wire::Membership::joined;
  });
}

// The record that `log` has just taken.
void write_record(Context& core, Room& log, wire::Record&& record, SessionId from) {
  note_edit(core, record);
  note_erasure(core, log, record);
  log.last_ticket = core.committer.append(std::move(record), from, is_fed(core, log));
  if (!needs_snapshot(log)) return;
  core.committer.add(Put{keys::room_snapshot(log.id()), log.encode()});
  log.records_since_snapshot = 0;
}

}  // namespace

void note_edit(Context& core, const wire::Record& record) {
  if (record.kind == wire::RecordKind::edit)
    core.committer.add(Put{keys::edit(record.room, record.target, record.seq), {}});
}

Ticket show_room(Context& core, User& user, const RoomId& room) {
  const RoomEntry* const before = user.room(room);
  const bool is_news = before == nullptr || before->membership != wire::Membership::joined;
  RoomEntry& entry = user.rooms[room];
  entry.room = room;
  entry.membership = wire::Membership::joined;
  entry.invited_by = {};
  std::vector<Write> writes;
  user.write_room(entry, writes);
  for (Write& write : writes) user.last_ticket = core.committer.add(std::move(write));
  const Room* const here = core.rooms.find(room);
  if (is_news && here != nullptr && may_be_request(*here))
    core.committer.feed({room, 1, here->head()});
  return user.last_ticket;
}

void introduce(Context& core, User& user, const RoomId& room, const UserId& sender) {
  if (is_ours(core, sender) || user.is_contact(sender)) {
    show_room(core, user, room);
    return;
  }
  if (user.live_rooms() >= core.settings.max_rooms) return;
  RoomEntry& entry = user.rooms[room];
  entry.room = room;
  entry.membership = wire::Membership::invited;
  entry.invited_by = sender;
  entry.since = core.clock.wall_ms();
  std::vector<Write> writes;
  user.write_room(entry, writes);
  for (Write& write : writes) user.last_ticket = core.committer.add(std::move(write));
}

Status accepting(const Context& core, const Room& room) {
  CHATD_CHECK(core.committer.accepting());
  const bool is_usual = core.standing_still.empty() && core.recovery.admits_all();
  if (is_usual || is_elsewhere(core, room)) return {};
  if (core.standing_still.contains(room.id()))
    return fail(Code::unavailable, "the room is being handed to another server", kAgainMs);
  return core.recovery.admits(room, core.clock.now());
}

Ticket number(Context& core, Room& room, Draft draft, SessionId from) {
  wire::Record record;
  record.room = room.id();
  record.term = room.term();
  record.seq = room.head() + 1;
  record.prev_hash = room.head_hash();
  record.kind = draft.kind;
  record.sender = std::move(draft.sender);
  record.origin = draft.origin.empty() ? core.settings.server_name : std::move(draft.origin);
  record.origin_signature = std::move(draft.origin_signature);
  record.device = draft.device;
  record.client_msg_id = draft.client_msg_id;
  // The log's time never runs backwards, whatever the clock does.
  record.time = std::max(core.clock.wall_ms(), room.last_active());
  record.target = draft.target;
  record.content = std::move(draft.content);
  record.content_hash = blake2b_256(record.content);
  record.ordinal = room.messages() + (record.kind == wire::RecordKind::message ? 1 : 0);
  const Status applied = append(core, room, std::move(record), from);
  CHATD_ASSERT(applied.has_value());
  return room.last_ticket;
}

Status append(Context& core, Room& room, wire::Record&& record, SessionId from) {
  const std::vector<UserId> ousted = room.ousted_by(record);
  std::optional<wire::MemberContent> change;
  if (record.kind == wire::RecordKind::member)
    if (auto content = wire::decode_member(record.content)) change = *std::move(content);
  const bool had_seat = change && membership::has_seat(room, change->user);
  CHATD_CHECK(room.apply(record));
  if (change) write_shares(core, room, record, change->user, change->membership, had_seat);
  for (const UserId& user : ousted)
    write_shares(core, room, record, user, wire::Membership::left, true);
  if (record.kind == wire::RecordKind::hub_move) move_shares(core, room, record);
  if (room.preview) {
    room.last_ticket = keep_ahead(core, room, std::move(record), from);
    return {};
  }
  write_record(core, room, std::move(record), from);
  return {};
}

Status append_behind(Context& core, Room& log, wire::Record record) {
  CHATD_CHECK(log.apply(record));
  write_record(core, log, std::move(record), {});
  return {};
}

Result<Founded> found_room(Context& core, const Caller& founder, std::string content) {
  wire::Record record;
  record.seq = 1;
  record.kind = wire::RecordKind::create;
  record.sender = founder.user;
  record.origin = core.settings.server_name;
  record.device = founder.device;
  record.time = core.clock.wall_ms();
  record.content = std::move(content);
  record.content_hash = blake2b_256(record.content);
  record.room = wire::room_id_of(record);
  return found_room(core, std::move(record), founder.session);
}

Result<Founded> found_room(Context& core, wire::Record create, SessionId from) {
  CHATD_TRY(Room room, Room::found(create));
  const RoomId id = create.room;
  Room& kept = core.rooms.put(id, std::make_unique<Room>(std::move(room)));
  kept.last_ticket = core.committer.append(std::move(create), from, is_fed(core, kept));
  // A follower shares it with the hub alone.
  const auto others = is_elsewhere(core, kept) ? std::vector{kept.hub()} : kept.followers_at(1);
  for (const std::string& server : others)
    core.committer.add(Put{keys::share(server, id), encode_share({server, 0})});
  core.committer.add(Put{keys::room_snapshot(id), kept.encode()});
  kept.records_since_snapshot = 0;
  return Founded{id, kept.last_ticket};
}

}  // namespace chatd::core
