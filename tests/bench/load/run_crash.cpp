#include "tests/bench/load/rooms.hpp"
#include "tests/bench/load/stop.hpp"

#include <algorithm>
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

struct Held {
  std::vector<std::uint64_t> first;  // by room
  std::vector<std::uint64_t> second;
};

Held held(Crowd& crowd, const Talk::Shape& shape) {
  return {archived(crowd, shape, 0), archived(crowd, shape, 1)};
}

void compare(const Talk& talk, const Held& before, const Held& after, Report& report) {
  std::uint64_t known = 0;
  std::uint64_t missing = 0;
  std::uint64_t missing_on_a_side = 0;
  std::uint64_t surplus = 0;
  for (std::size_t room = 0; room < before.first.size(); ++room) {
    // At most the one under way is in one archive and not yet in the other, so the longer has all.
    const auto [shorter, longer] = std::minmax(
        {after.first[room] - before.first[room], after.second[room] - before.second[room]});
    const std::uint64_t wanted = talk.known_in(room);
    known += wanted;
    missing += wanted - std::min(wanted, longer);
    missing_on_a_side += wanted - std::min(wanted, shorter);
    if (longer > talk.sent_in(room)) ++surplus;
  }
  report.add("known", static_cast<double>(known));
  report.add("missing", static_cast<double>(missing));
  report.add("missing_on_a_side", static_cast<double>(missing_on_a_side));
  report.fault("archives with more than was sent", surplus);
}

}  // namespace

bool run_crash(const Options& options, Report& report) {
  const Talk::Shape shape{.rooms = kPairs, .members = 2, .in_flight = 1};
  Crowd crowd(options.server, shape.rooms * shape.members);
  crowd.log_in(Client::Login::first);
  open_rooms(crowd, shape);
  const Held before = held(crowd, shape);
  require(!before.first.empty(), "this server keeps nothing that could be lost");

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
  for (std::size_t i = 0; i < crowd.size(); ++i) crowd.client(i).disconnect();
  crowd.log_in(Client::Login::by_token);
  compare(talk, before, held(crowd, shape), report);
  return report.print(options.scenario);
}

}  // namespace chatd::bench
