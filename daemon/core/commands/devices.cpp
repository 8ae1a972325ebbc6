#include "daemon/core/accounts.hpp"
#include "daemon/core/commands/commands.hpp"

#include <algorithm>

namespace chatd::core::commands {

Answered<wire::SessionLogout> handle(Context& core, Caller caller, wire::SessionLogout) {
  auto status = co_await remove_device(core, caller.user, caller.device, caller.session);
  if (!status) co_return fail(std::move(status).error());
  co_return wire::Nothing{};
}

Answered<wire::SessionPing> handle(Context& core, Caller, wire::SessionPing) {
  co_return wire::PingAnswer{core.clock.wall_ms()};
}

Answered<wire::DeviceList> handle(Context& core, Caller caller, wire::DeviceList) {
  auto status = co_await remove_idle_devices(core, caller.user);
  if (!status) co_return fail(std::move(status).error());
  auto user = co_await core.users.load(caller.user);
  if (!user) co_return fail(std::move(user).error());
  wire::DeviceListAnswer answer;
  for (const auto& [id, device] : (*user)->devices)
    answer.devices.push_back(
        {id, device.name, device.created, device.last_seen, false, id == caller.device});
  for (const SessionId session_id : core.sessions.of(caller.user)) {
    const Session* const session = core.sessions.find(session_id);
    for (wire::DeviceInfo& device : answer.devices)
      if (session != nullptr && session->device == device.device) device.is_online = true;
  }
  std::sort(answer.devices.begin(), answer.devices.end(),
            [](const auto& a, const auto& b) { return a.created > b.created; });
  co_return answer;
}

Answered<wire::DeviceRevoke> handle(Context& core, Caller caller, wire::DeviceRevoke params) {
  auto status = co_await remove_device(core, caller.user, params.device, caller.session);
  if (!status) co_return fail(std::move(status).error());
  co_return wire::Nothing{};
}

}  // namespace chatd::core::commands
