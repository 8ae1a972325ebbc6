#include "daemon/core/account_events.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/contact_rows.hpp"
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

bool has_row_of(const UserId& user, const std::vector<Write>& writes) {
  const std::string key = keys::account(user);
  return std::any_of(writes.begin(), writes.end(), [&](const Write& write) {
    const auto* const put = std::get_if<Put>(&write);
    return put != nullptr && put->key == key;
  });
}

// Commits what was written to both, tells those to whom something changed, and gives the own
// side's view.
Task<Result<wire::Contact>> finish(Context& core, UserId own, UserId other,
                                   std::vector<Write> writes) {
  User* const mine = core.users.find(own);
  User* const theirs = core.users.find(other);
  const ContactEntry view = contact_entry(*mine, other);
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

// Of someone of another server, who has no rows here.
Task<Result<wire::Contact>> across(Context& core, UserId own, UserId other, ContactWish wish) {
  auto status = co_await wish_across(core, own, other, wish);
  if (!status) co_return fail(std::move(status).error());
  auto user = co_await core.users.load(own);
  if (!user) co_return fail(std::move(user).error());
  const ContactEntry view = contact_entry(**user, other);
  auto contact = co_await contact_view(core, view);
  co_return contact;
}

// Blocking is the own side's alone.
Task<Result<wire::Contact>> block_across(Context& core, UserId own, UserId other, bool is_blocked) {
  auto user = co_await core.users.load(own);
  if (!user) co_return fail(std::move(user).error());
  CHATD_CO_CHECK(has_place_for(core, **user, other));
  ContactEntry& entry = contact_entry(**user, other);
  std::vector<Write> writes;
  if (entry.is_blocked != is_blocked) {
    entry.is_blocked = is_blocked;
    entry.since = core.clock.wall_ms();
    (*user)->write_contact(entry, writes);
  }
  const ContactEntry view = entry;
  const bool is_news = !writes.empty();
  auto status = co_await commit(core, **user, std::move(writes));
  if (!status) co_return fail(std::move(status).error());
  if (is_news) {
    co_await tell_contact(core, own, other);
    core.leases.changed(own);
    co_await core.remote_presence.contact_changed(own, other);
  }
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
  if (!is_ours(core, params.user)) {
    auto contact = co_await across(core, caller.user, params.user, ContactWish::ask);
    co_return contact;
  }
  auto pair = co_await load_pair(core, caller.user, params.user);
  if (!pair) co_return fail(std::move(pair).error());
  auto [mine, theirs] = *pair;
  CHATD_CO_CHECK(has_place_for(core, *mine, params.user));
  if (mine->blocks(params.user))
    co_return fail(Code::forbidden, "you blocked this account: take that back first");
  const TimeMs now = core.clock.wall_ms();
  std::vector<Write> writes;
  const ContactEntry* const before = mine->contact(params.user);
  const ContactState state = before == nullptr ? ContactState::none : before->state;
  if (state == ContactState::received) {
    set_contact(*mine, params.user, ContactState::accepted, now, writes);
    set_contact(*theirs, caller.user, ContactState::accepted, now, writes);
  } else if (state != ContactState::accepted) {
    set_contact(*mine, params.user, ContactState::requested, now, writes);
    // Who is blocked sees the request go out; it just never arrives.
    if (!theirs->blocks(caller.user) && has_place_for(core, *theirs, caller.user))
      set_contact(*theirs, caller.user, ContactState::received, now, writes);
  }
  auto contact = co_await finish(core, caller.user, params.user, std::move(writes));
  co_return contact;
}

Answered<wire::ContactAccept> handle(Context& core, Caller caller, wire::ContactAccept params) {
  if (!is_ours(core, params.user)) {
    auto contact = co_await across(core, caller.user, params.user, ContactWish::accept);
    co_return contact;
  }
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
  set_contact(*mine, params.user, ContactState::accepted, now, writes);
  set_contact(*theirs, caller.user, ContactState::accepted, now, writes);
  auto contact = co_await finish(core, caller.user, params.user, std::move(writes));
  co_return contact;
}

Answered<wire::ContactRemove> handle(Context& core, Caller caller, wire::ContactRemove params) {
  if (!is_ours(core, params.user)) {
    auto contact = co_await across(core, caller.user, params.user, ContactWish::end);
    if (!contact) co_return fail(std::move(contact).error());
    co_return wire::Nothing{};
  }
  auto pair = co_await load_pair(core, caller.user, params.user);
  if (!pair) co_return fail(std::move(pair).error());
  auto [mine, theirs] = *pair;
  const ContactEntry* const entry = mine->contact(params.user);
  if (entry == nullptr || entry->state == ContactState::none)
    co_return fail(Code::not_found, "this account is no contact of yours");
  const TimeMs now = core.clock.wall_ms();
  std::vector<Write> writes;
  set_contact(*mine, params.user, ContactState::none, now, writes);
  if (theirs->contact(caller.user) != nullptr)
    set_contact(*theirs, caller.user, ContactState::none, now, writes);
  auto contact = co_await finish(core, caller.user, params.user, std::move(writes));
  if (!contact) co_return fail(std::move(contact).error());
  co_return wire::Nothing{};
}

Answered<wire::BlockSet> handle(Context& core, Caller caller, wire::BlockSet params) {
  if (!is_ours(core, params.user)) {
    auto contact = co_await block_across(core, caller.user, params.user, params.blocked);
    co_return contact;
  }
  auto pair = co_await load_pair(core, caller.user, params.user);
  if (!pair) co_return fail(std::move(pair).error());
  auto [mine, theirs] = *pair;
  CHATD_CO_CHECK(has_place_for(core, *mine, params.user));
  std::vector<Write> writes;
  ContactEntry& entry = contact_entry(*mine, params.user);
  if (entry.is_blocked != params.blocked) {
    entry.is_blocked = params.blocked;
    entry.since = core.clock.wall_ms();
    mine->write_contact(entry, writes);
  }
  auto contact = co_await finish(core, caller.user, params.user, std::move(writes));
  co_return contact;
}

}  // namespace chatd::core::commands
