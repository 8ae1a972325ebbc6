#include "daemon/core/pipeline.hpp"

#include "daemon/core/account_events.hpp"
#include "daemon/core/direct_room.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/preview_rows.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace chatd::core {
namespace {

using wire::SendAnswer;

constexpr std::uint32_t kAgainMs = 200;

tl::unexpected<Error> no_such_room() { return fail(Code::not_found, "you are in no such room"); }

tl::unexpected<Error> dropped() {
  return fail(Code::unavailable, "the room's state was dropped", kAgainMs);
}

std::string turn_name(const Draft& draft) {
  std::string name(draft.room.bytes());
  name.append(draft.sender.text()).append(draft.device.text());
  return name;
}

// A draft that is not plainly new: the first one's answer once that is durable, or nothing after
// the log was looked through.
Task<Result<std::optional<SendAnswer>>> said_before(Context& core, Draft draft,
                                                    Room::Novelty novelty) {
  const bool is_resent = novelty.kind == Room::Novelty::Kind::resent;
  const Room* const room = core.rooms.find(draft.room);
  if (room != nullptr && (is_resent ? novelty.seq : novelty.last) > room->durable) {
    const Status status = co_await core.committer.committed(room->last_ticket);
    if (!status) co_return fail(status.error());
  }
  if (is_resent) {
    auto record = co_await read_record(core, draft.room, novelty.seq);
    if (!record) co_return fail(std::move(record).error());
    co_return SendAnswer{record->seq, record->time, std::nullopt};
  }
  // Named first: GCC 12 destroys a capture twice when the lambda is a temporary of a co_await.
  std::function<bool(const wire::Record&)> is_it =
      [sender = draft.sender, device = draft.device,
       id = draft.client_msg_id](const wire::Record& record) {
        return record.client_msg_id == id && record.device == device && record.sender == sender;
      };
  auto old =
      co_await find_record(core.store, draft.room, novelty.first, novelty.last, std::move(is_it));
  if (!old) co_return fail(std::move(old).error());
  if (!*old) co_return std::optional<SendAnswer>();
  co_return SendAnswer{(*old)->seq, (*old)->time, std::nullopt};
}

// What its sender said before this server became the room's hub waits still: it comes first.
bool waits_behind(const Context& core, const Draft& draft) {
  const auto waiting = core.outbox.of_user(draft.sender);
  return std::any_of(waiting.begin(), waiting.end(), [&](const Submission& each) {
    return each.draft.room == draft.room && !each.refused;
  });
}

// Whether a device may append this to this room now. Asked twice: before plugins are, so that they
// are spared, and again when the number is given, since time has passed.
Status admit(Context& core, const Room& room, const Draft& draft) {
  if (!room.is_joined(draft.sender)) return no_such_room();
  if (draft.target != 0) {
    const auto is_erased = room.was_redacted(draft.target, draft.target_seen);
    if (draft.target_is_erased || is_erased.value_or(false))
      return fail(Code::conflict, "the message was erased");
    if (!is_erased) return dropped();
  }
  if (draft.kind == wire::RecordKind::edit && core.redacting.contains({room.id(), draft.target}))
    return fail(Code::conflict, "the message is being erased");
  if (draft.target > room.durable) return fail(Code::not_found, "there is no such message");
  const bool may_wait = core.outbox.size() > 0 && draft.origin.empty();
  if (may_wait && !is_elsewhere(core, room) && waits_behind(core, draft))
    return fail(Code::unavailable, "what was said before is being posted", kAgainMs);
  return accepting(core, room);
}

// The second time, after others had their turn.
Status admit_again(Context& core, const Room& room, const Draft& draft,
                   const Room::Novelty& before) {
  using Kind = Room::Novelty::Kind;
  const auto now = room.novelty({draft.sender, draft.device}, draft.client_msg_id);
  if (before.kind == Kind::fresh && now.kind != Kind::fresh)
    return fail(Code::unavailable, "the same message is being posted", kAgainMs);
  if (is_elsewhere(core, room)) return has_moved();
  return admit(core, room, draft);
}

// One answer for all reasons: who is blocked is not told so.
tl::unexpected<Error> takes_no_messages() {
  return fail(Code::forbidden, "this account takes no messages");
}

// A 1:1 room takes nothing from someone whom the other side blocks.
Task<Status> check_block(Context& core, UserId peer, UserId sender) {
  if (peer == sender || !is_ours(core, peer)) co_return Status();
  const User* user = core.users.find(peer);
  if (user == nullptr) {
    auto loaded = co_await core.users.load(peer);
    // Whom there is here, other servers are not told.
    if (!loaded && loaded.error().code == Code::not_found && !is_ours(core, sender))
      co_return Status();
    if (!loaded) co_return fail(std::move(loaded).error());
    user = *loaded;
  }
  if (!user->account.is_enabled && is_ours(core, sender)) co_return takes_no_messages();
  if (user->blocks(sender)) co_return takes_no_messages();
  co_return Status();
}

// As check_block, but one's own words may be erased in any case; only is nothing said by it then.
Task<Status> ask_peer(Context& core, UserId peer, Draft& draft) {
  auto status = co_await check_block(core, std::move(peer), draft.sender);
  const bool is_refused = !status && status.error().code == Code::forbidden;
  if (!is_refused || draft.kind != wire::RecordKind::redact) co_return status;
  std::string silent = wire::to_json(wire::RedactContent());
  if (!draft.origin.empty() && draft.content != silent) co_return status;  // its origin signed it
  draft.content = std::move(silent);
  co_return Status();
}

// The other side of a 1:1 room gets to know it by the first word; nullptr where nobody is left to.
Result<User*> who_gets_to_know(Context& core, const Room& room, const UserId& sender) {
  const UserId peer = room.is_direct() ? room.peer_of(sender) : UserId();
  if (!is_ours(core, peer)) return nullptr;
  User* const user = core.users.find(peer);
  if (user == nullptr && !is_ours(core, sender)) return nullptr;  // there is no such account
  if (user == nullptr) return dropped();
  return user->room(room.id()) == nullptr ? user : nullptr;
}

// What another server has signed can only be taken as it is.
tl::unexpected<Error> other_words() {
  return fail(Code::denied, "the server takes this only in other words");
}

// What the plugins say of it, who may put other words in its place.
Status take_verdict(Verdict verdict, Draft& draft) {
  if (verdict.kind != Verdict::Kind::replace) return status_of(std::move(verdict));
  if (!draft.origin.empty()) return other_words();
  draft.content = std::move(verdict.content);
  return {};
}

Task<Status> ask_plugins(Context& core, Draft& draft) {
  auto verdict = co_await call<Verdict>(
      [&](auto done) { core.hooks.message_pre_accept(draft, std::move(done)); });
  co_return take_verdict(std::move(verdict), draft);
}

// The same, if there are any. It may take so long that the other side of a 1:1 room is dropped:
// that is loaded again.
Task<Status> ask_plugins(Context& core, UserId peer, Draft& draft) {
  if (!core.hooks.wants_message_pre_accept()) co_return Status();
  auto status = co_await ask_plugins(core, draft);
  if (!status || !is_ours(core, peer)) co_return status;
  auto loaded = co_await core.users.load(peer);
  if (!loaded && loaded.error().code != Code::not_found) co_return fail(std::move(loaded).error());
  co_return Status();
}

// The plugins that are asked last and answer at once.
Status last_word(Context& core, Draft& draft) {
  return take_verdict(core.hooks.room_pre_append(draft), draft);
}

// The hub may not know yet that there is the 1:1 room: its beginning is handed in before the first
// word, and founds it there if need be.
Task<Status> found_elsewhere(Context& core, Caller caller, RoomId id, UserId peer,
                             std::string hub) {
  for (const auto& [entry, waiting] : core.outbox.of_hub(hub))
    if (waiting.draft.room == id && waiting.draft.kind == wire::RecordKind::create)
      co_return Status();
  Draft draft;
  draft.room = id;
  draft.kind = wire::RecordKind::create;
  draft.sender = caller.user;
  draft.client_msg_id = new_msg_id(core);
  draft.content = direct_create(caller.user, peer).content;
  Beside beside;
  auto pending = co_await hand_in(core, std::move(caller), std::move(hub), std::move(draft),
                                  std::move(beside));
  if (!pending) co_return fail(std::move(pending).error());
  co_return Status();
}

// The other server orders the room: it will say whether this may be said.
Task<Result<SendAnswer>> post_elsewhere(Context& core, Caller caller, Draft draft) {
  if (!draft.origin.empty()) co_return has_moved();  // its own server hands it in there
  // One by one: a resend finds its original decided, and none overtakes another at the plugins.
  auto turn = co_await core.turns.enter(turn_name(draft));
  auto before = co_await find_handed_in(core, draft);
  if (!before) co_return fail(std::move(before).error());
  if (*before) co_return **before;
  if (core.hooks.wants_message_pre_accept()) {
    auto status = co_await ask_plugins(core, draft);
    if (!status) co_return fail(std::move(status).error());
  }
  const Room* const room = core.rooms.find(draft.room);
  if (room == nullptr) co_return dropped();
  CHATD_CO_CHECK(admit(core, *room, draft));
  CHATD_CO_CHECK(last_word(core, draft));
  std::string hub = room->hub();
  CHATD_CO_CHECK(core.peers->admits(hub));
  if (room->is_direct() && room->head() == 1) {
    const UserId peer = room->peer_of(draft.sender);
    auto founded = co_await found_elsewhere(core, caller, draft.room, peer, hub);
    if (!founded) co_return fail(std::move(founded).error());
  }
  auto answer = co_await say_at_hub(core, std::move(caller), std::move(hub), std::move(draft),
                                    std::move(turn));
  co_return answer;
}

}  // namespace

