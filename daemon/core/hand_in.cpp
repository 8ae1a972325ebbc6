#include "daemon/core/hand_in.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/base/log.hpp"
#include "daemon/core/account_events.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/wire/room_content.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace chatd::core {
namespace {

using wire::SendAnswer;

// What the hub did not answer within a week its sender has forgotten.
constexpr TimeMs kExpiresAfter = 7 * 24 * 3600 * TimeMs{1000};
// A device that was not there for so long after a refusal is not told of it any more.
constexpr TimeMs kForgottenAfter = 30 * 24 * 3600 * TimeMs{1000};
constexpr Millis kLookEvery = std::chrono::hours(1);
constexpr std::size_t kRowsPerScan = 1000;

std::string turn_name(const Draft& draft) {
  std::string name("o");
  name.append(draft.room.bytes()).append(draft.sender.text()).append(draft.device.text());
  return name;
}

bool says_leaving(const Draft& draft) {
  if (draft.kind != wire::RecordKind::member) return false;
  const auto content = wire::decode_member(draft.content);
  return content && content->user == draft.sender && content->membership == wire::Membership::left;
}

SendAnswer answer_of(const Submission& submission) {
  return {0, submission.since, submission.entry};
}

// What was said already: it waits, was refused, or is a record here.
Task<Result<std::optional<SendAnswer>>> said_before(Context& core, Draft draft) {
  const Submission* const known =
      core.outbox.find(draft.room, draft.sender, draft.device, draft.client_msg_id);
  if (known != nullptr && known->refused)
    co_return fail(*known->refused, "the room's server refused this");
  if (known != nullptr) co_return answer_of(*known);
  auto record = co_await find_said(core, std::move(draft));
  co_return record;
}

void expire_later(Context& core);

Task<void> expire(Context& core) {
  const TimeMs now = core.clock.wall_ms();
  struct Old {
    UserId user;
    std::uint64_t entry;
    bool is_forgotten;
  };
  std::vector<Old> old;
  for (const Submission& each : core.outbox.older_than(now - kExpiresAfter)) {
    const bool is_forgotten = each.refused && each.since < now - kForgottenAfter;
    if (!each.refused || is_forgotten) old.push_back({each.draft.sender, each.entry, is_forgotten});
  }
  for (const Old& each : old) {
    if (each.is_forgotten) {
      static_cast<void>(co_await settle(core, each.user, each.entry));
    } else {
      co_await refuse(core, each.user, each.entry, Code::timeout);
    }
  }
  core.is_expiring = false;
  expire_later(core);
}

void expire_later(Context& core) {
  if (core.is_expiring || core.outbox.size() == 0) return;
  core.is_expiring = true;
  core.timers.after(kLookEvery, [&core] { core.tasks.spawn(expire(core)); });
}

}  // namespace

ClientMsgId new_msg_id(Context& core) {
  // RFC 9562 section 5.7.
  Hash128 bytes{};
  core.random.fill(bytes);
  const auto now = static_cast<std::uint64_t>(core.clock.wall_ms());
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(now >> (40 - 8 * i));
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x70);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  return ClientMsgId(bytes);
}

bool is_leaving(const Context& core, const UserId& user, const RoomId& room) {
  const auto entries = core.outbox.of_user(user);
  return std::any_of(entries.begin(), entries.end(), [&](const Submission& each) {
    return each.draft.room == room && !each.refused && says_leaving(each.draft);
  });
}

wire::Pending pending_view(const Submission& submission) {
  const Draft& draft = submission.draft;
  wire::Pending view;
  view.number = submission.entry;
  view.room = draft.room;
  view.kind = wire::name(draft.kind);
  view.device = draft.device;
  if (!draft.client_msg_id.empty()) view.client_msg_id = draft.client_msg_id;
  if (draft.target != 0) view.target = draft.target;
  view.content.text = draft.content;
  view.since = submission.since;
  if (submission.refused) view.refused = name(*submission.refused);
  return view;
}

