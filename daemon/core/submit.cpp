#include "daemon/core/submit.hpp"

#include "daemon/base/utf8.hpp"
#include "daemon/core/direct_room.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/peer_service.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/say.hpp"
#include "daemon/core/seating.hpp"
#include "daemon/wire/content.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"

#include <algorithm>
#include <utility>

// What users of other servers say in the rooms whose hub this server is: the same checks and the
// same path as for its own.
namespace chatd::core {
namespace {

using wire::RecordKind;
using wire::SendAnswer;

Task<Status> ask_plugins(Context& core, Draft draft) {
  if (!core.hooks.wants_federation_pre_receive()) co_return Status();
  auto verdict = co_await call<Verdict>(
      [&](auto done) { core.hooks.federation_pre_receive(std::move(draft), std::move(done)); });
  co_return status_of(std::move(verdict));
}

// Both servers make the beginning alike, so all that can be said is whether it is that.
Task<Result<SendAnswer>> found_direct(Context& core, Draft draft) {
  wire::Record create;
  CHATD_CO_TRY(const wire::CreateContent content, wire::decode_create(draft.content));
  const bool is_pair = content.members.size() == 2;
  if (is_pair) create = direct_create(content.members[0], content.members[1]);
  const bool is_theirs =
      is_pair && std::count(content.members.begin(), content.members.end(), draft.sender) == 1 &&
      std::any_of(content.members.begin(), content.members.end(),
                  [&](const UserId& member) { return is_ours(core, member); });
  if (!is_theirs || create.room != draft.room || create.content != draft.content ||
      create.origin != core.settings.server_name)
    co_return fail(Code::forbidden, "this server is not the hub of such a room");
  const SendAnswer answer{1, create.time, std::nullopt};
  const auto turn = co_await core.turns.enter(std::string(draft.room.bytes()));
  auto known = co_await core.rooms.load(draft.room);
  if (known) {
    const Status status = co_await core.committer.committed((*known)->last_ticket);
    if (!status) co_return fail(status.error());
    co_return answer;
  }
  if (known.error().code != Code::not_found) co_return fail(std::move(known).error());
  auto asked = co_await ask_plugins(core, draft);
  if (!asked) co_return fail(std::move(asked).error());
  CHATD_CO_CHECK(core.committer.accepting());
  CHATD_CO_TRY(const Founded founded, found_room(core, std::move(create), {}));
  const Status status = co_await core.committer.committed(founded.ticket);
  if (!status) co_return fail(status.error());
  co_return answer;
}

Status check_said(const Context& core, const Draft& draft) {
  if (draft.kind == RecordKind::message || draft.kind == RecordKind::edit) {
    CHATD_TRY(const wire::Content content, wire::Content::decode(draft.content));
    if (content.characters > core.settings.max_text_characters)
      return fail(Code::too_large, "a message is shorter here");
  }
  if (draft.kind == RecordKind::reaction) {
    CHATD_TRY(const auto content, wire::decode_reaction(draft.content));
    if (!is_name(content.reaction) || draft.content != wire::to_json(content))
      return fail(Code::invalid_params, "a reaction is an emoji or a short word");
  }
  if (draft.kind == RecordKind::redact) CHATD_CHECK(wire::check_content(draft.kind, draft.content));
  if ((draft.kind == RecordKind::message) != (draft.target == 0))
    return fail(Code::invalid_params, "a message is about no other, all else is");
  return {};
}

// Who asks to be let in and is in already: their server does not know it yet.
const MemberState* member_already(const Room& room, const wire::MemberContent& wanted,
                                  const UserId& sender) {
  const MemberState* const now = room.member(wanted.user);
  const bool is_so = now != nullptr && wanted.user == sender &&
                     wanted.membership == wire::Membership::joined &&
                     now->membership == wanted.membership && now->role == wanted.role;
  return is_so ? now : nullptr;
}

Task<Result<SendAnswer>> take_member(Context& core, Caller caller, Draft draft) {
  CHATD_CO_TRY(const wire::MemberContent wanted, wire::decode_member(draft.content));
  const Room* const here = core.rooms.find(draft.room);
  if (here == nullptr) co_return fail(Code::unavailable, "the room's state was dropped");
  if (const MemberState* const now = member_already(*here, wanted, draft.sender)) {
    const SendAnswer answer{now->since_seq, now->since, std::nullopt};
    const Status status = co_await core.committer.committed(here->last_ticket);
    if (!status) co_return fail(status.error());
    co_return answer;
  }
  // Whom there is on a third server is not asked here, but whether this one speaks with it.
  const bool is_invited = wanted.membership == wire::Membership::invited;
  if (is_invited)
    CHATD_CO_CHECK(core.rates.take("invite", draft.sender.text(), core.settings.invites_per_user));
  if (is_invited && !is_ours(core, wanted.user) && wanted.user.server() != draft.sender.server())
    CHATD_CO_CHECK(core.peers->admits(wanted.user.server()));
  const std::size_t limit = core.settings.room_member_limit;
  const TimeMs now = core.clock.wall_ms();
  // Named first: GCC 12 destroys a capture twice when the lambda is a temporary of a co_await.
  Decide decide = [=, actor = draft.sender](const Room& room) {
    return membership::apply(room, actor, wanted, limit, now);
  };
  const UserId subject = wanted.user;
  auto answer =
      co_await change_member(core, std::move(caller), std::move(draft), subject, std::move(decide));
  co_return answer;
}

}  // namespace

Task<Result<SendAnswer>> take_draft(Context& core, std::string peer, Draft draft) {
  if (draft.sender.server() != peer || draft.origin != peer || draft.client_msg_id.empty())
    co_return fail(Code::forbidden, "that is not said by a user of the peer");
  if (draft.kind == RecordKind::create) {
    auto founded = co_await found_direct(core, std::move(draft));
    co_return founded;
  }
  // One by one for each sender: a resend on another link finds its original decided.
  std::string name("h");
  name.append(draft.room.bytes()).append(draft.sender.text());
  const auto turn = co_await core.turns.enter(name);
  auto before = co_await find_said(core, draft);
  if (!before) co_return fail(std::move(before).error());
  if (*before) co_return **before;
  // To look it up may have taken so long that the room was dropped.
  auto room = co_await core.rooms.load(draft.room);
  if (!room && room.error().code != Code::not_found) co_return fail(std::move(room).error());
  if (!room || (is_elsewhere(core, **room) && (*room)->is_direct()))
    co_return fail(Code::not_found, "this server is not the hub of such a room");
  if (is_elsewhere(core, **room)) co_return has_moved();
  CHATD_CO_CHECK(check_record_rate(core, draft.sender));
  auto asked = co_await ask_plugins(core, draft);
  if (!asked) co_return fail(std::move(asked).error());
  Caller caller;
  caller.user = draft.sender;
  caller.device = draft.device;
  if (draft.kind == RecordKind::member) {
    auto answer = co_await take_member(core, std::move(caller), std::move(draft));
    co_return answer;
  }
  if (draft.kind == RecordKind::meta) {
    auto answer = co_await change_room(core, std::move(caller), std::move(draft));
    co_return answer;
  }
  if (draft.kind == RecordKind::server) {
    auto answer = co_await ban_server(core, std::move(caller), std::move(draft));
    co_return answer;
  }
  if (wire::name(draft.kind) == "unknown" || draft.kind == RecordKind::hub_move)
    co_return fail(Code::invalid_params, "this server can't judge such a record");
  CHATD_CO_CHECK(check_said(core, draft));
  auto answer = co_await say(core, std::move(caller), std::move(draft));
  co_return answer;
}

namespace {

Task<void> submit_and_answer(Context& core, std::string peer, Draft draft,
                             PeerService::Done<Seq> done) {
  auto answer = co_await take_draft(core, std::move(peer), std::move(draft));
  if (answer)
    done(answer->seq);
  else
    done(fail(std::move(answer).error()));
}

}  // namespace

void PeerService::submit(std::string peer, Draft draft, Done<Seq> done) {
  core_.tasks.spawn(submit_and_answer(core_, std::move(peer), std::move(draft), std::move(done)));
}

}  // namespace chatd::core
