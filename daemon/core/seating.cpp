#include "daemon/core/seating.hpp"

#include "daemon/base/utf8.hpp"
#include "daemon/core/account_events.hpp"
#include "daemon/core/accounts.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/room_list.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"

#include <utility>

namespace chatd::core {
namespace {

using wire::Membership;
using wire::SendAnswer;

bool has_seat(Membership membership) {
  return membership == Membership::invited || membership == Membership::joined;
}

// The hub will decide; what can be seen here already is said here.
Task<Result<SendAnswer>> change_elsewhere(Context& core, Caller caller, Draft draft,
                                          Decide decide) {
  const Room* const room = core.rooms.find(draft.room);
  if (room == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  CHATD_CO_TRY(const wire::MemberContent content, decide(*room));
  const RoomId id = draft.room;
  const UserId user = caller.user;
  std::string hub = room->hub();
  // Leaving always works here, even with the hub away.
  const bool is_leaving = content.user == user && content.membership == Membership::left;
  draft = room_draft_elsewhere(core, std::move(draft), wire::to_json(content));
  Beside beside;
  if (is_leaving) beside = [id](User& own, std::vector<Write>& out) { unseat(own, id, out); };
  auto answer = co_await hand_in(core, std::move(caller), std::move(hub), std::move(draft),
                                 std::move(beside));
  if (answer && is_leaving) co_await tell_room_entry(core, user, id);
  co_return answer;
}

// Whether its server has yet to be told of it, as something new.
bool adds_notice(const Context& core, const Room& room, const wire::MemberContent& content) {
  return content.membership == Membership::invited && !is_ours(core, content.user) &&
         !room.has_joined_from(content.user.server());
}

// Whether a notice about that waits already, where no more may.
Task<bool> replaces_notice(Context& core, RoomId room, UserId subject) {
  if (is_ours(core, subject)) co_return false;
  const Notice wanted{room, 0, subject, Membership::invited, {}, 0};
  const bool replaces_one = co_await core.waiting_notices.replaces_one(wanted);
  co_return replaces_one;
}

// The account that it is about, loaded if it is here. Other servers are not told whether it is.
Task<Status> load_subject(Context& core, UserId subject, UserId actor) {
  if (!is_ours(core, subject)) co_return Status();
  auto loaded = co_await core.users.load(subject);
  if (loaded || (loaded.error().code == Code::not_found && !is_ours(core, actor)))
    co_return Status();
  co_return fail(std::move(loaded).error());
}

}  // namespace

Status check_words(const std::optional<std::string>& name,
                   const std::optional<std::string>& topic) {
  if (name && name->empty()) return fail(Code::invalid_params, "a room's name is not empty");
  CHATD_CHECK(check_name(name.value_or("")));
  if (has_control_characters(topic.value_or("")))
    return fail(Code::invalid_params, "a room's topic has no control characters");
  return {};
}

Draft room_draft(const Caller& caller, const RoomId& room, wire::RecordKind kind) {
  Draft draft;
  draft.room = room;
  draft.kind = kind;
  draft.sender = caller.user;
  draft.device = caller.device;
  return draft;
}

Draft room_draft_elsewhere(Context& core, Draft draft, std::string content) {
  draft.device = {};
  draft.client_msg_id = new_msg_id(core);
  draft.content = std::move(content);
  return draft;
}

bool seat(Context& core, User& user, const Room& room, const wire::MemberContent& content,
          const UserId& by) {
  const RoomEntry* const before = user.room(room.id());
  const bool takes_seat = has_seat(content.membership);
  // Who never was there is not bothered with a ban.
  if (before == nullptr && !takes_seat) return false;
  // Where an invitation has lapsed, another one is news.
  const bool is_known = before != nullptr && before->membership == content.membership &&
                        is_live(*before, core.clock.wall_ms());
  const bool had_seat = before != nullptr && has_seat(before->membership);
  RoomEntry& entry = user.rooms[room.id()];
  entry.room = room.id();
  entry.membership = content.membership;
  entry.invited_by = content.membership == Membership::invited ? by : UserId();
  if (content.membership == Membership::invited) {
    entry.hub = is_elsewhere(core, room) ? room.hub() : std::string();
    entry.since = is_elsewhere(core, room) ? core.clock.wall_ms() : 0;
  }
  if (content.membership == Membership::joined && !is_known) {
    // What was said before one came is there to be read, but not new.
    entry.read_seq = room.head();
    entry.read_ordinal = room.messages();
  }
  std::vector<Write> writes;
  user.write_room(entry, writes);
  for (Write& write : writes) user.last_ticket = core.committer.add(std::move(write));
  return !is_known && (takes_seat || had_seat);
}

void unseat(User& user, const RoomId& room, std::vector<Write>& out) {
  const auto entry = user.rooms.find(room);
  if (entry == user.rooms.end()) return;
  entry->second.membership = Membership::left;
  entry->second.invited_by = {};
  user.write_room(entry->second, out);
}

Task<Result<SendAnswer>> change_member(Context& core, Caller caller, Draft draft, UserId subject,
                                       Decide decide) {
  const bool is_own = is_ours(core, draft.sender);
  auto here = co_await load_subject(core, subject, draft.sender);
  if (!here) co_return fail(std::move(here).error());
  const bool replaces_one = co_await replaces_notice(core, draft.room, subject);
  auto loaded = co_await core.rooms.load(draft.room);
  if (!loaded && loaded.error().code == Code::not_found)
    co_return fail(Code::not_found, "you are in no such room");
  if (!loaded) co_return fail(std::move(loaded).error());
  if (is_elsewhere(core, **loaded)) {
    if (!draft.origin.empty()) co_return has_moved();
    auto pending =
        co_await change_elsewhere(core, std::move(caller), std::move(draft), std::move(decide));
    co_return pending;
  }
  Room& room = **loaded;
  User* const user = is_ours(core, subject) ? core.users.find(subject) : nullptr;
  if (user == nullptr && is_ours(core, subject) && is_own)
    co_return fail(Code::unavailable, "the account's state was dropped");

  CHATD_CO_CHECK(accepting(core, room));
  CHATD_CO_TRY(const wire::MemberContent content, decide(room));
  if (!replaces_one && adds_notice(core, room, content))
    CHATD_CO_CHECK(core.waiting_notices.has_place(subject.server()));
  const RoomEntry* const before = user == nullptr ? nullptr : user->room(draft.room);
  const bool is_known = before != nullptr && before->membership == content.membership;
  const std::size_t most = core.settings.max_rooms;
  const bool is_full = has_seat(content.membership) && !is_known && user != nullptr &&
                       user->rooms.size() >= most && user->live_rooms() >= most;
  if (is_full && is_own)
    co_return fail(Code::limit_reached, "this account is in as many rooms as it can be");
  const bool is_unwanted = content.membership == Membership::invited && user != nullptr &&
                           (!user->account.is_enabled || user->blocks(draft.sender));
  std::string text = wire::to_json(content);
  if (!draft.origin.empty() && draft.content != text)
    co_return fail(Code::forbidden, "that is no change of a member that this room takes");
  draft.content = std::move(text);

  const RoomId id = draft.room;
  const UserId by = draft.sender;
  const Ticket ticket = number(core, room, std::move(draft), {});
  const SendAnswer answer{room.head(), room.last_active(), std::nullopt};
  // Neither is told to another server.
  const bool is_news =
      user != nullptr && !is_full && !is_unwanted && seat(core, *user, room, content, by);
  auto status = co_await core.committer.committed(ticket);
  if (!status) co_return fail(std::move(status).error());
  if (is_news) co_await tell_room_entry(core, subject, id);
  co_return answer;
}

namespace {

// A change of the room itself that was found fit: into its log, or to its hub.
Task<Result<SendAnswer>> put_down(Context& core, Caller caller, Draft draft) {
  Room* const room = core.rooms.find(draft.room);
  if (room == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  if (is_elsewhere(core, *room)) {
    if (!draft.origin.empty()) co_return has_moved();
    std::string hub = room->hub();
    std::string text = std::move(draft.content);
    draft = room_draft_elsewhere(core, std::move(draft), std::move(text));
    Beside beside;
    auto pending = co_await hand_in(core, std::move(caller), std::move(hub), std::move(draft),
                                    std::move(beside));
    co_return pending;
  }
  CHATD_CO_CHECK(accepting(core, *room));
  const Ticket ticket = number(core, *room, std::move(draft), {});
  const SendAnswer answer{room->head(), room->last_active(), std::nullopt};
  auto status = co_await core.committer.committed(ticket);
  if (!status) co_return fail(std::move(status).error());
  co_return answer;
}

}  // namespace

Task<Result<SendAnswer>> change_room(Context& core, Caller caller, Draft draft) {
  CHATD_CO_TRY(const wire::MetaContent content, wire::decode_meta(draft.content));
  CHATD_CO_CHECK(check_words(content.name, content.topic));
  if (!content.name && !content.topic && !content.join && !content.presence)
    co_return fail(Code::invalid_params, "there is nothing to change");
  if (draft.content != wire::to_json(content))
    co_return fail(Code::forbidden, "that is no change of a room that this room takes");
  auto room = co_await joined_room(core, draft.room, draft.sender);
  if (!room) co_return fail(std::move(room).error());
  CHATD_CO_CHECK(membership::may_set_meta(**room, draft.sender));
  auto answer = co_await put_down(core, std::move(caller), std::move(draft));
  co_return answer;
}

Task<Result<SendAnswer>> ban_server(Context& core, Caller caller, Draft draft) {
  CHATD_CO_TRY(const wire::ServerContent content, wire::decode_server(draft.content));
  if (draft.content != wire::to_json(content))
    co_return fail(Code::forbidden, "that is no ban that this room takes");
  auto room = co_await joined_room(core, draft.room, draft.sender);
  if (!room) co_return fail(std::move(room).error());
  CHATD_CO_CHECK(membership::ban_server(**room, draft.sender, content));
  auto answer = co_await put_down(core, std::move(caller), std::move(draft));
  co_return answer;
}

}  // namespace chatd::core
