#include "tests/bench/load/rooms.hpp"
#include "tests/bench/load/talk.hpp"

namespace chatd::bench {
namespace {

constexpr std::size_t kPairs = 200;
constexpr std::size_t kPairsBesideIdle = 20;
constexpr std::size_t kGroupMembers = 100;
constexpr std::size_t kGroupInFlight = 4;

void tell_archive(const Talk& talk, const std::vector<std::uint64_t>& before,
                  const std::vector<std::uint64_t>& after, Report& report) {
  if (before.empty()) return;
  std::uint64_t held = 0;
  std::uint64_t differing = 0;
  for (std::size_t room = 0; room < before.size(); ++room) {
    held += after[room] - before[room];
    if (after[room] - before[room] != talk.sent_in(room)) ++differing;
  }
  report.tell("archived", static_cast<double>(held));
  report.fault("rooms whose archive is not what was sent", differing);
}

Talk::Shape shape_of(const Options& options) {
  if (options.scenario == "s2")
    return {.rooms = options.rooms, .members = kGroupMembers, .in_flight = kGroupInFlight};
  return {.rooms = options.scenario == "s1-idle" ? kPairsBesideIdle : kPairs,
          .members = 2,
          .in_flight = 1};
}

}  // namespace

bool run_talk(const Options& options, Report& report) {
  const bool is_direct = options.scenario != "s2";
  const Talk::Shape shape = shape_of(options);
  // Those who do nothing come after those who talk.
  Crowd crowd(options.server, shape.rooms * shape.members + options.idle);
  crowd.log_in(Client::Login::first);
  open_rooms(crowd, shape);
  const auto before = archived(crowd, shape);

  Talk talk(crowd, shape, options.rate);
  talk.run_for(options.warm_up);
  talk.forget_figures();
  report.begin(options.scenario);
  talk.run_for(options.measured);
  report.end();
  report.add("units", static_cast<double>(is_direct ? talk.messages() : talk.deliveries()));
  report.add("messages", static_cast<double>(talk.messages()));
  report.add("delivery", talk.delivery_times());
  report.add("ack", talk.ack_times());

  talk.drain();
  report.fault("messages lost", talk.lost());
  report.fault("messages or acknowledgements twice", talk.doubled());
  report.fault("failures", talk.failures());
  crowd.listen(nullptr);
  if (talk.failures() == 0) tell_archive(talk, before, archived(crowd, shape), report);
  return report.print(options.scenario);
}

}  // namespace chatd::bench
