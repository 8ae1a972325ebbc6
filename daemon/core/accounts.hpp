#pragma once

#include "daemon/core/context.hpp"

#include <string>
#include <vector>

// What sign-up, login and the admin's commands share about accounts and their devices.
namespace chatd::core {

// Creates an account with this secret; `conflict` when the name is taken. `beside` is committed
// with it.
[[nodiscard]] Task<Status> create_account(Context& core, UserId id, Secret secret,
                                          std::string display_name, std::vector<Write> beside);

struct NewDevice {
  DeviceId id;
  Secret token;  // shown once; only its hash is kept
};
// Logs a new device in and commits it; `limit_reached` when the account has too many.
[[nodiscard]] Task<Result<NewDevice>> add_device(Context& core, UserId id, std::string name);

// Logs a device out: its token and row go, its sessions are told and end.
[[nodiscard]] Task<Status> remove_device(Context& core, UserId id, DeviceId device);
[[nodiscard]] Task<Status> remove_devices(Context& core, UserId id, DeviceId all_but);

// Whose token this is; `unauthenticated` for none, a revoked one, or a disabled account.
struct TokenOwner {
  UserId user;
  DeviceId device;
};
[[nodiscard]] Task<Result<TokenOwner>> owner_of_token(Context& core, Secret token);

// The session is that device's from now on: presence, events and limits count for it.
void enter(Context& core, SessionId session, const UserId& user, DeviceId device);
// A session ended, or its device was logged out.
void depart(Context& core, const UserId& user, DeviceId device, bool is_on_purpose);

// The account as named by people: local part or full id.
[[nodiscard]] Result<UserId> account_named(const Context& core, std::string_view name);

// A random secret as text.
[[nodiscard]] Secret new_token(Context& core);

}  // namespace chatd::core