Task<Result<std::optional<SendAnswer>>> find_said(Context& core, Draft draft) {
  auto room = co_await core.rooms.load(draft.room);
  if (!room && room.error().code == Code::not_found) co_return std::optional<SendAnswer>();
  if (!room) co_return fail(std::move(room).error());
  const auto novelty = (*room)->novelty({draft.sender, draft.device}, draft.client_msg_id);
  if (draft.client_msg_id.empty() || novelty.kind == Room::Novelty::Kind::fresh)
    co_return std::optional<SendAnswer>();
  auto old = co_await said_before(core, std::move(draft), novelty);
  co_return old;
}

Task<Result<Room*>> joined_room(Context& core, RoomId id, UserId user) {
  Room* room = core.rooms.find(id);
  if (room == nullptr) {
    auto loaded = co_await core.rooms.load(id);
    if (!loaded && loaded.error().code == Code::not_found) co_return no_such_room();
    if (!loaded) co_return fail(std::move(loaded).error());
    room = *loaded;
  }
  if (!room->is_joined(user)) co_return no_such_room();
  // Both belong to a 1:1 room from its first record on; but who was asked knows it by the first
  // word, and is in it, if that came from another server, once they accepted.
  const bool may_be_unknown = room->is_direct() && (room->spans_servers() || room->head() == 1);
  if (!may_be_unknown || !is_ours(core, user)) co_return room;
  const User* account = core.users.find(user);
  if (account == nullptr) {
    auto loaded = co_await core.users.load(user);
    if (!loaded) co_return fail(std::move(loaded).error());
    account = *loaded;
    room = core.rooms.find(id);
    if (room == nullptr) co_return dropped();
  }
  const RoomEntry* const entry = account->room(id);
  if (entry == nullptr || entry->membership != wire::Membership::joined) co_return no_such_room();
  co_return room;
}

