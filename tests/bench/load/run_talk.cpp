#include "tests/bench/load/stop.hpp"
#include "tests/bench/load/talk.hpp"

namespace chatd::bench {
namespace {

constexpr std::size_t kPairs = 200;
constexpr std::size_t kGroupMembers = 100;
constexpr std::size_t kGroupInFlight = 4;

// Each room's name, or what its members call it, is then in its clients' room().
void open_rooms(Crowd& crowd, const Talk::Shape& shape) {
  if (shape.members == 2) {
    crowd.each([&](Client& client) { client.open_direct(crowd.client(client.number() ^ 1)); });
    return;
  }
  for (std::size_t room = 0; room < shape.rooms; ++room) {
    std::vector<Client*> members;
    for (std::size_t i = 0; i < shape.members; ++i)
      members.push_back(&crowd.client(room * shape.members + i));
    const std::size_t founder = members.front()->number();
    crowd.each(founder, 1,
               [&](Client& client) { client.found_group("g" + std::to_string(room), members); });
    crowd.each(founder + 1, shape.members - 1,
               [&](Client& client) { client.join_group(members.front()->room()); });
  }
}

// What the archive holds of each room, as the room's first member sees it.
std::vector<std::uint64_t> archived(Crowd& crowd, const Talk::Shape& shape) {
  std::vector<std::uint64_t> counts;
  for (std::size_t room = 0; room < shape.rooms; ++room) {
    const std::size_t first = room * shape.members;
    if (!crowd.client(first).has_archive()) return {};
    crowd.each(first, 1, [](Client& client) { client.count(client.room()); });
    counts.push_back(crowd.client(first).counted());
  }
  return counts;
}

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

}  // namespace

bool run_talk(const Options& options, Report& report) {
  const bool is_direct = options.scenario.starts_with("s1");
  const Talk::Shape shape = is_direct ? Talk::Shape{.rooms = kPairs, .members = 2, .in_flight = 1}
                                      : Talk::Shape{.rooms = options.rooms,
                                                    .members = kGroupMembers,
                                                    .in_flight = kGroupInFlight};
  Crowd crowd(options.server, shape.rooms * shape.members);
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
