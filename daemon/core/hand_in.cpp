#include "daemon/core/hand_in.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/core/account_events.hpp"
#include "daemon/core/hub_move.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/settle.hpp"
#include "daemon/wire/room_content.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace chatd::core {
namespace {

using wire::SendAnswer;

constexpr std::size_t kRowsPerScan = 1000;
// What people take for at once. Who is behind a link that takes longer sees what is pending.
constexpr Millis kPatience = std::chrono::seconds(1);
constexpr std::uint32_t kAgainMs = 200;

std::string number_row(std::uint64_t number) {
  ByteWriter out;
  out.u64(number);
  return out.take();
}

SendAnswer answer_of(const Submission& submission) {
  return {0, submission.since, submission.entry};
}

Result<Submission> new_submission(Context& core, std::string hub, Draft draft) {
  CHATD_CHECK(core.outbox.has_place(draft.sender, draft.content.size()));
  CHATD_CHECK(core.committer.accepting());
  Submission submission;
  submission.since = core.clock.wall_ms();
  submission.entry = core.outbox.next_number(submission.since);
  submission.hub = std::move(hub);
  submission.draft = std::move(draft);
  return submission;
}

void write_down(const Submission& submission, User& sender, std::vector<Write>& out) {
  out.push_back(Put{keys::outbox(submission.entry), submission.encode()});
  out.push_back(Put{std::string(keys::kOutboxNumber), number_row(submission.entry)});
  sender.write_pending(out);
}

void send_out(Context& core, Submission submission) {
  const std::string hub = submission.hub;
  const RoomId room = submission.draft.room;
  core.outbox.put(std::move(submission));
  core.peers->said_at(hub);
  const Room* const log = core.rooms.find(room);
  if (log != nullptr && knows_hub(core, *log)) redirect(core, *log, hub);  // moved meanwhile
}

void keep_late(Context& core);

void keep_later(Context& core, Monotonic since) {
  core.is_keeping = true;
  const Millis left = std::chrono::ceil<Millis>(since + kPatience - core.clock.now());
  core.timers.after(left, [&core] { keep_late(core); });
}

void keep_late(Context& core) {
  core.is_keeping = false;
  const Monotonic now = core.clock.now();
  std::vector<std::uint64_t> late;
  for (const auto& [entry, asker] : core.unanswered.all()) {
    if (asker.since + kPatience > now) {
      keep_later(core, asker.since);
      break;
    }
    late.push_back(entry);
  }
  for (const std::uint64_t entry : late) core.tasks.spawn(keep(core, entry));
}

}  // namespace

tl::unexpected<Error> has_moved() {
  return fail(Code::unavailable, "the room has just got another hub", kAgainMs);
}

tl::unexpected<Error> refusal(Code code, const std::string& why) {
  return fail(code, why.empty() ? "the room's server refused this" : why);
}

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

bool says_own(const Draft& draft, wire::Membership membership) {
  if (draft.kind != wire::RecordKind::member) return false;
  const auto content = wire::decode_member(draft.content);
  return content && content->user == draft.sender && content->membership == membership;
}