Task<Result<SendAnswer>> post(Context& core, Caller caller, Draft draft,
                              std::vector<Write> beside) {
  // 1. Was it said before? Where one waits, a device's posts go one by one, so that is decided.
  const SenderKey sender{draft.sender, draft.device};
  auto joined = co_await joined_room(core, draft.room, draft.sender);
  if (!joined) co_return fail(std::move(joined).error());
  Room* room = *joined;
  if (is_elsewhere(core, *room)) {
    auto pending = co_await post_elsewhere(core, std::move(caller), std::move(draft));
    co_return pending;
  }
  Turns::Pass pass;
  auto novelty = room->novelty(sender, draft.client_msg_id);
  if (core.hooks.wants_message_pre_accept() || novelty.kind == Room::Novelty::Kind::look) {
    pass = co_await core.turns.enter(turn_name(draft));
    room = core.rooms.find(draft.room);
    if (room == nullptr) co_return dropped();
    novelty = room->novelty(sender, draft.client_msg_id);
  }
  if (novelty.kind != Room::Novelty::Kind::fresh) {
    auto old = co_await said_before(core, draft, novelty);
    if (!old) co_return fail(std::move(old).error());
    if (*old) co_return **old;
    room = core.rooms.find(draft.room);
    if (room == nullptr) co_return dropped();
  }

  // 2. May it be said at all?
  CHATD_CO_CHECK(admit(core, *room, draft));
  const UserId peer = room->is_direct() ? room->peer_of(draft.sender) : UserId();
  if (!peer.empty()) {
    auto status = co_await ask_peer(core, peer, draft);
    if (!status) co_return fail(std::move(status).error());
  }

  // 3. Plugins, who may take their time.
  auto asked = co_await ask_plugins(core, peer, draft);
  if (!asked) co_return fail(std::move(asked).error());

  // 4. Number: no wait from here to the ticket, so what is checked stays true.
  room = core.rooms.find(draft.room);
  if (room == nullptr) co_return dropped();
  CHATD_CO_CHECK(admit_again(core, *room, draft, novelty));
  CHATD_CO_TRY(User* const newcomer, who_gets_to_know(core, *room, draft.sender));
  CHATD_CO_CHECK(last_word(core, draft));
  const RoomId room_id = draft.room;
  const Ticket ticket = number(core, *room, std::move(draft), caller.session);
  const SendAnswer answer{room->head(), room->last_active(), std::nullopt};
  for (Write& write : beside) core.committer.add(std::move(write));
  const UserId introduced = newcomer == nullptr ? UserId() : newcomer->id();
  if (newcomer != nullptr) introduce(core, *newcomer, room_id, sender.user);

  // 5. Disk. The members get it before this goes on.
  pass = {};
  const Status status = co_await core.committer.committed(ticket);
  if (!status) co_return fail(status.error());
  if (!introduced.empty()) co_await tell_room_entry(core, introduced, room_id);
  co_return answer;
}

Status check_record_rate(Context& core, const UserId& user) {
  return core.rates.take("record", user.text(), core.settings.messages_per_user);
}

}  // namespace chatd::core
