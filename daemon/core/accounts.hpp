#pragma once

#include "daemon/core/context.hpp"

#include <string>
#include <vector>

// What sign-up, login and the admin's commands share about accounts and their devices.
namespace chatd::core {

// The name of a person, device or room; `invalid_params` for one that can't be shown as one. Empty:
// none was given, which is for the caller to judge.
[[nodiscard]] Status check_name(std::string_view name);

struct NewAccount {
  UserId id;
  Secret secret;
  std::string display_name;  // empty: the local part
  std::string address;       // of who asks, for plugins; empty: the admin
};
// Creates an account if plugins let it; `conflict` when the name is taken. `beside` is committed
// with it.
[[nodiscard]] Task<Status> create_account(Context& core, NewAccount wanted,
                                          std::vector<Write> beside);

struct NewDevice {
  DeviceId id;
  Secret token;  // shown once; only its hash is kept
};
// Logs a new device in and commits it; `limit_reached` when the account has too many. Devices that
// were idle for too long make room.
[[nodiscard]] Task<Result<NewDevice>> add_device(Context& core, UserId id, std::string name);

// Logs a device out: its token and row go, its sessions are told and end; the one that asks for it
// itself ends after its answer.
[[nodiscard]] Task<Status> remove_device(Context& core, UserId id, DeviceId device,
                                         SessionId asking = {});
[[nodiscard]] Task<Status> remove_devices(Context& core, UserId id, DeviceId all_but);
// Those that did not connect for longer than the admin allows.
[[nodiscard]] Task<Status> remove_idle_devices(Context& core, UserId id);
// Tells a client that its device was logged out, and hangs up.
void end_session(Context& core, SessionId session);

// Whose token this is; `unauthenticated` for none, a revoked one, or a disabled account.
struct TokenOwner {
  UserId user;
  DeviceId device;
};
[[nodiscard]] Task<Result<TokenOwner>> owner_of_token(Context& core, Secret token);

// The session is that device's from now on: presence, events and limits count for it.
void enter(Context& core, SessionId session, const UserId& user, DeviceId device);
// A device's connection ended, not on purpose.
void depart(Context& core, const UserId& user, DeviceId device);
// The device is here: keeps when, unless that was told already within the last hour.
inline constexpr Millis kSeenEvery{3'600'000};
void note_seen(Context& core, const UserId& user, DeviceId device);

// The account as named by people: local part or full id.
[[nodiscard]] Result<UserId> account_named(const Context& core, std::string_view name);

// A random secret as text.
[[nodiscard]] Secret new_token(Context& core);

}  // namespace chatd::core
