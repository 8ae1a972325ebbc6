#include "daemon/base/utf8.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/membership.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace chatd::core::commands {
namespace {

using wire::RecordKind;

Draft draft_of(const Caller& caller, RoomId room, ClientMsgId id, RecordKind kind, Seq target,
               std::string content) {
  return {room, kind, caller.user, caller.device, id, target, std::move(content)};
}

Status check_text(const Context& core, const wire::Content& content) {
  const std::size_t limit = core.settings.max_text_characters;
  if (content.characters <= limit) return {};
  return fail(Code::too_large, fmt::format("a message has at most {} characters here", limit));
}

// The message that an edit, redaction or reaction is about; the caller is a member.
Task<Result<wire::Record>> target_of(Context& core, RoomId room_id, UserId user, Seq target) {
  auto room = co_await joined_room(core, room_id, user);
  if (!room) co_return fail(std::move(room).error());
  auto record = co_await read_record(core.store, room_id, target);
  if (!record) co_return fail(std::move(record).error());
  if (record->kind != RecordKind::message)
    co_return fail(Code::not_found, "there is no message with this number");
  co_return record;
}

// While it lives, no edit of this message is taken: what is about to be erased must not grow.
class NoMoreEdits {
 public:
  NoMoreEdits(Context& core, RoomId room, Seq message)
      : core_(core), place_(core.redacting.emplace(room, message)) {}
  NoMoreEdits(const NoMoreEdits&) = delete;
  NoMoreEdits& operator=(const NoMoreEdits&) = delete;
  ~NoMoreEdits() { core_.redacting.erase(place_); }

 private:
  Context& core_;
  const std::multiset<std::pair<RoomId, Seq>>::iterator place_;
};

// Rewrites of a message and all its edits on disk without their content.
Task<Result<std::vector<Write>>> erasures(Context& core, wire::Record message) {
  std::vector<Write> writes;
  const RoomId room = message.room;
  const Seq target = message.seq;
  const auto erase = [&writes](wire::Record record) {
    const RoomId id = record.room;
    const Seq seq = record.seq;
    writes.push_back(Replace{id, seq, wire::encode_stored(wire::erase_content(std::move(record)))});
  };
  erase(std::move(message));
  const std::string prefix = keys::edits_of(room, target);
  std::string after = prefix;
  while (true) {
    constexpr std::size_t kRows = 256;
    auto rows = co_await call<Result<std::vector<KeyValue>>>(
        [&](auto done) { core.store.scan(prefix, after, kRows, std::move(done)); });
    if (!rows) co_return fail(std::move(rows).error());
    for (const auto& [key, value] : *rows) {
      CHATD_CO_TRY(const Seq seq, keys::edit_seq(key));
      auto edit = co_await read_record(core.store, room, seq);
      if (!edit) co_return fail(std::move(edit).error());
      erase(*std::move(edit));
    }
    if (rows->size() < kRows) co_return writes;
    after = rows->back().first;
  }
}

}  // namespace

Answered<wire::MessageSend> handle(Context& core, Caller caller, wire::MessageSend params) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  CHATD_CO_CHECK(check_text(core, params.content));
  auto draft = draft_of(caller, params.room, params.client_msg_id, RecordKind::message, 0,
                        std::move(params.content.bytes));
  auto answer = co_await post(core, std::move(caller), std::move(draft), std::vector<Write>());
  co_return answer;
}

Answered<wire::MessageEdit> handle(Context& core, Caller caller, wire::MessageEdit params) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  CHATD_CO_CHECK(check_text(core, params.content));
  auto target = co_await target_of(core, params.room, caller.user, params.target);
  if (!target) co_return fail(std::move(target).error());
  if (target->sender != caller.user)
    co_return fail(Code::forbidden, "only who wrote a message edits it");
  auto draft = draft_of(caller, params.room, params.client_msg_id, RecordKind::edit, params.target,
                        std::move(params.content.bytes));
  draft.target_is_erased = target->is_erased;
  auto answer = co_await post(core, std::move(caller), std::move(draft), std::vector<Write>());
  co_return answer;
}

Answered<wire::MessageRedact> handle(Context& core, Caller caller, wire::MessageRedact params) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  // One at a time: two redactions of one message must not both find its content.
  std::string name(params.room.bytes());
  const auto turn = co_await core.turns.enter(name);
  auto target = co_await target_of(core, params.room, caller.user, params.target);
  if (!target) co_return fail(std::move(target).error());
  const Room* const room = core.rooms.find(params.room);
  if (target->sender != caller.user &&
      (room == nullptr || !membership::may_redact_others(*room, caller.user)))
    co_return fail(Code::forbidden, "only who wrote it, or the room's admins, erase a message");
  auto draft = draft_of(caller, params.room, params.client_msg_id, RecordKind::redact,
                        params.target, wire::to_json(wire::RedactContent{params.reason}));
  draft.target_is_erased = target->is_erased;
  // Edits on their way are waited for, later ones refused: after that the disk knows them all.
  const NoMoreEdits no_more_edits(core, params.room, params.target);
  if (room != nullptr) {
    const Status status = co_await core.committer.committed(room->last_ticket);
    if (!status) co_return fail(status.error());
  }
  auto writes = co_await erasures(core, *std::move(target));
  if (!writes) co_return fail(std::move(writes).error());
  auto answer = co_await post(core, std::move(caller), std::move(draft), *std::move(writes));
  co_return answer;
}

Answered<wire::MessageReact> handle(Context& core, Caller caller, wire::MessageReact params) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  if (!is_name(params.reaction))
    co_return fail(Code::invalid_params, "\"reaction\" is an emoji or a short word");
  auto target = co_await target_of(core, params.room, caller.user, params.target);
  if (!target) co_return fail(std::move(target).error());
  auto draft =
      draft_of(caller, params.room, params.client_msg_id, RecordKind::reaction, params.target,
               wire::to_json(wire::ReactionContent{std::move(params.reaction), params.set}));
  draft.target_is_erased = target->is_erased;
  auto answer = co_await post(core, std::move(caller), std::move(draft), std::vector<Write>());
  co_return answer;
}

}  // namespace chatd::core::commands
