#include "daemon/app/metrics.hpp"

#include <fmt/format.h>

namespace chatd::app {
namespace {

void add(std::string& out, std::string_view name, std::string_view type, std::string_view help,
         std::uint64_t value) {
  out += fmt::format("# HELP chatd_{0} {1}\n# TYPE chatd_{0} {2}\nchatd_{0} {3}\n", name, help,
                     type, value);
}

void add_plugins(std::string& out, const std::vector<host::PluginStatus>& plugins) {
  struct Row {
    std::string_view name;
    std::string_view type;
    std::string_view help;
    std::uint64_t host::PluginStatus::*value;
  };
  using host::PluginStatus;
  static constexpr Row kRows[] = {
      {"calls_total", "counter", "Calls on the loop.", &PluginStatus::calls},
      {"call_microseconds_total", "counter", "Time spent in them.", &PluginStatus::microseconds},
      {"over_budget_total", "counter", "Calls that took over 1 ms.", &PluginStatus::over_budget},
      {"timeouts_total", "counter", "Questions not answered in time.", &PluginStatus::timeouts},
      {"stray_answers_total", "counter", "Answers that came late, twice or to no question.",
       &PluginStatus::stray_answers},
      {"failures_total", "counter", "Answers that were no sensible ones.", &PluginStatus::failures},
      {"log_lag", "gauge", "Commits that its slowest subscription is behind.",
       &PluginStatus::log_lag},
  };
  for (const Row& row : kRows) {
    out += fmt::format("# HELP chatd_plugin_{0} {1}\n# TYPE chatd_plugin_{0} {2}\n", row.name,
                       row.help, row.type);
    for (const PluginStatus& plugin : plugins)
      out += fmt::format("chatd_plugin_{}{{plugin=\"{}\"}} {}\n", row.name, plugin.name,
                         plugin.*row.value);
  }
}

}  // namespace

std::string metrics(const core::Context& core, const host::Host& host, const net::Server& server) {
  std::string out;
  add(out, "sessions", "gauge", "Open sessions of all doors.", core.sessions.size());
  add(out, "users_online", "gauge", "Accounts with a connection.", core.sessions.users_online());
  add(out, "accounts", "gauge", "Accounts of this server.", core.accounts);
  add(out, "records_stored_total", "counter", "Records made durable since the start.",
      core.committer.records_stored());
  add(out, "writes_pending", "gauge", "Writes on their way to the disk.", core.committer.pending());
  add(out, "read_only", "gauge", "1 while the disk takes no writes.",
      core.committer.is_read_only() ? 1 : 0);
  add(out, "rooms_cached", "gauge", "Rooms whose state is in memory.", core.rooms.size());
  add(out, "accounts_cached", "gauge", "Accounts whose state is in memory.", core.users.size());
  const host::StoreNumbers store = host.store_numbers();
  add(out, "store_commits_total", "counter", "Commits.", store.commits);
  add(out, "store_batches_total", "counter", "Batches committed.", store.batches);
  add(out, "store_failed_total", "counter", "Batches that failed.", store.failed);
  add(out, "store_commit_microseconds_total", "counter", "Time spent in commits.",
      store.microseconds);
  add(out, "connections", "gauge", "Open connections.", server.open_connections());
  std::uint64_t frames_in = 0;
  std::uint64_t frames_out = 0;
  std::uint64_t behind = 0;
  for (unsigned i = 0; i < server.io_threads(); ++i) {
    frames_in += server.counters(i).frames_in.read();
    frames_out += server.counters(i).frames_out.read();
    behind += server.counters(i).fell_behind.read();
  }
  add(out, "frames_in_total", "counter", "Frames from clients.", frames_in);
  add(out, "frames_out_total", "counter", "Frames to clients.", frames_out);
  add(out, "fell_behind_total", "counter", "Times that a slow reader's events stopped.", behind);
  add_plugins(out, host.plugins());
  return out;
}

}  // namespace chatd::app
