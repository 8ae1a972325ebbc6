#include "daemon/base/utf8.hpp"
#include "daemon/core/account_events.hpp"
#include "daemon/core/accounts.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/keys.hpp"

#include <algorithm>

namespace chatd::core::commands {
namespace {

constexpr std::uint32_t kDefaultFound = 20;
// Shorter prefixes would list the server's accounts.
constexpr std::size_t kMinPrefix = 2;

// A room in which both are, or zeros where they are contacts; nullopt: they share nothing.
Task<Result<std::optional<RoomId>>> shared_by(Context& core, UserId own, UserId other) {
  auto user = co_await core.users.load(own);
  if (!user) co_return fail(std::move(user).error());
  if ((*user)->is_contact(other)) co_return RoomId();
  std::vector<RoomId> rooms;
  for (const auto& [id, entry] : (*user)->rooms)
    if (entry.membership == wire::Membership::joined) rooms.push_back(id);
  for (const RoomId& id : rooms) {
    auto room = co_await core.rooms.load(id);
    if (room && (*room)->is_joined(other)) co_return id;
  }
  co_return std::optional<RoomId>();
}

// Someone of another server: as it told, if they and the caller share something.
Task<Result<wire::Profile>> profile_elsewhere(Context& core, UserId own, UserId other) {
  if (const auto admitted = core.peers->admits(other.server()); !admitted)
    co_return fail(Code::not_found, admitted.error().message);
  auto shared = co_await shared_by(core, own, other);
  if (!shared) co_return fail(std::move(shared).error());
  if (!*shared) co_return wire::Profile{other, std::string(other.localpart()), {}};
  auto profile = co_await core.remote_profiles.get(other, **shared);
  co_return profile;
}

}  // namespace

Answered<wire::ProfileGet> handle(Context& core, Caller caller, wire::ProfileGet params) {
  if (!is_ours(core, params.user)) {
    auto profile = co_await profile_elsewhere(core, caller.user, params.user);
    co_return profile;
  }
  auto user = co_await core.users.load(params.user);
  if (!user) co_return fail(std::move(user).error());
  co_return profile_view((*user)->account);
}

Answered<wire::ProfileSet> handle(Context& core, Caller caller, wire::ProfileSet params) {
  CHATD_CO_CHECK(check_name(params.display_name.value_or("")));
  if (has_control_characters(params.status_text.value_or("")))
    co_return fail(Code::invalid_params, "a status has no control characters");
  auto user = co_await core.users.load(caller.user);
  if (!user) co_return fail(std::move(user).error());
  Account& account = (*user)->account;
  if (params.display_name)
    account.display_name = params.display_name->empty() ? std::string(account.id.localpart())
                                                        : *std::move(params.display_name);
  if (params.status_text) account.status_text = *std::move(params.status_text);
  std::vector<Write> writes;
  (*user)->write_profile(writes);
  const wire::Profile profile = profile_view(account);
  auto status = co_await commit(core, **user, std::move(writes));
  if (!status) co_return fail(std::move(status).error());
  co_await tell_profile(core, caller.user, caller.session);
  co_return profile;
}

Answered<wire::UserSearch> handle(Context& core, Caller, wire::UserSearch params) {
  if (params.prefix.size() < kMinPrefix)
    co_return fail(Code::invalid_params, "\"prefix\" has at least two characters");
  const std::string prefix = keys::user_name(params.prefix);
  const std::size_t limit = std::clamp<std::uint32_t>(params.limit.value_or(kDefaultFound), 1, 50);
  // One that is exactly the prefix is not "greater than" it.
  auto exact = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { core.store.get(prefix, std::move(done)); });
  if (!exact) co_return fail(std::move(exact).error());
  auto rows = co_await call<Result<std::vector<KeyValue>>>(
      [&](auto done) { core.store.scan(prefix, prefix, limit, std::move(done)); });
  if (!rows) co_return fail(std::move(rows).error());
  std::vector<std::string> ids;
  if (*exact) ids.push_back(**exact);
  for (KeyValue& row : *rows)
    if (ids.size() < limit) ids.push_back(std::move(row.second));
  wire::UserSearchAnswer answer;
  for (const std::string& text : ids) {
    CHATD_CO_TRY(const UserId id, UserId::parse(text));
    auto user = co_await core.users.load(id);
    if (!user && user.error().code != Code::not_found) co_return fail(std::move(user).error());
    if (user && (*user)->account.is_enabled) answer.users.push_back(profile_view((*user)->account));
  }
  co_return answer;
}

}  // namespace chatd::core::commands
