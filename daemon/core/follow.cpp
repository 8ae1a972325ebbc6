#include "daemon/core/account_events.hpp"
#include "daemon/core/direct_room.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/peer_service.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/say.hpp"
#include "daemon/core/seating.hpp"
#include "daemon/wire/content.hpp"
#include "daemon/wire/room_content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

// What the hubs of rooms that our users are in have numbered. The hub decides what becomes a
// record; here is checked what it can't decide: that the log goes on where it was, that our users
// are only where they went themselves, and that what clients get is what they can read.
namespace chatd::core {
namespace {

using wire::Membership;
using wire::Record;
using wire::RecordKind;

// Members and bans of a room elsewhere, which is kept in memory: more than ours can have.
constexpr std::size_t kMaxMembers = 5000;

// What need not wait goes on within the call that it follows: so many records deep at most, since
// not every build makes tail calls of that.
constexpr Seq kBetweenWaits = 32;

// What is to be told once all is on disk.
struct News {
  std::vector<UserId> seats;  // of the room's entry
  struct Settled {
    UserId user;
    std::uint64_t entry;
  };
  std::vector<Settled> settled;
};

tl::unexpected<Error> unfit(Seq seq, std::string_view why) {
  return fail(Code::conflict, fmt::format("record {} {}", seq, why));
}

bool is_wanted(const Context& core, const std::string& hub, const RoomId& id, const Room* room) {
  return (room != nullptr && room->has_joined_from(core.settings.server_name)) ||
         core.outbox.awaits_room(hub, id);
}

// One of ours enters a room only by what they said themselves.
Status check_consent(const Context& core, const Room& room, const Record& record) {
  CHATD_TRY(const wire::MemberContent content, wire::decode_member(record.content));
  const bool enters = is_ours(core, content.user) && content.membership == Membership::joined &&
                      !room.is_joined(content.user);
  if (enters && record.sender != content.user)
    return unfit(record.seq, "lets a user of this server in who did not ask for it");
  return {};
}

Status check_record(const Context& core, const Room& room, const Record& record) {
  if (record.prev_hash != room.head_hash()) return unfit(record.seq, "does not follow by its hash");
  if (record.term != room.term()) return unfit(record.seq, "is of another term");
  if (record.time < room.last_active()) return unfit(record.seq, "is older than the one before");
  const auto ordinal = room.messages() + (record.kind == RecordKind::message ? 1 : 0);
  if (record.ordinal != ordinal) return unfit(record.seq, "counts the messages wrongly");
  if (!record.sender.empty() && record.sender.server() != record.origin)
    return unfit(record.seq, "has a sender of another server than its origin");
  if (record.target >= record.seq) return unfit(record.seq, "is about one to come");
  if (room.members().size() + room.banned_servers().size() > kMaxMembers)
    return unfit(record.seq, "fills an overfull room");
  const bool is_state = static_cast<unsigned>(record.kind) < 16;
  if (record.is_erased && is_state) return unfit(record.seq, "has lost the room's state");
  if (record.kind == RecordKind::create) return unfit(record.seq, "founds the room anew");
  if (!record.is_erased)
    if (const Status status = wire::check_content(record.kind, record.content); !status)
      return unfit(record.seq, "has a content that is none: " + status.error().message);
  if (record.kind == RecordKind::member) return check_consent(core, room, record);
  return {};
}

// A room that is not here begins with what founds it.
Status begin(Context& core, const std::string& hub, Record create) {
  if (create.seq != 1 || create.is_erased || wire::room_id_of(create) != create.room)
    return unfit(create.seq, "does not found the room");
  CHATD_TRY(const wire::CreateContent content, wire::decode_create(create.content));
  const bool is_direct = content.type == wire::RoomType::direct;
  const bool is_of_ours = std::any_of(content.members.begin(), content.members.end(),
                                      [&](const UserId& user) { return is_ours(core, user); });
  const bool is_fit = is_direct ? is_direct_create(create) && is_of_ours : !is_of_ours;
  if (create.origin != hub || !is_fit)
    return fail(Code::forbidden, "the room is not one that this server can be in");
  if (!is_direct && !is_wanted(core, hub, create.room, nullptr))
    return fail(Code::forbidden, "nobody here wants to be in this room");
  CHATD_CHECK(found_room(core, std::move(create), {}));
  return {};
}

// Whose rows change with a record: in memory from now on, until the next wait.
std::vector<UserId> concerned(const Context& core, const Room& room, const Record& record) {
  std::vector<UserId> users{record.sender};
  if (record.kind == RecordKind::member)
    if (const auto content = wire::decode_member(record.content)) users.push_back(content->user);
  if (room.is_direct()) users.push_back(room.peer_of(record.sender));
  const std::vector<UserId> ousted = room.ousted_by(record);
  users.insert(users.end(), ousted.begin(), ousted.end());
  std::erase_if(users, [&](const UserId& user) { return !is_ours(core, user); });
  return users;
}

Task<Status> load_concerned(Context& core, std::vector<UserId> users) {
  for (const UserId& user : users) {
    auto loaded = co_await core.users.load(user);
    if (!loaded && loaded.error().code != Code::not_found)
      co_return fail(std::move(loaded).error());
  }
  co_return Status();
}

// What the redaction of a message takes from the disk.
Task<Result<std::vector<Write>>> erased_by(Context& core, RoomId room, Seq target, Ticket last) {
  // All edits must be on disk to be found.
  const Status status = co_await core.committer.committed(last);
  if (!status) co_return fail(status.error());
  auto message = co_await read_record(core.store, room, target);
  if (!message && message.error().code == Code::not_found) co_return std::vector<Write>();
  if (!message) co_return fail(std::move(message).error());
  if (message->kind != RecordKind::message) co_return std::vector<Write>();
  auto writes = co_await erasures(core, *std::move(message));
  co_return writes;
}

// Those of ours whom a record took out together with all of this server.
void take_out(Context& core, const Room& room, const std::vector<UserId>& ousted, const UserId& by,
              News& news) {
  for (const UserId& user : ousted) {
    User* const own = is_ours(core, user) ? core.users.find(user) : nullptr;
    if (own == nullptr) continue;
    const wire::MemberContent content{user, Membership::banned, wire::Role::member, {}};
    if (seat(core, *own, room, content, by)) news.seats.push_back(user);
  }
}

// The accounts' sides of a record that was just collected.
void take_effect(Context& core, const Room& room, const Record& record, News& news) {
  const Submission* const said =
      core.outbox.find(room.id(), record.sender, record.device, record.client_msg_id);
  User* const sender = core.users.find(record.sender);
  if (said != nullptr && sender != nullptr) {
    std::vector<Write> writes{Delete{keys::outbox(said->entry)}};
    sender->write_pending(writes);
    for (Write& write : writes) sender->last_ticket = core.committer.add(std::move(write));
    news.settled.push_back({record.sender, said->entry});
    core.outbox.accepted(said->hub, said->entry, record.seq);
  }
  if (record.kind == RecordKind::member) {
    const auto content = wire::decode_member(record.content);
    User* const user = content ? core.users.find(content->user) : nullptr;
    if (user == nullptr) return;
    const bool is_invited = content->membership == Membership::invited;
    const bool is_unwanted =
        is_invited && (!user->account.is_enabled || user->blocks(record.sender) ||
                       user->live_rooms() >= core.settings.max_rooms);
    // Who has left since stays out, also if invited meanwhile: the hub is about to hear of it.
    const bool is_gone = (is_invited || content->membership == Membership::joined) &&
                         is_leaving(core, content->user, room.id(), record.seq);
    if (is_unwanted || is_gone) return;
    if (seat(core, *user, room, *content, record.sender)) news.seats.push_back(content->user);
  } else if (room.is_direct() && !is_ours(core, record.sender)) {
    User* const user = core.users.find(room.peer_of(record.sender));
    if (user == nullptr || user->room(room.id()) != nullptr) return;
    if (!user->account.is_enabled || user->blocks(record.sender)) return;
    introduce(core, *user, room.id(), record.sender);
    news.seats.push_back(user->id());
  }
}

// The next record of a room that is here; `news` outlives it.
Task<Status> take(Context& core, Record record, std::shared_ptr<News> news) {
  const RoomId id = record.room;
  const Room* before = core.rooms.find(id);
  if (before == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  CHATD_CO_CHECK(check_record(core, *before, record));
  std::vector<Write> erased;
  if (record.kind == RecordKind::redact) {
    auto writes = co_await erased_by(core, id, record.target, before->last_ticket);
    if (!writes) co_return fail(std::move(writes).error());
    erased = *std::move(writes);
    before = core.rooms.find(id);
    if (before == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  }
  auto users = concerned(core, *before, record);
  auto loaded = co_await load_concerned(core, std::move(users));
  if (!loaded) co_return loaded;
  Room* const room = core.rooms.find(id);
  if (room == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  CHATD_CO_CHECK(core.committer.accepting());
  const std::vector<UserId> ousted = room->ousted_by(record);
  const Status appended = append(core, *room, record, {});
  if (!appended) co_return unfit(record.seq, appended.error().message);
  for (Write& write : erased) core.committer.add(std::move(write));
  take_effect(core, *room, record, *news);
  take_out(core, *room, ousted, record.sender, *news);
  co_return Status();
}

// Waits until what was taken so far is on disk, then tells of it.
Task<Status> tell_when_durable(Context& core, RoomId id, std::shared_ptr<News> news) {
  const Room* const room = core.rooms.find(id);
  if (room == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  const Ticket last = room->last_ticket;
  auto durable = co_await core.committer.committed(last);
  if (!durable) co_return durable;
  const News told = std::exchange(*news, {});
  for (const News::Settled& each : told.settled) {
    core.outbox.erase(each.user, each.entry);
    co_await tell_settled(core, each.user, each.entry);
  }
  for (const UserId& user : told.seats) co_await tell_room_entry(core, user, id);
  co_return Status();
}

// All of them, as far as they follow: what is before one that does not is as good as it would be
// alone, and stays. Then the durable head.
Task<Result<Seq>> take_all(Context& core, std::string hub, std::vector<Record> records) {
  const RoomId id = records.front().room;
  const auto turn = co_await core.turns.enter(std::string(id.bytes()));
  const auto news = std::make_shared<News>();
  auto known = co_await core.rooms.load(id);
  if (!known && known.error().code != Code::not_found) co_return fail(std::move(known).error());
  // What founds the room says whether it is wanted here.
  if (!known && records.front().seq > 1) co_return Seq{0};
  if (!known) CHATD_CO_CHECK(begin(core, hub, records.front()));
  const Room* room = core.rooms.find(id);
  if (room->hub() != hub) co_return fail(Code::forbidden, "another server is the room's hub");
  const bool is_news = records.back().seq > room->head();
  if (is_news && !is_wanted(core, hub, id, room))
    co_return fail(Code::forbidden, "nobody here is in this room any more");
  Status status;
  for (Record& record : records) {
    room = core.rooms.find(id);
    if (room == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
    if (record.seq == room->head() && wire::record_hash(record) != room->head_hash())
      co_return unfit(record.seq, "is another one than the one known");
    if (record.seq <= room->head()) continue;
    if (record.seq > room->head() + 1) break;
    status = co_await take(core, std::move(record), news);
    if (!status) break;
    room = core.rooms.find(id);
    if (room == nullptr || room->head() % kBetweenWaits != 0) continue;
    status = co_await tell_when_durable(core, id, news);
    if (!status) break;
  }
  room = core.rooms.find(id);
  if (room == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  const Seq head = room->head();
  auto durable = co_await tell_when_durable(core, id, news);
  if (!durable) co_return fail(std::move(durable).error());
  if (!status) co_return fail(std::move(status).error());
  co_return head;
}

Task<void> follow_and_answer(Context& core, std::string hub, std::vector<Record> records,
                             PeerService::Done<Seq> done) {
  auto head = co_await take_all(core, std::move(hub), std::move(records));
  done(std::move(head));
}

}  // namespace

void PeerService::follow(std::string hub, std::vector<Record> records, Done<Seq> done) {
  core_.tasks.spawn(follow_and_answer(core_, std::move(hub), std::move(records), std::move(done)));
}

}  // namespace chatd::core
