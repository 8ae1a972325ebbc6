#include "daemon/core/account_events.hpp"

#include "daemon/core/hand_in.hpp"
#include "daemon/core/preview_rows.hpp"
#include "daemon/core/room_list.hpp"

#include <algorithm>

namespace chatd::core {
namespace {

void send(Context& core, const UserId& user, const wire::AccountEvent& event, SessionId but = {}) {
  if (!core.sessions.of(user).empty()) tell(core, user, event_packet(event), but);
  core.sessions.wake(user);
}

// Whether an event that was made of this version must be made again.
bool has_changed(Context& core, const UserId& user, std::uint64_t version) {
  const User* const now = core.users.find(user);
  return now == nullptr || now->account.version != version;
}

}  // namespace

wire::Profile profile_view(const Account& account) {
  return {account.id, account.display_name, account.status_text};
}

Task<Result<wire::Contact>> contact_view(Context& core, ContactEntry entry) {
  wire::Contact view{entry.user, entry.state, {}, entry.is_blocked, entry.since};
  if (!is_ours(core, entry.user)) {
    // What somebody who only asks calls themselves is theirs to write: not before it is accepted.
    const bool is_accepted = entry.state == wire::ContactState::accepted;
    view.display_name = is_accepted ? core.remote_profiles.known(entry.user).display_name
                                    : std::string(entry.user.localpart());
    co_return view;
  }
  auto other = co_await core.users.load(entry.user);
  if (other) view.display_name = (*other)->account.display_name;
  if (!other && other.error().code != Code::not_found) co_return fail(std::move(other).error());
  co_return view;
}

Seq read_up_to(const Room& room, const RoomEntry& entry, const UserId& user) {
  const MemberState* const member = room.member(user);
  return std::max(entry.read_seq, member == nullptr ? 0 : member->last_sent);
}

std::uint64_t unread(const Room& room, const RoomEntry& entry, const UserId& user) {
  const MemberState* const member = room.member(user);
  const auto read = std::max(entry.read_ordinal, member == nullptr ? 0 : member->last_sent_ordinal);
  return room.messages() > read ? room.messages() - read : 0;
}

Task<Result<wire::RoomSummary>> room_summary(Context& core, UserId user, RoomId room_id) {
  auto seat = co_await load_seat(core, user, room_id);
  if (!seat) co_return fail(std::move(seat).error());
  const Room* const room = seat->room;
  const RoomEntry* const entry = seat->user->room(room_id);
  if (entry == nullptr) co_return fail(Code::not_found, "you are in no such room");
  wire::RoomSummary summary;
  summary.room = room_id;
  summary.type = room == nullptr ? wire::RoomType::group : room->type();
  summary.membership = entry->membership;
  summary.last_active = room == nullptr ? entry->since : room->last_active();
  if (const std::string& hub = room == nullptr ? entry->hub : room->hub();
      hub != core.settings.server_name) {
    summary.hub = hub;
    summary.unreachable_since = core.peers->unreachable_since(hub);
  }
  if (entry->membership == wire::Membership::invited || room == nullptr) {
    // A stranger's invite shows who invites, and nothing that they wrote.
    summary.invited_by = entry->invited_by;
    if (room != nullptr) summary.last_active = invited_at(entry->since, *room, user);
    co_return summary;
  }
  summary.name = room->name();
  if (room->is_direct()) summary.peer = room->peer_of(user);
  summary.head_seq = room->durable;
  summary.read_seq = read_up_to(*room, *entry, user);
  summary.unread = unread(*room, *entry, user);
  const Seq last_message = room->last_message();
  if (last_message == 0) co_return summary;
  auto record = co_await read_record(core, room_id, last_message);
  if (record) {
    summary.last_message.emplace();
    wire::append_json(summary.last_message->text, *record);
  } else if (record.error().code != Code::not_found) {
    co_return fail(std::move(record).error());
  }
  co_return summary;
}

Task<void> tell_profile(Context& core, UserId user, SessionId but) {
  auto owner = co_await settled_user(core, user);
  if (!owner) co_return;
  wire::AccountEvent event;
  event.account_version = (*owner)->account.version;
  event.profile = profile_view((*owner)->account);
  send(core, user, event, but);
}

Task<void> tell_contact(Context& core, UserId user, UserId other) {
  wire::AccountEvent event;
  do {
    auto owner = co_await settled_user(core, user);
    const ContactEntry* const entry = owner ? (*owner)->contact(other) : nullptr;
    if (entry == nullptr) co_return;
    event.account_version = (*owner)->account.version;
    auto view = co_await contact_view(core, *entry);
    if (!view) co_return;
    event.contact = *std::move(view);
  } while (has_changed(core, user, event.account_version));
  send(core, user, event);
}

Task<void> tell_pending(Context& core, UserId user, std::uint64_t entry, SessionId but) {
  auto owner = co_await settled_user(core, user);
  const Submission* const submission = core.outbox.find(user, entry);
  if (!owner || submission == nullptr) co_return;
  wire::AccountEvent event;
  event.account_version = (*owner)->account.version;
  event.pending = pending_view(*submission);
  send(core, user, event, but);
}

Task<void> tell_settled(Context& core, UserId user, std::uint64_t entry) {
  auto owner = co_await settled_user(core, user);
  if (!owner) co_return;
  wire::AccountEvent event;
  event.account_version = (*owner)->account.version;
  event.settled = entry;
  send(core, user, event);
}

Task<void> tell_room_entry(Context& core, UserId user, RoomId room) {
  wire::AccountEvent event;
  do {
    auto owner = co_await settled_user(core, user);
    const RoomEntry* const entry = owner ? (*owner)->room(room) : nullptr;
    if (entry == nullptr) co_return;
    event = {};
    event.account_version = (*owner)->account.version;
    if (entry->membership == wire::Membership::joined ||
        entry->membership == wire::Membership::invited) {
      auto summary = co_await room_summary(core, user, room);
      if (!summary) co_return;
      event.room = *std::move(summary);
    } else {
      event.gone = room;
    }
  } while (has_changed(core, user, event.account_version));
  send(core, user, event);
}

}  // namespace chatd::core
