#include "daemon/core/account_events.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/recent.hpp"
#include "daemon/core/room_list.hpp"
#include "daemon/wire/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <unordered_map>
#include <utility>

namespace chatd::core::commands {
namespace {

constexpr std::uint32_t kDefaultRecords = 20;
constexpr std::uint32_t kDefaultPollMs = 30'000;
// A page of sync: about what a phone takes in half a second, and enough for the rooms that its
// screen shows. A single room may go over it.
constexpr std::size_t kPageBytes = 128 * 1024;

using Cursors = std::unordered_map<RoomId, Seq>;

Cursors cursors_of(const std::vector<wire::RoomCursor>& list) {
  Cursors cursors;
  for (const wire::RoomCursor& cursor : list) cursors[cursor.room] = cursor.seq;
  return cursors;
}

// Where a page ended; all pages of one walk give the account as it was at the first.
struct Place {
  std::uint64_t account_version = 0;
  RoomPosition after;

  [[nodiscard]] std::string text() const {
    return fmt::format("{}:{}", account_version, after.text());
  }
  [[nodiscard]] static Result<std::optional<Place>> parse(const std::optional<std::string>& text) {
    if (!text) return std::optional<Place>();
    Place place;
    const char* const end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, place.account_version);
    if (error != std::errc() || rest == end || *rest != ':')
      return fail(Code::invalid_params, "\"after\" is not from a page of sync");
    CHATD_TRY(const auto after, RoomPosition::parse(std::string(rest + 1, end)));
    place.after = *after;
    return std::optional(place);
  }
};

// Whether the device lacks something of this room; null: its log is not here.
bool is_news(const Room* room, const RoomEntry& entry, const Cursors& cursors,
             std::uint64_t version) {
  if (entry.version > version) return true;
  if (entry.membership != wire::Membership::joined || room == nullptr) return false;
  const auto cursor = cursors.find(entry.room);
  return cursor == cursors.end() || cursor->second < room->durable;
}

std::vector<wire::Pending> pending_of(const Context& core, const UserId& user) {
  std::vector<wire::Pending> list;
  for (const Submission& each : core.outbox.of_user(user))
    if (is_shown(core, each)) list.push_back(pending_view(each));
  return list;
}

Task<Status> fill_account(Context& core, UserId id, std::uint64_t since, wire::SyncAnswer& answer) {
  auto user = co_await settled_user(core, id);
  if (!user) co_return fail(std::move(user).error());
  answer.account_version = (*user)->account.version;
  if ((*user)->account.profile_version > since) answer.profile = profile_view((*user)->account);
  if ((*user)->account.pending_version > since) answer.pending = pending_of(core, id);
  const TimeMs now = core.clock.wall_ms();
  for (const auto& [room, entry] : (*user)->rooms) {
    // A device that knows nothing yet need not hear of what is gone.
    const bool may_be_known = entry.version > since && since > 0;
    if (may_be_known && !is_live(entry, now)) answer.gone.push_back(room);
  }
  std::vector<ContactEntry> changed;
  for (const auto& [other, entry] : (*user)->contacts) {
    const bool is_gone = entry.state == wire::ContactState::none && !entry.is_blocked;
    if (entry.version > since && !(is_gone && since == 0)) changed.push_back(entry);
  }
  for (const ContactEntry& entry : changed) {
    auto view = co_await contact_view(core, entry);
    if (!view) co_return fail(std::move(view).error());
    answer.contacts.push_back(*std::move(view));
  }
  co_return Status();
}

Task<Result<wire::RoomDelta>> delta_of(Context& core, UserId user, RoomId room_id, Seq have,
                                       std::size_t max_records) {
  auto summary = co_await room_summary(core, user, room_id);
  if (!summary) co_return fail(std::move(summary).error());
  wire::RoomDelta delta;
  delta.summary = *std::move(summary);
  delta.from_seq = std::max(have, delta.summary.head_seq) + 1;
  const bool has_news =
      delta.summary.membership == wire::Membership::joined && have < delta.summary.head_seq;
  auto page = co_await newest_page(core, room_id, have + 1, delta.summary.head_seq,
                                   has_news ? max_records : 0, wire::kDefaultPageBytes);
  if (!page) co_return fail(std::move(page).error());
  if (!page->empty()) delta.from_seq = page->first();
  delta.records.text = std::move(page->json);
  co_return delta;
}

Task<Result<wire::SyncAnswer>> page_of(Context& core, UserId user, wire::Sync params) {
  CHATD_CO_TRY(const auto place, Place::parse(params.after));
  const Cursors cursors = cursors_of(params.rooms);
  const std::size_t max_rooms = std::max(1u, params.max_rooms.value_or(kDefaultRooms));
  const std::size_t max_records = params.records_per_room.value_or(kDefaultRecords);
  wire::SyncAnswer answer;
  // The version before the rooms: what changes in between comes again, rather than never.
  answer.account_version = place ? place->account_version : 0;
  if (!place) {
    auto status = co_await fill_account(core, user, params.account_version, answer);
    if (!status) co_return fail(std::move(status).error());
  }
  auto positions = co_await rooms_by_activity(core, user);
  if (!positions) co_return fail(std::move(positions).error());
  std::size_t bytes = 0;
  std::optional<RoomPosition> last;
  for (const RoomPosition& position : *positions) {
    if (place && !(place->after < position)) continue;
    auto seat = co_await load_seat(core, user, position.room);
    if (!seat) co_return fail(std::move(seat).error());
    const RoomEntry* const entry = seat->user->room(position.room);
    if (entry == nullptr) continue;
    if (!is_news(seat->room, *entry, cursors, params.account_version)) continue;
    if (answer.rooms.size() == max_rooms || bytes >= kPageBytes) {
      answer.next = Place{answer.account_version, *last}.text();
      break;
    }
    const auto cursor = cursors.find(position.room);
    const Seq have = cursor == cursors.end() ? 0 : cursor->second;
    auto delta = co_await delta_of(core, user, position.room, have, max_records);
    if (!delta && delta.error().code == Code::not_found) continue;  // left meanwhile
    if (!delta) co_return fail(std::move(delta).error());
    bytes += delta->records.text.size() + sizeof(wire::RoomDelta);
    answer.rooms.push_back(*std::move(delta));
    last = position;
  }
  co_return answer;
}

bool is_empty(const wire::SyncAnswer& answer) {
  return !answer.profile && !answer.pending && answer.contacts.empty() && answer.gone.empty() &&
         answer.rooms.empty();
}

// A poll waits for long: its device may have been logged out since it was asked.
Task<Status> check_device(Context& core, UserId id, DeviceId device) {
  auto user = co_await core.users.load(id);
  if (!user) co_return fail(std::move(user).error());
  if (!(*user)->account.is_enabled || !(*user)->devices.contains(device))
    co_return fail(Code::unauthenticated, "this device was logged out");
  co_return Status();
}

// The poll looks a last time at its deadline.
void wake_later(Context& core, std::weak_ptr<Change> change, Millis delay) {
  core.timers.after(delay, [change = std::move(change)] {
    if (const auto here = change.lock()) here->gate.open();
  });
}

}  // namespace

