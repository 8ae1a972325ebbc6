#include "daemon/core/account_events.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/preview_rows.hpp"
#include "daemon/core/room_passing.hpp"

#include <algorithm>

namespace chatd::core::commands {

Answered<wire::ReceiptRead> handle(Context& core, Caller caller, wire::ReceiptRead params) {
  auto joined = co_await joined_room(core, params.room, caller.user);
  if (!joined) co_return fail(std::move(joined).error());
  const Seq seq = std::min(params.seq, (*joined)->durable);
  if (seq == 0) co_return wire::Nothing{};
  auto record = co_await read_record(core, params.room, seq);
  if (!record) co_return fail(std::move(record).error());
  auto user = co_await core.users.load(caller.user);
  if (!user) co_return fail(std::move(user).error());
  const auto entry = (*user)->rooms.find(params.room);
  if (entry == (*user)->rooms.end()) co_return fail(Code::not_found, "you are in no such room");
  if (seq <= entry->second.read_seq) co_return wire::Nothing{};  // markers only move forward
  entry->second.read_seq = seq;
  entry->second.read_ordinal = record->ordinal;
  std::vector<Write> writes;
  (*user)->write_room(entry->second, writes);
  auto status = co_await commit(core, **user, std::move(writes));
  if (!status) co_return fail(std::move(status).error());

  ReadMark mark{params.room, caller.user, seq};
  co_await pass_in_room(core, std::move(mark));
  const auto packet = event_packet(wire::ReadEvent{params.room, caller.user, seq});
  tell(core, caller.user, packet, caller.session);
  core.sessions.wake(caller.user);
  co_return wire::Nothing{};
}

}  // namespace chatd::core::commands
