#include "daemon/core/contact_rows.hpp"

#include "daemon/core/account_events.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/shares.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core {
namespace {

using wire::ContactState;
using wire::Membership;

std::size_t live_contacts(const User& user) {
  return static_cast<std::size_t>(
      std::count_if(user.contacts.begin(), user.contacts.end(), [](const auto& entry) {
        return entry.second.state != ContactState::none || entry.second.is_blocked;
      }));
}

ContactState state_of(const User& user, const UserId& other) {
  const ContactEntry* const entry = user.contact(other);
  return entry == nullptr ? ContactState::none : entry->state;
}

// The newest word counts: it takes the place of one that the other server does not know yet.
void tell_other_side(Context& core, User& user, const UserId& other, Membership said) {
  const TimeMs now = core.clock.wall_ms();
  user.last_ticket = core.waiting_notices.put(
      {RoomId(), core.outbox.next_number(now), other, said, user.id(), now});
}

// What the own side becomes by it, and what is answered; none: nothing.
struct Turn {
  ContactState state;
  Membership answer = Membership::none;
};
Turn turn_of(ContactState now, Membership said) {
  const bool has_agreed = now == ContactState::requested || now == ContactState::accepted;
  switch (said) {
    case Membership::invited:  // asks
      if (has_agreed) return {ContactState::accepted, Membership::joined};
      return {ContactState::received};
    case Membership::joined:  // agrees, if we asked
      return {has_agreed ? ContactState::accepted : now};
    case Membership::left:  // wants no more
      return {ContactState::none};
    case Membership::none:
    case Membership::banned:
      break;
  }
  return {now};
}

}  // namespace

ContactEntry& contact_entry(User& user, const UserId& other) {
  ContactEntry& entry = user.contacts[other];
  entry.user = other;
  return entry;
}

void set_contact(User& user, const UserId& other, ContactState state, TimeMs now,
                 std::vector<Write>& out) {
  ContactEntry& entry = contact_entry(user, other);
  if (entry.state == state) return;
  entry.state = state;
  entry.since = now;
  user.write_contact(entry, out);
}

Status has_place_for(const Context& core, const User& user, const UserId& other) {
  if (user.contact(other) != nullptr || live_contacts(user) < core.settings.max_contacts) return {};
  return fail(Code::limit_reached, "there are as many contacts as an account can have");
}

Task<Status> wish_across(Context& core, UserId own, UserId other, ContactWish wish) {
  if (auto admitted = core.peers->admits(other.server()); !admitted && wish != ContactWish::end)
    co_return fail(Code::forbidden, std::move(admitted).error().message);
  const Notice wanted{RoomId(), 0, other, Membership::invited, own, 0};
  bool replaces_one = false;
  if (wish == ContactWish::ask) replaces_one = co_await core.waiting_notices.replaces_one(wanted);
  auto user = co_await core.users.load(own);
  if (!user) co_return fail(std::move(user).error());
  CHATD_CO_CHECK(has_place_for(core, **user, other));
  if (wish != ContactWish::end && (*user)->blocks(other))
    co_return fail(Code::forbidden, "you blocked this account: take that back first");
  const ContactState now = state_of(**user, other);
  const bool is_asked = now == ContactState::received || now == ContactState::accepted;
  if (wish == ContactWish::accept && !is_asked)
    co_return fail(Code::not_found, "there is no request from this account");
  if (wish == ContactWish::end && now == ContactState::none)
    co_return fail(Code::not_found, "this account is no contact of yours");
  CHATD_CO_CHECK(core.committer.accepting());
  const ContactState next = wish == ContactWish::end ? ContactState::none
                            : is_asked               ? ContactState::accepted
                                                     : ContactState::requested;
  const Membership said = wish == ContactWish::end ? Membership::left
                          : is_asked               ? Membership::joined
                                                   : Membership::invited;
  // What they wait for, or takes something back, is told in any case.
  if (said == Membership::invited && !replaces_one)
    CHATD_CO_CHECK(core.waiting_notices.has_place(other.server()));
  std::vector<Write> writes;
  set_contact(**user, other, next, core.clock.wall_ms(), writes);
  tell_other_side(core, **user, other, said);
  auto status = co_await commit(core, **user, std::move(writes));
  if (!status) co_return status;
  core.peers->wake(std::string(other.server()));
  if (next != now) {
    co_await tell_contact(core, own, other);
    core.leases.changed(own);
    co_await core.remote_presence.contact_changed(own, other);
  }
  co_return Status();
}

Task<Status> take_contact_notice(Context& core, Notice notice) {
  auto user = co_await core.users.load(notice.user);
  if (!user && user.error().code == Code::not_found) co_return Status();
  if (!user) co_return fail(std::move(user).error());
  // Who is blocked sees the request go out; it just never arrives.
  if (!(*user)->account.is_enabled || (*user)->blocks(notice.by)) co_return Status();
  const ContactState now = state_of(**user, notice.by);
  const Turn turn = turn_of(now, notice.membership);
  if (turn.state == now && turn.answer == Membership::none) co_return Status();
  if (!has_place_for(core, **user, notice.by)) co_return Status();
  CHATD_CO_CHECK(core.committer.accepting());
  std::vector<Write> writes;
  set_contact(**user, notice.by, turn.state, core.clock.wall_ms(), writes);
  if (turn.answer != Membership::none) tell_other_side(core, **user, notice.by, turn.answer);
  auto status = co_await commit(core, **user, std::move(writes));
  if (!status) co_return status;
  if (turn.answer != Membership::none) core.peers->wake(std::string(notice.by.server()));
  if (turn.state != now) {
    co_await tell_contact(core, notice.user, notice.by);
    core.leases.changed(notice.user);
    co_await core.remote_presence.contact_changed(notice.user, notice.by);
  }
  co_return Status();
}

}  // namespace chatd::core
