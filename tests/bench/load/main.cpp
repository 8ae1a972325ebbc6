// Loads a chat server with one scenario and prints what it found; see ../README.md.
#include "tests/bench/load/scenarios.hpp"
#include "tests/bench/load/stop.hpp"

#include <algorithm>
#include <csignal>
#include <sys/resource.h>

namespace chatd::bench {
namespace {

constexpr std::string_view kUsage =
    "usage: chatd_load --server KIND --port PORT --ca FILE --scenario NAME [--seconds N]\n"
    "                  [--port-beside PORT]\n"
    "                  [--warm-up N] [--rooms N] [--clients N] [--idle N] [--fill N]\n"
    "                  [--rate MESSAGES_PER_SECOND] [--members N] [--pairs N] [--logins N]\n"
    "                  [--from FILE] [--idle-seconds N]";

// `value` is never null.
void take_option(Options& options, std::string_view name, const char* value) {
  const auto number = [&] { return std::strtoul(value, nullptr, 10); };
  if (name == "--server")
    options.server.kind = value;
  else if (name == "--port")
    options.server.port = static_cast<std::uint16_t>(number());
  else if (name == "--port-beside")
    options.server.port_beside = static_cast<std::uint16_t>(number());
  else if (name == "--ca")
    options.server.ca_file = value;
  else if (name == "--scenario")
    options.scenario = value;
  else if (name == "--seconds")
    options.measured = std::chrono::seconds(number());
  else if (name == "--warm-up")
    options.warm_up = std::chrono::seconds(number());
  else if (name == "--rooms")
    options.rooms = number();
  else if (name == "--idle-seconds")
    options.idle_time = std::chrono::seconds(number());
  else if (name == "--members")
    options.members = number();
  else if (name == "--pairs")
    options.pairs = number();
  else if (name == "--logins")
    options.logins = number();
  else if (name == "--from")
    options.from = value;
  else if (name == "--clients")
    options.clients = number();
  else if (name == "--idle")
    options.idle = number();
  else if (name == "--fill")
    options.fill = number();
  else if (name == "--rate")
    options.rate = std::strtod(value, nullptr);
  else
    stop(std::string(kUsage));
}

bool run(const Options& options) {
  Report report;
  for (const std::string_view talk : {"s1", "s1-open", "s1-idle", "s1-logins", "s2", "s7", "s9"})
    if (options.scenario == talk) return run_talk(options, report);
  if (options.scenario == "s3") return run_login(options, report);
  if (options.scenario == "s4") return run_newest(options, report);
  if (options.scenario == "s5") return run_crash(options, report);
  if (options.scenario == "s6") return run_presence(options, report);
  if (options.scenario == "s8") return run_return(options, report);
  stop("there is no scenario called " + options.scenario);
}

void allow_many_connections() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace
}  // namespace chatd::bench

int main(int argc, char** argv) {
  using namespace chatd::bench;
  std::signal(SIGPIPE, SIG_IGN);
  Options options;
  if (argc % 2 == 0) stop(std::string(kUsage));
  for (int i = 1; i < argc; i += 2) take_option(options, argv[i], argv[i + 1]);
  allow_many_connections();
  return run(options) ? 0 : 1;
}
