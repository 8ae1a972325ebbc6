#include "daemon/app/metrics.hpp"

#include <fmt/format.h>

namespace chatd::app {
namespace {

void add(std::string& out, std::string_view name, std::string_view type, std::string_view help,
         std::uint64_t value) {
  out += fmt::format("# HELP chatd_{0} {1}\n# TYPE chatd_{0} {2}\nchatd_{0} {3}\n", name, help,
                     type, value);
}

// Of all I/O threads together.
void add_network(std::string& out, const net::Server& server) {
  struct Row {
    std::string_view name;
    std::string_view help;
    Counter net::Counters::*counter;
  };
  using net::Counters;
  static constexpr Row kRows[] = {
      {"frames_in_total", "Frames from clients.", &Counters::frames_in},
      {"frames_out_total", "Frames to clients.", &Counters::frames_out},
      {"files_sent_total", "Files of the web client sent, or known to be there already.",
       &Counters::files_sent},
      {"fell_behind_total", "Times that a slow reader's events stopped.", &Counters::fell_behind},
      {"handshakes_failed_total", "Connections that ended before a request.",
       &Counters::handshakes_failed},
      {"crowded_out_total", "Of those: half-open ones that made room.", &Counters::crowded_out},
      {"timed_out_total", "Connections that said nothing for too long.", &Counters::timed_out},
      {"overflowed_total", "Connections ended since replies piled up.", &Counters::overflowed},
      {"stalled_total", "Times an I/O thread waited for the core.", &Counters::stalled},
  };
  for (const Row& row : kRows) {
    std::uint64_t sum = 0;
    for (unsigned i = 0; i < server.io_threads(); ++i)
      sum += (server.counters(i).*row.counter).read();
    add(out, row.name, "counter", row.help, sum);
  }
  const net::AcceptCounters& accepted = server.accept_counters();
  add(out, "refused_total", "counter", "Connections over listen.max_connections.",
      accepted.refused_total.read());
  add(out, "refused_per_address_total", "counter", "Connections over the bounds of one address.",
      accepted.refused_per_address.read());
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

void add_federation(std::string& out, const federation::Counters& counters, const Links& links,
                    std::size_t outbox) {
  add(out, "federation_connections", "gauge", "With other servers, proven or not.", links.open());
  add(out, "federation_outbox", "gauge", "What users said that a hub has not answered yet.",
      outbox);
  struct Row {
    std::string_view name;
    std::string_view help;
    std::uint64_t federation::Counters::*counter;
  };
  using federation::Counters;
  static constexpr Row kRows[] = {
      {"frames_sent_total", "Frames to other servers.", &Counters::frames_sent},
      {"frames_received_total", "Frames from other servers.", &Counters::frames_received},
      {"bytes_sent_total", "Bytes of them.", &Counters::bytes_sent},
      {"bytes_received_total", "Bytes of them.", &Counters::bytes_received},
      {"records_sent_total", "Records handed in or fed.", &Counters::records_sent},
      {"records_received_total", "Records taken or followed.", &Counters::records_received},
  };
  for (const Row& row : kRows)
    add(out, fmt::format("federation_{}", row.name), "counter", row.help, counters.*row.counter);
  out +=
      "# HELP chatd_federation_refused_total Frames that changed nothing, by what was wrong.\n"
      "# TYPE chatd_federation_refused_total counter\n";
  for (std::size_t i = 0; i < federation::kFaultCount; ++i)
    out += fmt::format("chatd_federation_refused_total{{fault=\"{}\"}} {}\n",
                       federation::name(static_cast<federation::Fault>(i)), counters.refused[i]);
  out +=
      "# HELP chatd_federation_limited_total Times that a server wanted more than it may.\n"
      "# TYPE chatd_federation_limited_total counter\n";
  for (std::size_t i = 0; i < federation::kSpendCount; ++i)
    out += fmt::format("chatd_federation_limited_total{{what=\"{}\"}} {}\n",
                       federation::name(static_cast<federation::Spend>(i)), counters.limited[i]);
}

}  // namespace

std::string metrics(const core::Context& core, const host::Host& host, const net::Server& server,
                    const federation::Federation& federation, const Links& links) {
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
  add_network(out, server);
  add_federation(out, federation.totals(), links, core.outbox.size());
  add_plugins(out, host.plugins());
  return out;
}

}  // namespace chatd::app
