#include "daemon/core/follow.hpp"

#include "daemon/core/account_events.hpp"
#include "daemon/core/follow_checks.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/hub_move.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/membership.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/preview_rows.hpp"
#include "daemon/core/say.hpp"
#include "daemon/core/seating.hpp"
#include "daemon/core/told_twice.hpp"
#include "daemon/wire/room_content.hpp"

#include <algorithm>
#include <memory>
#include <utility>

// What the hubs of rooms that our users are in have numbered. The hub decides what becomes a
// record; here is checked what it can't decide: that the log goes on where it was, that our users
// are only where they went themselves, and that what clients get is what they can read. In the same
// way comes what this server numbered itself and has lost (recovery.hpp).
namespace chatd::core {

using wire::Membership;
using wire::Record;
using wire::RecordKind;

constexpr std::uint32_t kAgainMs = 200;

bool is_wanted(const Context& core, const std::string& hub, const RoomId& id, const Room* room) {
  return hub == core.settings.server_name || core.recovery.may_lack_rooms(core.clock.now()) ||
         (room != nullptr && room->has_joined_from(core.settings.server_name)) ||
         core.outbox.awaits_room(hub, id);
}

Task<Status> load_ours(Context& core, std::vector<UserId> users) {
  for (const UserId& user : users) {
    if (!is_ours(core, user)) continue;
    auto loaded = co_await core.users.load(user);
    if (!loaded && loaded.error().code != Code::not_found)
      co_return fail(std::move(loaded).error());
  }
  co_return Status();
}

Task<Result<std::vector<Write>>> erased_by(Context& core, RoomId room, Seq target, Ticket last) {
  // All edits must be on disk to be found.
  const Status status = co_await core.committer.committed(last);
  if (!status) co_return fail(status.error());
  auto message = co_await read_record(core, room, target);
  if (!message && message.error().code == Code::not_found) co_return std::vector<Write>();
  if (!message) co_return fail(std::move(message).error());
  if (message->kind != wire::RecordKind::message) co_return std::vector<Write>();
  auto writes = co_await erasures(core, *std::move(message));
  co_return writes;
}

namespace {

const Submission* handed_in(const Context& core, const Record& record) {
  if (!is_ours(core, record.sender)) return nullptr;
  return core.outbox.find(record.room, record.sender, record.device, record.client_msg_id);
}

// Who gets the record as the answer.
SessionId asking(const Context& core, const Record& record) {
  if (core.unanswered.all().empty()) return {};
  const Submission* const said = handed_in(core, record);
  const Asker* const asker = said == nullptr ? nullptr : core.unanswered.find(said->entry);
  return asker == nullptr ? SessionId() : asker->session;
}

}  // namespace

void settle_entry(Context& core, const UserId& user, std::uint64_t entry, const Record* record,
                  News& news) {
  News::Settled settled{user, entry, core.unanswered.take(entry)};
  if (record != nullptr) settled.record = {record->seq, record->time, std::nullopt};
  User* const owner = core.users.find(user);
  if (settled.asker) {
    core.outbox.erase(user, entry);
  } else if (owner != nullptr) {
    std::vector<Write> writes{Delete{keys::outbox(entry)}};
    owner->write_pending(writes);
    for (Write& write : writes) owner->last_ticket = core.committer.add(std::move(write));
  } else {
    return;
  }
  news.settled.push_back(std::move(settled));
}

void settle_said(Context& core, const wire::Record& record, News& news) {
  const Submission* const said = handed_in(core, record);
  if (said == nullptr) return;
  const std::string hub = said->hub;
  const std::uint64_t entry = said->entry;
  settle_entry(core, record.sender, entry, &record, news);
  core.outbox.accepted(hub, entry, record.seq);
}

namespace {

void answer(const News::Settled& settled, const Status& durable) {
  if (!durable)
    settled.asker->answer(fail(durable.error()));
  else if (!settled.record)
    settled.asker->answer(fail(Code::unavailable, "the message is still being fetched", kAgainMs));
  else
    settled.asker->answer(*settled.record);
}

// Where it is not durable some of it may have made it: entries are told as they are on disk, and
// what is settled will be found so when it is handed in again.
Task<void> tell_news(Context& core, RoomId room, News news, Status durable) {
  for (const News::Settled& each : news.settled) {
    if (each.asker) {
      answer(each, durable);
    } else if (durable) {
      core.outbox.erase(each.user, each.entry);
      co_await tell_settled(core, each.user, each.entry);
    }
  }
  for (const UserId& user : news.seats) co_await tell_room_entry(core, user, room);
}

void take_member(Context& core, const Room& room, const Record& record, News& news) {
  const auto content = wire::decode_member(record.content);
  User* const user = content ? core.users.find(content->user) : nullptr;
  if (user == nullptr) return;
  const bool is_invited = content->membership == Membership::invited;
  const bool takes_seat = is_invited || content->membership == Membership::joined;
  // In a room in preview a later record may have changed it again.
  const bool is_over = membership::has_seat(room, user->id())
                           ? !takes_seat || room.member(user->id())->since_seq != record.seq
                           : takes_seat;
  const bool is_unwanted =
      is_invited && (!user->account.is_enabled || user->blocks(record.sender) ||
                     user->live_rooms() >= core.settings.max_rooms);
  // Who has left since stays out, also if invited meanwhile: the hub is about to hear of it.
  const bool is_gone = takes_seat && is_leaving(core, user->id(), room.id(), record.seq);
  if (is_over || is_unwanted || is_gone) return;
  if (seat(core, *user, room, *content, record.sender)) news.seats.push_back(user->id());
}

// Of a 1:1 room; the other side gets to know it by the first word. Who said it has lost the room
// where it comes back.
void take_first_word(Context& core, const Room& room, const Record& record, News& news) {
  const bool is_own = is_ours(core, record.sender);
  User* const user = core.users.find(is_own ? record.sender : room.peer_of(record.sender));
  if (user == nullptr || user->room(room.id()) != nullptr) return;
  if (!is_own && (!user->account.is_enabled || user->blocks(record.sender))) return;
  if (is_own)
    show_room(core, *user, room.id());
  else
    introduce(core, *user, room.id(), record.sender);
  news.seats.push_back(user->id());
}

}  // namespace

std::vector<UserId> concerned(const Room& room, const Record& record) {
  std::vector<UserId> users{record.sender};
  if (record.kind == RecordKind::member)
    if (const auto content = wire::decode_member(record.content)) users.push_back(content->user);
  if (room.is_direct()) users.push_back(room.peer_of(record.sender));
  const std::vector<UserId> ousted = room.ousted_by(record);
  users.insert(users.end(), ousted.begin(), ousted.end());
  return users;
}

void take_effect(Context& core, const Room& room, const Record& record,
                 const std::vector<UserId>& ousted, News& news) {
  settle_said(core, record, news);
  if (record.kind == RecordKind::hub_move) {
    redirect(core, room, record.origin);
    core.peers->follows(room.hub());
  }
  if (record.kind == RecordKind::member) take_member(core, room, record, news);
  if (room.is_direct()) take_first_word(core, room, record, news);
  for (const UserId& user : ousted) {
    User* const own = is_ours(core, user) ? core.users.find(user) : nullptr;
    if (own == nullptr || membership::has_seat(room, user)) continue;
    const wire::MemberContent content{user, Membership::banned, wire::Role::member, {}};
    if (seat(core, *own, room, content, record.sender)) news.seats.push_back(user);
  }
}

Task<Result<Followed>> tell_when_durable(Context& core, RoomId id, std::shared_ptr<News> news) {
  Followed heads;
  Ticket last = core.committer.completed();
  const Room* const room = core.rooms.find(id);
  if (room != nullptr) {
    heads.log = room->head();
    last = room->last_ticket;
  }
  if (room != nullptr && room->preview) {
    const Room* const log = core.logs.find(id);
    heads.log = log == nullptr ? room->preview->log : log->head();
    heads.ahead = room->head();
    heads.ahead_hash = room->head_hash();
    heads.ahead_term = room->head_term();
    if (log != nullptr) last = std::max(last, log->last_ticket);
  }
  Status durable = co_await core.committer.committed(last);
  if (room == nullptr) durable = fail(Code::unavailable, "the room's state was dropped");
  Room* const now = core.rooms.find(id);
  if (durable && now != nullptr && now->preview) now->preview->log = heads.log;
  News told = std::exchange(*news, {});
  co_await tell_news(core, id, std::move(told), durable);
  if (!durable) co_return fail(durable.error());
  co_return heads;
}

namespace {

// Somebody here asked another server to be let in, which may not be the hub any more.
bool is_asked_elsewhere(const Context& core, const RoomId& room) {
  const auto hubs = core.outbox.hubs();
  return std::any_of(hubs.begin(), hubs.end(),
                     [&](const std::string& hub) { return core.outbox.awaits_room(hub, room); });
}

tl::unexpected<Error> may_have_moved() {
  return fail(Code::timeout, "the room may have moved there: its log has not come so far here");
}

// Whether `hub` is the one to say what this room's records up to `last` are.
Status check_hub(const Context& core, const Room& room, const std::string& hub, Seq last) {
  const bool is_known = last <= room.head() && room.has_joined_from(hub);
  if (hub == core.settings.server_name || room.hub() == hub || is_known) return {};
  // We asked it to let us in, or did before a backup, and its log will say how it became the hub.
  if (!knows_hub(core, room) && is_wanted(core, hub, room.id(), &room)) return {};
  if (is_elsewhere(core, room) && (knows_hub(core, room) || is_asked_elsewhere(core, room.id())))
    return may_have_moved();
  return fail(Code::forbidden, "another server is the room's hub");
}

// A room that is not here begins with what founds it.
Status begin(Context& core, const std::string& hub, Record create, News& news) {
  CHATD_CHECK(check_founding(core, hub, create));
  CHATD_TRY(const wire::CreateContent content, wire::decode_create(create.content));
  const bool is_direct = content.type == wire::RoomType::direct;
  if (!is_direct && !is_wanted(core, hub, create.room, nullptr)) {
    if (is_asked_elsewhere(core, create.room)) return may_have_moved();
    return fail(Code::forbidden, "nobody here wants to be in this room");
  }
  const UserId founder = create.sender;
  CHATD_TRY(const Founded founded, found_room(core, std::move(create), {}));
  User* const user = is_ours(core, founder) ? core.users.find(founder) : nullptr;
  if (user == nullptr) return {};
  show_room(core, *user, founded.room);
  news.seats.push_back(founder);
  return {};
}

// What a redaction takes away, or a move to this server adds.
struct WrittenBeside {
  std::vector<Write> erased;
  std::vector<Notice> told;
};

Task<Result<WrittenBeside>> written_beside(Context& core, const Room& before, Record record) {
  WrittenBeside beside;
  if (record.kind == RecordKind::hub_move) {
    auto told = co_await told_anew(core, before, record);
    if (!told) co_return fail(std::move(told).error());
    beside.told = *std::move(told);
    co_return beside;
  }
  auto erased = co_await erased_by(core, before.id(), record.target, before.last_ticket);
  if (!erased) co_return fail(std::move(erased).error());
  beside.erased = *std::move(erased);
  co_return beside;
}

// The next record of a room that is here; `news` outlives it.
Task<Status> take(Context& core, Record record, std::shared_ptr<News> news) {
  const RoomId id = record.room;
  const Room* before = core.rooms.find(id);
  if (before == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  CHATD_CO_CHECK(check_next(core, *before, record));
  if (may_be_said_before(core, *before, record)) {
    Draft said = said_in(record);
    auto once = co_await check_said_once(core, record.seq, std::move(said));
    if (!once) co_return once;
    before = core.rooms.find(id);
    if (before == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  }
  WrittenBeside beside;
  if (record.kind == RecordKind::redact || record.kind == RecordKind::hub_move) {
    auto found = co_await written_beside(core, *before, record);
    if (!found) co_return fail(std::move(found).error());
    beside = *std::move(found);
    before = core.rooms.find(id);
    if (before == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  }
  auto users = concerned(*before, record);
  auto loaded = co_await load_ours(core, std::move(users));
  if (!loaded) co_return loaded;
  Room* const room = core.rooms.find(id);
  if (room == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  CHATD_CO_CHECK(core.committer.accepting());
  const std::vector<UserId> ousted = room->ousted_by(record);
  const Status appended = append(core, *room, Record(record), asking(core, record));
  if (!appended) co_return unfit(record.seq, appended.error().message);
  for (Write& write : beside.erased) core.committer.add(std::move(write));
  for (const Notice& notice : beside.told) core.waiting_notices.put(notice);
  take_effect(core, *room, record, ousted, *news);
  co_return Status();
}

// Those that go on where the room is.
Task<Status> take_next(Context& core, RoomId id, std::shared_ptr<std::vector<Record>> records,
                       std::shared_ptr<News> news) {
  for (Record& record : *records) {
    const Room* const room = core.rooms.find(id);
    if (room == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
    if (record.seq == room->head() && wire::record_hash(record) != room->head_hash())
      co_return unfit(record.seq, "is another one than the one known");
    if (record.seq <= room->head()) continue;
    if (record.seq > room->head() + 1) break;
    const bool is_last_in_a_row = record.seq % kBetweenWaits == 0;
    auto status = co_await take(core, std::move(record), news);
    if (!status) co_return status;
    if (!is_last_in_a_row) continue;
    auto heads = co_await tell_when_durable(core, id, news);
    if (!heads) co_return fail(std::move(heads).error());
  }
  co_return Status();
}

// With the newest record of the log.
void keep_proof(Context& core, const RoomId& id, Seq last, std::string proof) {
  Room* const room = core.rooms.find(id);
  if (room == nullptr || room->preview || room->head() != last || proof.empty() ||
      !room->has_joined_from(core.settings.server_name))
    return;
  room->last_ticket = core.committer.add(Put{keys::proof(id), std::move(proof)});
}

// All of them, as far as they follow: what is before one that does not is as good as it would be
// alone, and stays. Then the durable heads.
Task<Result<Followed>> take_all(Context& core, std::string hub,
                                std::shared_ptr<std::vector<Record>> records, std::string proof) {
  const RoomId id = records->front().room;
  const auto turn = co_await core.turns.enter(std::string(id.bytes()));
  const auto news = std::make_shared<News>();
  auto known = co_await core.rooms.load(id);
  if (!known && known.error().code != Code::not_found) co_return fail(std::move(known).error());
  // What founds the room says whether it is wanted here.
  if (!known && records->front().seq > 1) co_return Followed();
  if (!known) {
    std::vector<UserId> founder{records->front().sender};
    auto loaded = co_await load_ours(core, std::move(founder));
    if (!loaded) co_return fail(std::move(loaded).error());
    CHATD_CO_CHECK(begin(core, hub, records->front(), *news));
  }
  const Room* const room = core.rooms.find(id);
  const Seq last = records->back().seq;
  CHATD_CO_CHECK(check_hub(core, *room, hub, last));
  const bool is_news = last > room->head();
  if (is_news && !is_wanted(core, hub, id, room))
    co_return fail(Code::forbidden, "nobody here is in this room any more");
  const bool is_preview = room->preview.has_value();
  auto status = co_await check_told_twice(core, hub, records, proof);
  if (status && is_preview) status = co_await back_fill(core, hub, id, records, news);
  if (status) status = co_await take_next(core, id, records, news);
  if (status) keep_proof(core, id, last, std::move(proof));
  auto heads = co_await tell_when_durable(core, id, news);
  if (!heads) co_return heads;
  if (!status) co_return fail(std::move(status).error());
  co_return heads;
}

Task<void> follow_and_answer(Context& core, std::string hub, std::vector<Record> records,
                             std::string proof, PeerService::Done<Followed> done) {
  const auto all = std::make_shared<std::vector<Record>>(std::move(records));
  auto heads = co_await take_all(core, std::move(hub), all, std::move(proof));
  done(std::move(heads));
}

}  // namespace

void PeerService::follow(std::string hub, std::vector<Record> records, std::string proof,
                         Done<Followed> done) {
  core_.tasks.spawn(follow_and_answer(core_, std::move(hub), std::move(records), std::move(proof),
                                      std::move(done)));
}

void PeerService::recover(std::vector<Record> records, Done<Followed> done) {
  follow(core_.settings.server_name, std::move(records), {}, std::move(done));
}

}  // namespace chatd::core
