#include "daemon/core/account_events.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/keys.hpp"

#include <algorithm>

// Two accounts and what each thinks of the other: always changed together, in one commit.
namespace chatd::core::commands {
namespace {

using wire::ContactState;

struct Pair {
  User* own = nullptr;
  User* other = nullptr;
};

// Both loaded; valid until the next co_await.
Task<Result<Pair>> load_pair(Context& core, UserId own, UserId other) {
  if (own == other) co_return fail(Code::invalid_params, "that is your own account");
  if (other.server() != core.settings.server_name)
    co_return fail(Code::not_found, "there is no such account");
  auto theirs = co_await core.users.load(other);
  if (!theirs) co_return fail(std::move(theirs).error());
  auto mine = co_await core.users.load(own);
  if (!mine) co_return fail(std::move(mine).error());
  Pair pair{*mine, core.users.find(other)};
  if (pair.other == nullptr) co_return fail(Code::unavailable, "the account's state was dropped");
  co_return pair;
}

ContactEntry& entry_of(User& user, const UserId& other) {
  ContactEntry& entry = user.contacts[other];
  entry.user = other;
  return entry;
}

void set_state(User& user, const UserId& other, ContactState state, TimeMs now,
               std::vector<Write>& out) {
  ContactEntry& entry = entry_of(user, other);
  if (entry.state == state) return;
  entry.state = state;
  entry.since = now;
  user.write_contact(entry, out);
}

// Tombstones don't count.
std::size_t live_contacts(const User& user) {
  return static_cast<std::size_t>(
      std::count_if(user.contacts.begin(), user.contacts.end(), [](const auto& entry) {
        return entry.second.state != ContactState::none || entry.second.is_blocked;
      }));
}

bool has_row_of(const UserId& user, const std::vector<Write>& writes) {
  const std::string key = keys::account(user);
  return std::any_of(writes.begin(), writes.end(), [&](const Write& write) {
    const auto* const put = std::get_if<Put>(&write);
    return put != nullptr && put->key == key;
  });
}

Status has_place(const Context& core, const User& user, const UserId& other) {
  if (user.contact(other) != nullptr || live_contacts(user) < core.settings.max_contacts) return {};
  return fail(Code::limit_reached, "there are as many contacts as an account can have");
}

// Commits what was written to both, tells those to whom something changed, and gives the own
// side's view.
Task<Result<wire::Contact>> finish(Context& core, UserId own, UserId other,
                                   std::vector<Write> writes) {
  User* const mine = core.users.find(own);
  User* const theirs = core.users.find(other);
  const ContactEntry view = entry_of(*mine, other);
  const bool changes_mine = has_row_of(own, writes);
  const bool changes_theirs = has_row_of(other, writes);
  auto waiting = commit(core, *mine, std::move(writes));
  if (changes_theirs) theirs->last_ticket = mine->last_ticket;
  auto status = co_await waiting;
  if (!status) co_return fail(std::move(status).error());
  // Who is blocked, or whose request never arrived, must not learn it from an event.
  if (changes_mine) co_await tell_contact(core, own, other);
  if (changes_theirs) co_await tell_contact(core, other, own);
  if (changes_mine) co_await core.presence.tell_both(own, other);
  auto contact = co_await contact_view(core, view);
  co_return contact;
}

}  // namespace

Answered<wire::ContactList> handle(Context& core, Caller caller, wire::ContactList) {
  auto user = co_await core.users.load(caller.user);
  if (!user) co_return fail(std::move(user).error());
  std::vector<ContactEntry> entries;
  for (const auto& [id, entry] : (*user)->contacts)
    if (entry.state != ContactState::none || entry.is_blocked) entries.push_back(entry);
  wire::ContactListAnswer answer;
  for (const ContactEntry& entry : entries) {
    auto view = co_await contact_view(core, entry);
    if (!view) co_return fail(std::move(view).error());
    answer.contacts.push_back(*std::move(view));
  }
  co_return answer;
}

Answered<wire::ContactRequest> handle(Context& core, Caller caller, wire::ContactRequest params) {
  CHATD_CO_CHECK(
      core.rates.take("contact", caller.user.text(), core.settings.contact_requests_per_user));
  auto pair = co_await load_pair(core, caller.user, params.user);
  if (!pair) co_return fail(std::move(pair).error());
  auto [mine, theirs] = *pair;
  CHATD_CO_CHECK(has_place(core, *mine, params.user));
  if (mine->blocks(params.user))
    co_return fail(Code::forbidden, "you blocked this account: take that back first");
  const TimeMs now = core.clock.wall_ms();
  std::vector<Write> writes;
  const ContactEntry* const before = mine->contact(params.user);
  const ContactState state = before == nullptr ? ContactState::none : before->state;
  if (state == ContactState::received) {
    set_state(*mine, params.user, ContactState::accepted, now, writes);
    set_state(*theirs, caller.user, ContactState::accepted, now, writes);
  } else if (state != ContactState::accepted) {
    set_state(*mine, params.user, ContactState::requested, now, writes);
    // Who is blocked sees the request go out; it just never arrives.
    if (!theirs->blocks(caller.user) && has_place(core, *theirs, caller.user))
      set_state(*theirs, caller.user, ContactState::received, now, writes);
  }
  auto contact = co_await finish(core, caller.user, params.user, std::move(writes));
  co_return contact;
}

Answered<wire::ContactAccept> handle(Context& core, Caller caller, wire::ContactAccept params) {
  auto pair = co_await load_pair(core, caller.user, params.user);
  if (!pair) co_return fail(std::move(pair).error());
  auto [mine, theirs] = *pair;
  const ContactEntry* const entry = mine->contact(params.user);
  if (entry == nullptr ||
      (entry->state != ContactState::received && entry->state != ContactState::accepted))
    co_return fail(Code::not_found, "there is no request from this account");
  if (mine->blocks(params.user))
    co_return fail(Code::forbidden, "you blocked this account: take that back first");
  const TimeMs now = core.clock.wall_ms();
  std::vector<Write> writes;
  set_state(*mine, params.user, ContactState::accepted, now, writes);
  set_state(*theirs, caller.user, ContactState::accepted, now, writes);
  auto contact = co_await finish(core, caller.user, params.user, std::move(writes));
  co_return contact;
}

Answered<wire::ContactRemove> handle(Context& core, Caller caller, wire::ContactRemove params) {
  auto pair = co_await load_pair(core, caller.user, params.user);
  if (!pair) co_return fail(std::move(pair).error());
  auto [mine, theirs] = *pair;
  const ContactEntry* const entry = mine->contact(params.user);
  if (entry == nullptr || entry->state == ContactState::none)
    co_return fail(Code::not_found, "this account is no contact of yours");
  const TimeMs now = core.clock.wall_ms();
  std::vector<Write> writes;
  set_state(*mine, params.user, ContactState::none, now, writes);
  if (theirs->contact(caller.user) != nullptr)
    set_state(*theirs, caller.user, ContactState::none, now, writes);
  auto contact = co_await finish(core, caller.user, params.user, std::move(writes));
  if (!contact) co_return fail(std::move(contact).error());
  co_return wire::Nothing{};
}

Answered<wire::BlockSet> handle(Context& core, Caller caller, wire::BlockSet params) {
  auto pair = co_await load_pair(core, caller.user, params.user);
  if (!pair) co_return fail(std::move(pair).error());
  auto [mine, theirs] = *pair;
  CHATD_CO_CHECK(has_place(core, *mine, params.user));
  std::vector<Write> writes;
  ContactEntry& entry = entry_of(*mine, params.user);
  if (entry.is_blocked != params.blocked) {
    entry.is_blocked = params.blocked;
    entry.since = core.clock.wall_ms();
    mine->write_contact(entry, writes);
  }
  auto contact = co_await finish(core, caller.user, params.user, std::move(writes));
  co_return contact;
}

}  // namespace chatd::core::commands