Answered<wire::Sync> handle(Context& core, Caller caller, wire::Sync params) {
  // From here on nothing is missed: what is not in the pages comes as an event, or is in both.
  if (Session* const session = core.sessions.find(caller.session)) {
    session->is_live = true;
    core.clients.resume_live(caller.session);
  }
  auto answer = co_await page_of(core, caller.user, std::move(params));
  co_return answer;
}

Answered<wire::SyncPoll> handle(Context& core, Caller caller, wire::SyncPoll params) {
  const Monotonic deadline = core.clock.now() + Millis(params.timeout_ms.value_or(kDefaultPollMs));
  wire::Sync sync;
  sync.account_version = params.account_version;
  sync.rooms = std::move(params.rooms);
  while (true) {
    // Asked for before looking: what happens in between is not missed.
    const std::shared_ptr<Change> change = core.sessions.next_change_of(caller.user);
    auto status = co_await check_device(core, caller.user, caller.device);
    if (!status) co_return fail(std::move(status).error());
    auto answer = co_await page_of(core, caller.user, sync);
    const Monotonic now = core.clock.now();
    if (!answer || !is_empty(*answer) || now >= deadline || core.is_draining ||
        core.sessions.find(caller.session) == nullptr)
      co_return answer;
    if (change->has_happened) continue;
    wake_later(core, change, std::chrono::duration_cast<Millis>(deadline - now) + Millis(1));
    co_await change->gate.wait();
  }
}

}  // namespace chatd::core::commands
