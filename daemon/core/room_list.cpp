#include "daemon/core/room_list.hpp"

#include "daemon/base/log.hpp"
#include "daemon/core/membership.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace chatd::core {
namespace {

// Rooms read from the store at a time for one list: enough to keep the workers busy, few enough
// that others get their turn.
constexpr std::size_t kLoadsAtOnce = 32;

// What the account's entry says of one.
struct Wanted {
  RoomId room;
  bool is_invited = false;
  TimeMs since = 0;
  bool may_lack_log = false;
};

struct Crew {
  UserId user;
  std::vector<Wanted> rooms;
  std::size_t next = 0;
  std::size_t working = 0;
  std::vector<RoomPosition> positions;
  Status status;
  Gate done;
};

Task<void> load_some(Context& core, std::shared_ptr<Crew> crew) {
  while (crew->next < crew->rooms.size()) {
    const auto [id, is_invited, since, may_lack_log] = crew->rooms[crew->next++];
    auto room = co_await core.rooms.load(id);
    if (room) {
      crew->positions.push_back(
          {is_invited ? invited_at(since, **room, crew->user) : (*room)->last_active(), id});
    } else if (room.error().code == Code::not_found && may_lack_log) {
      crew->positions.push_back({since, id});
    } else if (room.error().code == Code::internal) {
      log::error("a room could not be read",
                 {{"room", id.text()}, {"reason", room.error().message}});
    } else {
      crew->status = fail(room.error());
    }
  }
  if (--crew->working == 0) crew->done.open();
}

}  // namespace

bool is_live(const RoomEntry& entry, TimeMs now) {
  if (entry.membership == wire::Membership::joined) return true;
  // Of someone of another server, who is told nothing, it just lapses.
  const bool has_lapsed = entry.since != 0 && now - entry.since > membership::kInvitationHolds;
  return entry.membership == wire::Membership::invited && !has_lapsed;
}

TimeMs invited_at(TimeMs since, const Room& room, const UserId& user) {
  if (since != 0) return since;
  const MemberState* const state = room.member(user);
  return state == nullptr ? room.last_active() : state->since;
}

std::string RoomPosition::text() const { return fmt::format("{}:{}", last_active, room.text()); }

Result<std::optional<RoomPosition>> RoomPosition::parse(const std::optional<std::string>& text) {
  if (!text) return std::optional<RoomPosition>();
  const std::size_t colon = text->find(':');
  RoomPosition position;
  const char* const end = text->data() + std::min(colon, text->size());
  const auto [rest, error] = std::from_chars(text->data(), end, position.last_active);
  if (colon == std::string::npos || error != std::errc() || rest != end)
    return fail(Code::invalid_params, "\"after\" is not from a page of this list");
  CHATD_TRY(position.room, RoomId::parse(std::string_view(*text).substr(colon + 1)));
  return std::optional(position);
}

bool RoomPosition::operator<(const RoomPosition& other) const {
  if (last_active != other.last_active) return last_active > other.last_active;
  return room < other.room;
}

Task<Result<std::vector<RoomPosition>>> rooms_by_activity(Context& core, UserId user) {
  auto account = co_await core.users.load(user);
  if (!account) co_return fail(std::move(account).error());
  const TimeMs now = core.clock.wall_ms();
  std::vector<Wanted> wanted;
  for (const auto& [id, entry] : (*account)->rooms) {
    const bool is_invited = entry.membership == wire::Membership::invited;
    if (is_live(entry, now)) wanted.push_back({id, is_invited, entry.since, !entry.hub.empty()});
  }
  const auto crew = std::make_shared<Crew>();
  crew->user = std::move(user);
  crew->rooms = std::move(wanted);
  crew->working = std::min(kLoadsAtOnce, crew->rooms.size());
  for (std::size_t i = crew->working; i > 0; --i) core.tasks.spawn(load_some(core, crew));
  if (crew->working > 0) co_await crew->done.wait();
  if (!crew->status) co_return fail(crew->status.error());
  std::vector<RoomPosition> positions = std::move(crew->positions);
  std::sort(positions.begin(), positions.end());
  co_return positions;
}

Task<Result<Seat>> load_seat(Context& core, UserId user, RoomId room) {
  while (true) {
    auto account = co_await settled_user(core, user);
    if (!account) co_return fail(std::move(account).error());
    auto state = co_await core.rooms.load(room);
    // Reading the one may have taken so long that the other was dropped, or changed.
    User* const here = core.users.find(user);
    if (here == nullptr || here->last_ticket > core.committer.completed()) continue;
    if (state) co_return Seat{here, *state};
    const RoomEntry* const entry = here->room(room);
    const bool is_elsewhere = entry != nullptr && !entry->hub.empty();
    if (state.error().code != Code::not_found || !is_elsewhere)
      co_return fail(std::move(state).error());
    co_return Seat{here, nullptr};
  }
}

}  // namespace chatd::core
