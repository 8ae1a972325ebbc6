#include "daemon/core/accounts.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/invites.hpp"
#include "daemon/core/keys.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core::commands {
namespace {

constexpr std::uint32_t kDefaultListed = 100;
constexpr std::uint32_t kDefaultInviteDays = 7;

Task<Result<wire::AdminUser>> view_of(Context& core, UserId id) {
  auto user = co_await core.users.load(id);
  if (!user) co_return fail(std::move(user).error());
  const Account& account = (*user)->account;
  co_return wire::AdminUser{id,
                            account.display_name,
                            account.is_enabled,
                            account.created,
                            (*user)->devices.size(),
                            (*user)->live_rooms(),
                            !core.sessions.of(id).empty()};
}

}  // namespace

Answered<wire::AdminUserCreate> handle(Context& core, Caller, wire::AdminUserCreate params) {
  CHATD_CO_TRY(const UserId id, UserId::of(params.name, core.settings.server_name));
  NewAccount wanted{id, std::move(params.password), params.display_name.value_or(""), {}};
  auto status = co_await create_account(core, std::move(wanted), std::vector<Write>());
  if (!status) co_return fail(std::move(status).error());
  auto view = co_await view_of(core, id);
  co_return view;
}

Answered<wire::AdminUserList> handle(Context& core, Caller, wire::AdminUserList params) {
  const std::size_t limit = std::max(1u, params.limit.value_or(kDefaultListed));
  const std::string prefix(keys::kUserNames);
  std::string after = prefix;
  if (params.after) after = keys::user_name(*params.after);
  auto rows = co_await call<Result<std::vector<KeyValue>>>(
      [&](auto done) { core.store.scan(prefix, after, limit, std::move(done)); });
  if (!rows) co_return fail(std::move(rows).error());
  wire::AdminUserListAnswer answer;
  for (const auto& [key, text] : *rows) {
    CHATD_CO_TRY(const UserId id, UserId::parse(text));
    auto view = co_await view_of(core, id);
    if (!view && view.error().code != Code::not_found) co_return fail(std::move(view).error());
    if (view) answer.users.push_back(*std::move(view));
  }
  if (rows->size() == limit) answer.next = rows->back().first.substr(prefix.size());
  co_return answer;
}

Answered<wire::AdminUserShow> handle(Context& core, Caller, wire::AdminUserShow params) {
  auto view = co_await view_of(core, params.user);
  co_return view;
}

Answered<wire::AdminUserPasswd> handle(Context& core, Caller, wire::AdminUserPasswd params) {
  auto user = co_await core.users.load(params.user);
  if (!user) co_return fail(std::move(user).error());
  auto status = co_await call<Status>([&](auto done) {
    core.auth.set_secret(params.user, std::move(params.password), std::move(done));
  });
  if (!status) co_return fail(std::move(status).error());
  status = co_await remove_devices(core, params.user, DeviceId());
  if (!status) co_return fail(std::move(status).error());
  co_return wire::Nothing{};
}

Answered<wire::AdminUserEnable> handle(Context& core, Caller, wire::AdminUserEnable params) {
  auto user = co_await core.users.load(params.user);
  if (!user) co_return fail(std::move(user).error());
  (*user)->account.is_enabled = params.enabled;
  std::vector<Write> writes;
  (*user)->write_account(writes);
  auto status = co_await commit(core, **user, std::move(writes));
  if (!status) co_return fail(std::move(status).error());
  if (!params.enabled) {
    status = co_await remove_devices(core, params.user, DeviceId());
    if (!status) co_return fail(std::move(status).error());
  }
  auto view = co_await view_of(core, params.user);
  co_return view;
}

Answered<wire::AdminInviteCreate> handle(Context& core, Caller, wire::AdminInviteCreate params) {
  const std::uint32_t uses = std::max(1u, params.uses.value_or(1));
  const std::uint32_t days = std::max(1u, params.days.value_or(kDefaultInviteDays));
  auto made = co_await make_invite(core, uses, days);
  if (!made) co_return fail(std::move(made).error());
  co_return wire::InviteAnswer{std::move(made->token), made->expires};
}

}  // namespace chatd::core::commands