Task<Result<SendAnswer>> hand_in(Context& core, Caller caller, std::string hub, Draft draft,
                                 Beside beside) {
  // One by one: a resend finds its original decided.
  const auto turn = co_await core.turns.enter(turn_name(draft));
  auto before = co_await said_before(core, draft);
  if (!before) co_return fail(std::move(before).error());
  if (*before) co_return **before;
  auto user = co_await core.users.load(draft.sender);
  if (!user) co_return fail(std::move(user).error());
  CHATD_CO_CHECK(core.outbox.has_place(draft.sender, draft.content.size()));
  CHATD_CO_CHECK(core.committer.accepting());

  const TimeMs now = core.clock.wall_ms();
  Submission submission{core.outbox.next_number(now), hub, std::move(draft), now, 0, std::nullopt};
  std::vector<Write> writes;
  if (beside) beside(**user, writes);
  writes.push_back(Put{keys::outbox(submission.entry), submission.encode()});
  (*user)->write_pending(writes);
  auto status = co_await commit(core, **user, std::move(writes));
  if (!status) co_return fail(std::move(status).error());

  const SendAnswer answer = answer_of(submission);
  const bool is_news = is_shown(submission);
  // Who says something has the number in the answer; who changes a room gets it like the others.
  const SessionId but = submission.draft.device == DeviceId() ? SessionId() : caller.session;
  core.outbox.put(std::move(submission));
  expire_later(core);
  core.peers->wake(hub);
  if (is_news) co_await tell_pending(core, caller.user, *answer.pending, but);
  co_return answer;
}

Task<Status> settle(Context& core, UserId user, std::uint64_t entry) {
  auto owner = co_await core.users.load(user);
  if (!owner) co_return fail(std::move(owner).error());
  const Submission* const known = core.outbox.find(user, entry);
  if (known == nullptr) co_return Status();
  const bool is_news = is_shown(*known);
  std::vector<Write> writes{Delete{keys::outbox(entry)}};
  (*owner)->write_pending(writes);
  auto status = co_await commit(core, **owner, std::move(writes));
  if (!status) co_return status;
  core.outbox.erase(user, entry);
  if (is_news) co_await tell_settled(core, user, entry);
  co_return status;
}

Task<void> refuse(Context& core, UserId user, std::uint64_t entry, Code why) {
  const Submission* known = core.outbox.find(user, entry);
  if (known == nullptr) co_return;
  const RoomId room = known->draft.room;
  auto log = co_await core.rooms.load(room);
  const bool is_member = log && (*log)->is_joined(user);
  auto owner = co_await core.users.load(user);
  known = core.outbox.find(user, entry);
  if (!owner || known == nullptr || known->refused) co_return;
  Submission refused = *known;
  refused.refused = why;
  std::vector<Write> writes{Put{keys::outbox(entry), refused.encode()}};
  (*owner)->write_pending(writes);
  // One's own leaving was taken as done: now it is not.
  const auto seat = (*owner)->rooms.find(room);
  const bool has_stayed = is_member && says_leaving(refused.draft) && seat != (*owner)->rooms.end();
  if (has_stayed) {
    seat->second.membership = wire::Membership::joined;
    (*owner)->write_room(seat->second, writes);
  }
  auto status = co_await commit(core, **owner, std::move(writes));
  if (!status) co_return;  // it still waits, and is refused again
  const bool is_news = is_shown(refused);
  if (core.outbox.find(user, entry) != nullptr) core.outbox.put(std::move(refused));
  if (has_stayed) co_await tell_room_entry(core, user, room);
  if (is_news) co_await tell_pending(core, user, entry, {});
}

Task<Status> load_outbox(Context& core) {
  const std::string prefix(keys::kOutbox);
  std::string after = prefix;
  while (true) {
    auto rows = co_await call<Result<std::vector<KeyValue>>>(
        [&](auto done) { core.store.scan(prefix, after, kRowsPerScan, std::move(done)); });
    if (!rows) co_return fail(std::move(rows).error());
    for (const auto& [key, value] : *rows) {
      CHATD_CO_TRY(const std::uint64_t entry,
                   ByteReader(std::string_view(key).substr(prefix.size())).u64());
      CHATD_CO_TRY(Submission submission, Submission::decode(entry, value));
      core.outbox.put(std::move(submission));
    }
    if (rows->size() < kRowsPerScan) break;
    after = rows->back().first;
  }
  expire_later(core);
  co_return Status();
}

}  // namespace chatd::core
