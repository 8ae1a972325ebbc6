#include "daemon/base/bytes.hpp"
#include "daemon/base/network.hpp"
#include "daemon/core/accounts.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/invites.hpp"
#include "daemon/core/keys.hpp"

namespace chatd::core::commands {
namespace {

Task<Result<wire::LoginAnswer>> log_in(Context& core, Caller caller, UserId user,
                                       std::string device_name) {
  auto device = co_await add_device(core, user, std::move(device_name));
  if (!device) co_return fail(std::move(device).error());
  enter(core, caller.session, user, device->id);
  co_return wire::LoginAnswer{user, device->id, std::move(device->token)};
}

Task<Result<wire::LoginAnswer>> sign_up(Context& core, Caller caller, wire::AccountSignUp params) {
  CHATD_CO_CHECK(check_name(params.device_name));
  CHATD_CO_TRY(const UserId id, UserId::of(params.name, core.settings.server_name));
  std::vector<Write> beside;
  InviteHold hold;
  if (core.settings.sign_up == SignUp::invite) {
    auto used = co_await use_invite(core, params.invite.value_or(""));
    if (!used) co_return fail(std::move(used).error());
    hold = std::move(used->hold);
    beside.push_back(std::move(used->row));
  }
  NewAccount wanted{id, std::move(params.password), params.display_name.value_or(""),
                    caller.address};
  auto status = co_await create_account(core, std::move(wanted), std::move(beside));
  if (!status) co_return fail(std::move(status).error());
  auto answer = co_await log_in(core, caller, id, std::move(params.device_name));
  co_return answer;
}

}  // namespace

Answered<wire::AccountSignUp> handle(Context& core, Caller caller, wire::AccountSignUp params) {
  if (core.settings.sign_up == SignUp::closed)
    co_return fail(Code::forbidden, "this server takes no sign-ups; ask its admin for an account");
  CHATD_CO_CHECK(
      core.rates.take("sign_up", network_of(caller.address), core.settings.sign_ups_per_address));
  auto answer = co_await sign_up(core, caller, std::move(params));
  // A slip, such as a password that is too short, does not count.
  if (!answer && answer.error().code == Code::invalid_params)
    core.rates.give_back("sign_up", network_of(caller.address));
  co_return answer;
}

Answered<wire::AccountLogin> handle(Context& core, Caller caller, wire::AccountLogin params) {
  CHATD_CO_CHECK(check_name(params.device_name));
  const std::string network = network_of(caller.address);
  CHATD_CO_CHECK(core.rates.take("login", network, core.settings.logins_per_address));
  const auto wrong = [] {
    return fail(Code::unauthenticated, "the name or the password is wrong");
  };
  auto id = account_named(core, params.user);
  if (!id) co_return wrong();
  // Asked in any case: how long it takes does not tell whether the account exists.
  auto status = co_await call<Status>([&](auto done) {
    core.auth.verify(*id, network, std::move(params.password), std::move(done));
  });
  if (!status && status.error().code != Code::unauthenticated)
    co_return fail(std::move(status).error());
  if (!status) co_return wrong();
  auto user = co_await core.users.load(*id);
  if (!user && user.error().code == Code::not_found) co_return wrong();
  if (!user) co_return fail(std::move(user).error());
  if (!(*user)->account.is_enabled)
    co_return fail(Code::unauthenticated, "this account is disabled");
  auto answer = co_await log_in(core, caller, *id, std::move(params.device_name));
  co_return answer;
}

Answered<wire::SessionResume> handle(Context& core, Caller caller, wire::SessionResume params) {
  CHATD_CO_CHECK(
      core.rates.take("resume", network_of(caller.address), core.settings.resumes_per_address));
  auto owner = co_await owner_of_token(core, std::move(params.token));
  if (!owner) co_return fail(std::move(owner).error());
  enter(core, caller.session, owner->user, owner->device);
  co_return wire::ResumeAnswer{owner->user, owner->device};
}

Answered<wire::AccountChangePassword> handle(Context& core, Caller caller,
                                             wire::AccountChangePassword params) {
  const std::string network = network_of(caller.address);
  CHATD_CO_CHECK(core.rates.take("login", network, core.settings.logins_per_address));
  auto status = co_await call<Status>([&](auto done) {
    core.auth.verify(caller.user, network, std::move(params.old_password), std::move(done));
  });
  if (!status && status.error().code == Code::unauthenticated)
    co_return fail(Code::forbidden, "the old password is wrong");
  if (!status) co_return fail(std::move(status).error());
  status = co_await call<Status>([&](auto done) {
    core.auth.set_secret(caller.user, std::move(params.new_password), std::move(done));
  });
  if (!status) co_return fail(std::move(status).error());
  status = co_await remove_devices(core, caller.user, caller.device);
  if (!status) co_return fail(std::move(status).error());
  co_return wire::Nothing{};
}

}  // namespace chatd::core::commands