bool is_leaving(const Context& core, const UserId& user, const RoomId& room, Seq as_of) {
  const auto entries = core.outbox.of_user(user);
  return std::any_of(entries.begin(), entries.end(), [&](const Submission& each) {
    const bool is_to_come = each.accepted == 0 || each.accepted > as_of;
    return is_to_come && each.draft.room == room && !each.refused && says_leaving(each.draft);
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
  if (!submission.refusal.empty()) view.reason = submission.refusal;
  return view;
}

Task<Result<std::optional<SendAnswer>>> find_handed_in(Context& core, Draft draft) {
  const auto find = [&] {
    return core.outbox.find(draft.room, draft.sender, draft.device, draft.client_msg_id);
  };
  if (find() != nullptr) {  // it may be on its way to the disk, or from there
    auto owner = co_await settled_user(core, draft.sender);
    if (!owner) co_return fail(std::move(owner).error());
  }
  const Submission* const known = find();
  if (known != nullptr && known->refused) co_return refusal(*known->refused, known->refusal);
  if (known != nullptr && core.unanswered.find(known->entry) != nullptr)
    co_return fail(Code::unavailable, "the same message is being posted", kAgainMs);
  if (known != nullptr) co_return answer_of(*known);
  auto record = co_await find_said(core, std::move(draft));
  co_return record;
}

Task<Result<SendAnswer>> hand_in(Context& core, Caller caller, std::string hub, Draft draft,
                                 Beside beside) {
  if (hub == core.settings.server_name) co_return has_moved();
  auto user = co_await core.users.load(draft.sender);
  if (!user) co_return fail(std::move(user).error());
  CHATD_CO_TRY(Submission submission, new_submission(core, std::move(hub), std::move(draft)));
  std::vector<Write> writes;
  if (beside) beside(**user, writes);
  write_down(submission, **user, writes);
  ++core.being_handed_in;
  auto status = co_await commit(core, **user, std::move(writes));
  --core.being_handed_in;
  if (!status) co_return fail(std::move(status).error());

  const SendAnswer answer = answer_of(submission);
  const bool is_news = is_shown(core, submission);
  // Who says something has the number in the answer; who changes a room gets it like the others.
  const SessionId but = submission.draft.device == DeviceId() ? SessionId() : caller.session;
  send_out(core, std::move(submission));
  expire_later(core);
  // Not awaited: that it is settled must not be told before the answer.
  if (is_news) core.tasks.spawn(tell_pending(core, caller.user, *answer.pending, but));
  co_return answer;
}

Task<Result<SendAnswer>> say_at_hub(Context& core, Caller caller, std::string hub, Draft draft,
                                    Turns::Pass turn) {
  const PeerProgress hub_is = core.peers->progress(hub, draft.room);
  // What comes into the outbox goes out in the order of its numbers.
  if (!hub_is.is_linked || hub_is.waits || core.being_handed_in > 0) {
    Beside beside;
    auto pending = co_await hand_in(core, std::move(caller), std::move(hub), std::move(draft),
                                    std::move(beside));
    co_return pending;
  }
  if (hub == core.settings.server_name) co_return has_moved();
  CHATD_CO_TRY(Submission submission, new_submission(core, std::move(hub), std::move(draft)));
  const std::uint64_t entry = submission.entry;
  auto answer = co_await call<Result<SendAnswer>>([&](auto done) {
    // All of these may outlive this task, which goes on with the answer.
    Context& here = core;
    const Turns::Pass let_go = std::move(turn);
    Submission said = std::move(submission);
    const Monotonic now = here.clock.now();
    here.unanswered.put(entry, {caller.user, caller.session, now, std::move(done)});
    if (!here.is_keeping) keep_later(here, now);
    send_out(here, std::move(said));
  });
  co_return answer;
}

Task<void> keep(Context& core, std::uint64_t entry) {
  const Asker* const waiting = core.unanswered.find(entry);
  if (waiting == nullptr) co_return;
  const UserId user = waiting->user;
  auto owner = co_await core.users.load(user);
  const auto asker = core.unanswered.take(entry);
  if (!asker) co_return;
  const Submission* const said = core.outbox.find(user, entry);
  Status status = core.committer.accepting();
  if (!owner) status = fail(std::move(owner).error());
  const SendAnswer answer = answer_of(*said);
  if (status) {
    std::vector<Write> writes;
    write_down(*said, **owner, writes);
    status = co_await commit(core, **owner, std::move(writes));
  }
  if (!status) {
    core.outbox.erase(user, entry);
    asker->answer(fail(std::move(status).error()));
    co_return;
  }
  expire_later(core);
  asker->answer(answer);
  co_await tell_pending(core, user, entry, asker->session);
}

void keep_all(Context& core, const std::string& hub) {
  std::vector<std::uint64_t> entries;
  for (const auto& [entry, submission] : core.outbox.of_hub(hub)) entries.push_back(entry);
  for (const std::uint64_t entry : entries) core.tasks.spawn(keep(core, entry));
}

Task<Status> load_outbox(Context& core) {
  auto last = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { core.store.get(std::string(keys::kOutboxNumber), std::move(done)); });
  if (!last) co_return fail(std::move(last).error());
  if (*last) {
    CHATD_CO_TRY(const std::uint64_t number, ByteReader(**last).u64());
    core.outbox.continue_after(number);
  }
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
      submission.may_be_known = true;
      core.outbox.put(std::move(submission));
    }
    if (rows->size() < kRowsPerScan) break;
    after = rows->back().first;
  }
  expire_later(core);
  co_return Status();
}

}  // namespace chatd::core
