#include "daemon/core/follow.hpp"
#include "daemon/core/follow_checks.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/preview_rows.hpp"
#include "daemon/core/seating.hpp"
#include "daemon/core/shares.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"

#include <algorithm>
#include <memory>
#include <utility>

// What the hub of a large room shows of it, for users of ours who are let in. That the state is
// what its log says only the log can prove, which comes later (back_fill.cpp); here is checked that
// it is that room, that it fits the records that came with it, and that our users asked for it.
namespace chatd::core {
namespace {

using wire::Membership;
using wire::Record;

tl::unexpected<Error> untrue(const std::string& why) {
  return fail(Code::conflict, "the room that was shown " + why);
}

bool asks_to_join(const Submission& said, const RoomId& room) {
  if (said.draft.room != room || said.draft.kind != wire::RecordKind::member || said.refused)
    return false;
  const auto content = wire::decode_member(said.draft.content);
  return content && content->user == said.draft.sender && content->membership == Membership::joined;
}

bool has_asked(const Context& core, const UserId& user, const RoomId& room) {
  const auto said = core.outbox.of_user(user);
  return std::any_of(said.begin(), said.end(),
                     [&](const Submission& each) { return asks_to_join(each, room); });
}

std::vector<UserId> ours_in(const Context& core, const Room& room) {
  std::vector<UserId> users;
  for (const auto& [user, state] : room.members())
    if (is_ours(core, user) && state.membership == Membership::joined) users.push_back(user);
  return users;
}

Status check_members(const Context& core, const Room& room) {
  if (room.members().size() + room.banned_servers().size() > kMaxFollowedMembers)
    return untrue("is overfull");
  for (const auto& [user, state] : room.members())
    if (state.membership == Membership::none || state.membership == Membership::left ||
        state.since_seq == 0 || state.since_seq > room.head() || state.last_sent > room.head() ||
        state.last_sent_ordinal > room.messages() || state.since > room.last_active())
      return untrue("has a member that it can't have");
  const std::vector<UserId> ours = ours_in(core, room);
  const bool has_all_asked = std::all_of(ours.begin(), ours.end(), [&](const UserId& user) {
    return has_asked(core, user, room.id());
  });
  if (!ours.empty() && has_all_asked) return {};
  return fail(Code::forbidden, "nobody here asked to be in the room as it was shown");
}

// The same rules as for the records that say so.
Status check_text(const Room& room) {
  const wire::MetaContent words{room.name(), room.topic(), room.join_rule(), room.has_presence()};
  if (!wire::decode_meta(wire::to_json(words)) || !check_words(room.name(), room.topic()))
    return untrue("has a name or a topic that is none");
  return {};
}

Status check_newest(const Room& room, const std::vector<Record>& newest) {
  if (newest.empty() || newest.back().seq != room.head() ||
      wire::record_hash(newest.back()) != room.head_hash() ||
      newest.back().term != room.head_term() || newest.back().ordinal != room.messages() ||
      newest.back().time != room.last_active())
    return untrue("is not what its newest records make");
  std::string hub = room.hub();
  Term term = room.term();
  for (auto record = newest.rbegin(); record != newest.rend(); ++record) {
    CHATD_CHECK(check_alone(*record));
    if (record->kind == wire::RecordKind::hub_move) {
      CHATD_TRY(const wire::HubMoveContent content, wire::decode_hub_move(record->content));
      if (content.to != hub || content.term != term || term == 1)
        return unfit(record->seq, "moves the room elsewhere");
      hub = record->origin;
      --term;
    }
    if (record->term != term) return unfit(record->seq, "is of another term");
    CHATD_CHECK(check_signed(*record, hub));
  }
  const auto has_turned = [](const Record& before, const Record& record) {
    return before.time > record.time || before.ordinal > record.ordinal;
  };
  if (std::adjacent_find(newest.begin(), newest.end(), has_turned) != newest.end())
    return untrue("has records in a wrong order");
  return {};
}

Result<Room> check(const Context& core, const std::string& hub, const GivenPreview& given) {
  CHATD_CHECK(check_founding(core, hub, given.create));
  auto read = Room::from_state(given.state);
  if (!read) return untrue("can't be read");
  Room room = *std::move(read);
  if (room.hub() != hub) return fail(Code::forbidden, "another server is the room's hub");
  if (room.id() != given.create.room || room.is_direct()) return untrue("is another one");
  CHATD_CHECK(check_text(room));
  CHATD_CHECK(check_members(core, room));
  CHATD_CHECK(check_newest(room, given.newest));
  Preview& preview = room.preview.emplace();
  preview.first = given.newest.front().seq;
  preview.claim = {room.head(), room.head_hash(), blake2b_256(given.state), given.signature};
  return room;
}

// Whether they are about to leave, by what the hub had not heard when it showed the room. Of what
// they said it takes one after the other, so all before one that it has taken is done.
bool has_left_since(const Context& core, const UserId& user, const Room& room) {
  bool has_left = false;
  for (const Submission& said : core.outbox.of_user(user)) {
    if (said.draft.room != room.id() || said.refused) continue;
    const bool is_done = said.accepted != 0 && said.accepted <= room.head();
    has_left = !is_done && (has_left || says_leaving(said.draft));
  }
  return has_left;
}

// Who came with a record that is shown has read up to there, else up to the end.
void seat_in(Context& core, const Room& room, const UserId& id, const std::vector<Record>& newest,
             News& news) {
  User* const user = core.users.find(id);
  if (user == nullptr || has_left_since(core, id, room)) return;
  const MemberState* const state = room.member(id);
  if (!seat(core, *user, room, {id, state->membership, state->role, {}}, id)) return;
  news.seats.push_back(id);
  for (const Record& record : newest) {
    if (record.seq != state->since_seq) continue;
    RoomEntry& entry = user->rooms[room.id()];
    entry.read_seq = record.seq;
    entry.read_ordinal = record.ordinal;
    std::vector<Write> writes;
    user->write_room(entry, writes);
    for (Write& write : writes) user->last_ticket = core.committer.add(std::move(write));
  }
}

// The new preview takes the place of what was known of the room.
Room& put(Context& core, Room room) {
  const RoomId id = room.id();
  Room* const before = core.rooms.find(id);
  if (before == nullptr) return core.rooms.put(id, std::make_unique<Room>(std::move(room)));
  if (before->preview) static_cast<void>(drop_preview(core, *before));
  *before = std::move(room);
  return *before;
}

void take(Context& core, Room room, std::vector<Record> newest, News& news) {
  Room& kept = put(core, std::move(room));
  core.committer.add(Put{keys::share(kept.hub(), kept.id()), encode_share({kept.hub(), 0})});
  for (const Record& record : newest) settle_said(core, record, news);
  for (const UserId& user : ours_in(core, kept)) {
    for (const Submission& said : core.outbox.of_user(user))
      if (said.draft.room == kept.id() && said.accepted != 0 && said.accepted < newest.front().seq)
        settle_entry(core, user, said.entry, nullptr, news);
    seat_in(core, kept, user, newest, news);
  }
  write_preview(core, kept, std::move(newest));
}

Task<Result<Followed>> take_preview(Context& core, std::string hub,
                                    std::shared_ptr<GivenPreview> given) {
  const RoomId id = given->create.room;
  const auto turn = co_await core.turns.enter(std::string(id.bytes()));
  const auto news = std::make_shared<News>();
  auto known = co_await core.rooms.load(id);
  if (!known && known.error().code != Code::not_found) co_return fail(std::move(known).error());
  // Of a room that somebody here is in already this says nothing new.
  if (known && (*known)->has_joined_from(core.settings.server_name)) {
    auto heads = co_await tell_when_durable(core, id, news);
    co_return heads;
  }
  CHATD_CO_TRY(Room room, check(core, hub, *given));
  if (known && (*known)->head() >= room.head()) {
    auto heads = co_await tell_when_durable(core, id, news);
    co_return heads;
  }
  auto log = co_await core.logs.load(id);
  if (!log && log.error().code != Code::not_found) co_return fail(std::move(log).error());
  room.preview->log = log ? (*log)->head() : 0;
  auto users = ours_in(core, room);
  auto loaded = co_await load_ours(core, std::move(users));
  if (!loaded) co_return fail(std::move(loaded).error());
  CHATD_CO_CHECK(core.committer.accepting());
  take(core, std::move(room), std::move(given->newest), *news);
  auto heads = co_await tell_when_durable(core, id, news);
  co_return heads;
}

Task<void> take_and_answer(Context& core, std::string hub, GivenPreview given,
                           PeerService::Done<Followed> done) {
  const auto shared = std::make_shared<GivenPreview>(std::move(given));
  auto heads = co_await take_preview(core, std::move(hub), shared);
  done(std::move(heads));
}

}  // namespace

void PeerService::take_preview(std::string hub, GivenPreview given, Done<Followed> done) {
  core_.tasks.spawn(take_and_answer(core_, std::move(hub), std::move(given), std::move(done)));
}

}  // namespace chatd::core
