#include "tests/bench/load/rooms.hpp"

#include <algorithm>

namespace chatd::bench {
namespace {

constexpr std::size_t kClients = 1000;
constexpr std::size_t kBatch = 16;

void disconnect_all(Crowd& crowd) {
  for (std::size_t i = 0; i < crowd.size(); ++i) crowd.client(i).disconnect();
  // The server sees it a moment later; that is not part of what comes next.
  const auto until = Clock::now() + std::chrono::seconds(2);
  while (Clock::now() < until) crowd.turn();
}

// Makes the accounts where clients do that; never many at once, so that the server's memory before
// the measurement is that of few connections.
void make_accounts(Crowd& crowd) {
  for (std::size_t first = 0; first < crowd.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, crowd.size() - first);
    crowd.each(first, count, [](Client& client) { client.log_in(Client::Login::first); });
    for (std::size_t i = first; i < first + count; ++i) crowd.client(i).disconnect();
  }
  disconnect_all(crowd);
}

void measure(Crowd& crowd, Client::Login how, std::string_view phase, Report& report) {
  report.begin(phase);
  crowd.log_in(how);
  report.end();
  report.add("units", static_cast<double>(crowd.size()));
}

void stay_idle(Crowd& crowd, std::chrono::seconds time, Report& report) {
  const auto until = Clock::now() + time;
  report.begin("idle");
  while (Clock::now() < until) crowd.turn();
  report.end();
  report.add("connections", static_cast<double>(crowd.size()));
}

}  // namespace

bool run_login(const Options& options, Report& report) {
  Crowd crowd(options.server, options.clients == 0 ? kClients : options.clients);
  if (!options.from.empty()) {
    know_from(options.from, crowd, crowd.size());
    measure(crowd, Client::Login::by_token, "by token", report);
    stay_idle(crowd, options.idle_time, report);
    disconnect_all(crowd);
    measure(crowd, Client::Login::none, "connect", report);
    return report.print(options.scenario);
  }
  if (crowd.client(0).has_tokens()) make_accounts(crowd);
  measure(crowd, Client::Login::by_password, "by password", report);
  stay_idle(crowd, options.idle_time, report);
  if (crowd.client(0).has_tokens()) {
    disconnect_all(crowd);
    measure(crowd, Client::Login::by_token, "by token", report);
  }
  disconnect_all(crowd);
  measure(crowd, Client::Login::none, "connect", report);
  return report.print(options.scenario);
}

}  // namespace chatd::bench
