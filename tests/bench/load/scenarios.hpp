#pragma once

#include "tests/bench/load/crowd.hpp"

namespace chatd::bench {

struct Options {
  Server server;
  std::string scenario;
  std::chrono::seconds warm_up{3};
  std::chrono::seconds measured{10};
  // log_in: longer than between two heartbeats, so that each connection has one in it.
  std::chrono::seconds idle_time{50};
  std::size_t rooms = 1;     // groups: how many
  std::size_t members = 0;   // of each; 0: what the scenario says
  std::size_t pairs = 0;     // who talk in twos; 0: what the scenario says
  std::size_t logins = 0;    // talk: clients that log in by password again and again beside it
  std::string from;          // what chatd_fill wrote about those who are there already
  std::size_t clients = 0;   // log_in: how many; else 0, what the scenario says
  std::size_t idle = 0;      // talk: connections besides that are logged in and do nothing
  std::size_t fill = 10000;  // newest: messages in the room
  double rate = 0;           // talk: messages begun per second; 0: each as the one before is done
};

// Each prepares, measures and then checks that what was measured did happen. False: it did not.
[[nodiscard]] bool run_talk(const Options& options, Report& report);
[[nodiscard]] bool run_login(const Options& options, Report& report);
[[nodiscard]] bool run_newest(const Options& options, Report& report);
[[nodiscard]] bool run_crash(const Options& options, Report& report);
[[nodiscard]] bool run_presence(const Options& options, Report& report);
[[nodiscard]] bool run_return(const Options& options, Report& report);

}  // namespace chatd::bench
