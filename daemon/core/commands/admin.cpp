#include "daemon/core/commands/commands.hpp"

#include <utility>

namespace chatd::core::commands {

Answered<wire::AdminStatus> handle(Context& core, Caller, wire::AdminStatus) {
  auto stats = co_await call<Result<std::string>>(
      [&](auto done) { core.admin.storage_stats(std::move(done)); });
  wire::AdminStatusAnswer answer;
  core.admin.fill_status(answer);
  answer.server = core.settings.server_name;
  answer.state = core.is_draining                ? "draining"
                 : core.committer.is_read_only() ? "read_only"
                                                 : "running";
  answer.sessions = core.sessions.logged_in();
  answer.users_online = core.sessions.users_online();
  answer.accounts = core.accounts;
  answer.records_stored = core.committer.records_stored();
  answer.storage.text = stats ? *std::move(stats) : "{}";
  co_return answer;
}

Answered<wire::AdminShutdown> handle(Context& core, Caller, wire::AdminShutdown) {
  core.admin.shutdown();
  co_return wire::Nothing{};
}

Answered<wire::AdminMetrics> handle(Context& core, Caller, wire::AdminMetrics) {
  co_return wire::TextAnswer{core.admin.metrics()};
}

Answered<wire::AdminConfigShow> handle(Context& core, Caller, wire::AdminConfigShow) {
  co_return wire::TextAnswer{core.admin.config_show()};
}

Answered<wire::AdminReload> handle(Context& core, Caller, wire::AdminReload) {
  co_return co_await call<Result<wire::ReloadAnswer>>(
      [&](auto done) { core.admin.reload(std::move(done)); });
}

Answered<wire::AdminCertShow> handle(Context& core, Caller, wire::AdminCertShow) {
  co_return core.admin.cert_show();
}

Answered<wire::AdminCertReload> handle(Context& core, Caller, wire::AdminCertReload) {
  co_return core.admin.cert_reload();
}

Answered<wire::AdminPluginList> handle(Context& core, Caller, wire::AdminPluginList) {
  co_return core.admin.plugin_list();
}

Answered<wire::AdminLogFollow> handle(Context& core, Caller caller, wire::AdminLogFollow) {
  core.admin.log_follow(caller.session);
  co_return wire::Nothing{};
}

}  // namespace chatd::core::commands
