#include "daemon/core/say.hpp"

#include "daemon/core/keys.hpp"
#include "daemon/core/membership.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/preview_rows.hpp"

#include <set>
#include <utility>

namespace chatd::core {
namespace {

using wire::RecordKind;
using wire::SendAnswer;

constexpr std::uint32_t kAgainMs = 2000;

// The message that an edit, redaction or reaction is about; the caller is a member. Notes whether
// it is erased.
Task<Result<wire::Record>> find_target(Context& core, Draft& draft) {
  const RoomId id = draft.room;
  const Seq target = draft.target;
  auto room = co_await joined_room(core, id, draft.sender);
  if (!room) co_return fail(std::move(room).error());
  draft.target_seen = (*room)->durable;
  const bool is_coming =
      (*room)->preview && target <= (*room)->head() && !(*room)->preview->has(target);
  if (is_coming) co_return fail(Code::unavailable, "this message is still being fetched", kAgainMs);
  auto record = co_await read_record(core, id, target);
  if (!record) co_return fail(std::move(record).error());
  if (record->kind != RecordKind::message)
    co_return fail(Code::not_found, "there is no message with this number");
  draft.target_is_erased = record->is_erased;
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

Task<Result<SendAnswer>> redact(Context& core, Caller caller, Draft draft) {
  // One at a time: two redactions of one message must not both find its content.
  std::string name(draft.room.bytes());
  auto turn = co_await core.turns.enter(name);
  auto target = co_await find_target(core, draft);
  if (!target) co_return fail(std::move(target).error());
  auto room =
      co_await core.rooms.load(draft.room);  // reading the message, it may have been dropped
  if (!room) co_return fail(std::move(room).error());
  if (target->sender != draft.sender && !membership::may_redact_others(**room, draft.sender))
    co_return fail(Code::forbidden, "only who wrote it, or the room's admins, erase a message");
  std::vector<Write> writes;
  if (is_elsewhere(core, **room)) {  // erased here when the record comes, which needs the turn
    turn = {};
    auto pending = co_await post(core, std::move(caller), std::move(draft), std::move(writes));
    co_return pending;
  }
  // Edits on their way are waited for, later ones refused: after that the disk knows them all.
  const NoMoreEdits no_more_edits(core, draft.room, draft.target);
  const Status status = co_await core.committer.committed((*room)->last_ticket);
  if (!status) co_return fail(status.error());
  auto erased = co_await erasures(core, *std::move(target));
  if (!erased) co_return fail(std::move(erased).error());
  auto answer = co_await post(core, std::move(caller), std::move(draft), *std::move(erased));
  co_return answer;
}

}  // namespace

Task<Result<SendAnswer>> say(Context& core, Caller caller, Draft draft) {
  if (draft.kind == RecordKind::redact) {
    auto answer = co_await redact(core, std::move(caller), std::move(draft));
    co_return answer;
  }
  if (draft.kind != RecordKind::message) {
    auto target = co_await find_target(core, draft);
    if (!target) co_return fail(std::move(target).error());
    if (draft.kind == RecordKind::edit && target->sender != draft.sender)
      co_return fail(Code::forbidden, "only who wrote a message edits it");
  }
  auto answer = co_await post(core, std::move(caller), std::move(draft), std::vector<Write>());
  co_return answer;
}

Task<Result<std::vector<Write>>> erasures(Context& core, wire::Record message) {
  std::vector<Write> writes;
  const RoomId room = message.room;
  const Seq target = message.seq;
  const auto erase = [&](wire::Record record) {
    erase_stored(core.rooms.find(room), std::move(record), writes);
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
      auto edit = co_await read_record(core, room, seq);
      // It stood in a preview, and comes again with the log.
      if (!edit && edit.error().code == Code::not_found) continue;
      if (!edit) co_return fail(std::move(edit).error());
      erase(*std::move(edit));
    }
    if (rows->size() < kRows) co_return writes;
    after = rows->back().first;
  }
}

}  // namespace chatd::core
