#include "tests/bench/load/rooms.hpp"
#include "tests/bench/load/stop.hpp"

#include <cstdio>

namespace chatd::bench {
namespace {

constexpr std::size_t kPairs = 200;

// Whoever started us kills the server at the first word, starts it again and then says so.
void have_it_killed() {
  std::puts("kill");
  std::fflush(stdout);
}

void wait_for_restart() {
  require(std::getchar() != EOF, "nobody said that the server is up again");
}

}  // namespace

bool run_crash(const Options& options, Report& report) {
  const Talk::Shape shape{.rooms = kPairs, .members = 2, .in_flight = 1};
  Crowd crowd(options.server, shape.rooms * shape.members);
  crowd.log_in(Client::Login::first);
  open_rooms(crowd, shape);
  const auto before = archived(crowd, shape);
  require(!before.empty(), "this server keeps nothing that could be lost");

  Talk talk(crowd, shape, 0);
  talk.run_for(options.warm_up);
  report.begin(options.scenario);
  talk.run_for(options.measured);
  report.end();
  have_it_killed();
  talk.run_for(std::chrono::seconds(60));
  require(talk.failures() != 0, "the server was not killed");
  wait_for_restart();

  crowd.listen(nullptr);
  crowd.log_in(Client::Login::by_token);
  const auto after = archived(crowd, shape);
  std::uint64_t known = 0;
  std::uint64_t missing = 0;
  for (std::size_t room = 0; room < shape.rooms; ++room) {
    const std::uint64_t held = after[room] - before[room];
    known += talk.known_in(room);
    if (held < talk.known_in(room)) missing += talk.known_in(room) - held;
    report.fault("archives with more than was sent", held > talk.sent_in(room) ? 1 : 0);
  }
  report.add("units", static_cast<double>(known));
  report.add("missing", static_cast<double>(missing));
  return report.print(options.scenario);
}

}  // namespace chatd::bench
