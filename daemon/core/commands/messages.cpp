#include "daemon/base/utf8.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/say.hpp"
#include "daemon/core/settle.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"

#include <fmt/format.h>

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
  auto draft = draft_of(caller, params.room, params.client_msg_id, RecordKind::edit, params.target,
                        std::move(params.content.bytes));
  auto answer = co_await say(core, std::move(caller), std::move(draft));
  co_return answer;
}

Answered<wire::MessageRedact> handle(Context& core, Caller caller, wire::MessageRedact params) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  auto draft = draft_of(caller, params.room, params.client_msg_id, RecordKind::redact,
                        params.target, wire::to_json(wire::RedactContent{params.reason}));
  auto answer = co_await say(core, std::move(caller), std::move(draft));
  co_return answer;
}

Answered<wire::MessageReact> handle(Context& core, Caller caller, wire::MessageReact params) {
  CHATD_CO_CHECK(check_record_rate(core, caller.user));
  if (!is_name(params.reaction))
    co_return fail(Code::invalid_params, "\"reaction\" is an emoji or a short word");
  auto draft =
      draft_of(caller, params.room, params.client_msg_id, RecordKind::reaction, params.target,
               wire::to_json(wire::ReactionContent{std::move(params.reaction), params.set}));
  auto answer = co_await say(core, std::move(caller), std::move(draft));
  co_return answer;
}

Answered<wire::MessageCancel> handle(Context& core, Caller caller, wire::MessageCancel params) {
  auto status = co_await take_back(core, std::move(caller), params.pending);
  if (!status) co_return fail(std::move(status).error());
  co_return wire::Nothing{};
}

}  // namespace chatd::core::commands
