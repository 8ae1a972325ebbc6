#include "daemon/base/encoding.hpp"
#include "daemon/base/log.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/hub_move.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/verify.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core::commands {
namespace {

constexpr std::uint32_t kDefaultListed = 50;

wire::AdminRoom view_of(const Room& room) {
  const auto joined = std::count_if(
      room.members().begin(), room.members().end(),
      [](const auto& member) { return member.second.membership == wire::Membership::joined; });
  return {room.id(),      room.type(),
          room.name(),    static_cast<std::uint64_t>(joined),
          room.durable,   hex(view(room.head_hash())),
          room.created(), room.last_active()};
}

}  // namespace

Answered<wire::AdminRoomList> handle(Context& core, Caller, wire::AdminRoomList params) {
  const std::size_t limit = std::max(1u, params.limit.value_or(kDefaultListed));
  const std::string prefix(keys::kRoomSnapshots);
  std::string after = prefix;
  if (params.after) {
    CHATD_CO_TRY(const RoomId id, RoomId::parse(*params.after));
    after = keys::room_snapshot(id);
  }
  auto rows = co_await call<Result<std::vector<KeyValue>>>(
      [&](auto done) { core.store.scan(prefix, after, limit, std::move(done)); });
  if (!rows) co_return fail(std::move(rows).error());
  wire::AdminRoomListAnswer answer;
  RoomId last;
  for (const auto& [key, snapshot] : *rows) {
    CHATD_CO_TRY(last, RoomId::from_bytes(std::string_view(key).substr(prefix.size())));
    auto room = co_await core.rooms.load(last);
    if (!room)  // the others are still to be seen
      log::error("a room could not be read",
                 {{"room", last.text()}, {"reason", room.error().message}});
    if (room) answer.rooms.push_back(view_of(**room));
  }
  if (rows->size() == limit) answer.next = last.text();
  co_return answer;
}

Answered<wire::AdminRoomShow> handle(Context& core, Caller, wire::AdminRoomShow params) {
  auto room = co_await core.rooms.load(params.room);
  if (!room) co_return fail(std::move(room).error());
  wire::AdminRoomShowAnswer answer;
  answer.summary = view_of(**room);
  for (const auto& [user, state] : (*room)->members())
    answer.members.push_back({user, state.membership, state.role, state.last_sent});
  co_return answer;
}

Answered<wire::AdminRoomVerify> handle(Context& core, Caller, wire::AdminRoomVerify params) {
  auto report = co_await verify_room(core, params.room);
  if (!report) co_return fail(std::move(report).error());
  wire::AdminRoomVerifyAnswer answer;
  answer.records = report->records;
  answer.erased = report->erased;
  answer.head_hash = hex(view(report->head_hash));
  answer.problems = std::move(report->problems);
  co_return answer;
}

Answered<wire::AdminRoomHubShow> handle(Context& core, Caller, wire::AdminRoomHubShow params) {
  auto room = co_await core.rooms.load(params.room);
  if (!room) co_return fail(std::move(room).error());
  co_return wire::RoomHubAnswer{(*room)->hub(), !is_elsewhere(core, **room), (*room)->term(),
                                (*room)->durable, (*room)->followers_at((*room)->head() + 1)};
}

Answered<wire::AdminRoomHubMove> handle(Context& core, Caller caller,
                                        wire::AdminRoomHubMove params) {
  const RoomId room = params.room;
  auto moved = co_await move_hub(core, room, std::move(params.server));
  if (!moved) co_return fail(std::move(moved).error());
  auto answer = co_await handle(core, std::move(caller), wire::AdminRoomHubShow{room});
  co_return answer;
}

}  // namespace chatd::core::commands
