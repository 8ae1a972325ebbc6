#include "tests/bench/load/rooms.hpp"
#include "tests/bench/load/talk.hpp"

#include <algorithm>
#include <functional>

namespace chatd::bench {
namespace {

constexpr std::size_t kPairs = 200;
constexpr std::size_t kPairsBesideIdle = 20;
constexpr std::size_t kFilledInFlight = 2;  // both of a pair talk
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
  const auto told = [](std::size_t number, std::size_t usual) {
    return number == 0 ? usual : number;
  };
  if (options.scenario == "s2")
    return {.rooms = options.rooms,
            .members = told(options.members, kGroupMembers),
            .in_flight = std::min(kGroupInFlight, told(options.members, kGroupMembers))};
  const bool is_few = options.scenario == "s1-idle" || options.scenario == "s7";
  return {.rooms = told(options.pairs, is_few ? kPairsBesideIdle : kPairs),
          .members = 2,
          .in_flight = options.scenario == "s7" ? kFilledInFlight : 1};
}

// Clients that log in by password and go away, again and again.
class Logins {
 public:
  Logins(Crowd& crowd, std::size_t count) : crowd_(crowd), first_(crowd.size() - count) {}

  void turn() {
    for (std::size_t i = first_; i < crowd_.size(); ++i) {
      Client& client = crowd_.client(i);
      if (client.is_busy()) continue;
      ++begun_;
      client.disconnect();
      client.log_in(Client::Login::by_password);
    }
  }
  // Those that are done; not more than one of each client is under way.
  [[nodiscard]] std::uint64_t done() const {
    const std::uint64_t under_way = crowd_.size() - first_;
    return begun_ - std::min(begun_, under_way);
  }

 private:
  Crowd& crowd_;
  const std::size_t first_;
  std::uint64_t begun_ = 0;
};

void enter(const Options& options, const Talk::Shape& shape, Crowd& crowd) {
  if (options.from.empty()) {
    crowd.log_in(Client::Login::first);
    open_rooms(crowd, shape);
  } else {
    know_from(options.from, crowd, shape.rooms * shape.members);
    crowd.log_in(Client::Login::by_token);
  }
}

void measure(const Options& options, std::string_view phase, Talk& talk, Report& report,
             const std::function<void()>& beside = {}) {
  talk.run_for(options.warm_up, beside);
  talk.forget_figures();
  report.begin(phase);
  talk.run_for(options.measured, beside);
  report.end();
  const bool is_direct = options.scenario != "s2";
  report.add("units", static_cast<double>(is_direct ? talk.messages() : talk.deliveries()));
  report.add("messages", static_cast<double>(talk.messages()));
  report.add("delivery", talk.delivery_times());
  report.add("ack", talk.ack_times());
}

}  // namespace

bool run_talk(const Options& options, Report& report) {
  const Talk::Shape shape = shape_of(options);
  // Those who do something else, or nothing, come after those who talk.
  Crowd crowd(options.server, shape.rooms * shape.members + options.idle + options.logins);
  enter(options, shape, crowd);
  // Of those with many rooms it is not asked: that would bring all of them into memory.
  const auto before = options.from.empty() ? archived(crowd, shape) : std::vector<std::uint64_t>();

  Talk talk(crowd, shape, options.rate);
  measure(options, options.scenario, talk, report);
  if (options.logins != 0) {
    Logins logins(crowd, options.logins);
    measure(options, "beside logins", talk, report, [&logins] { logins.turn(); });
    report.add("logins", static_cast<double>(logins.done()));
  }

  talk.drain();
  report.fault("messages lost", talk.lost());
  report.fault("messages or acknowledgements twice", talk.doubled());
  report.fault("failures", talk.failures());
  crowd.listen(nullptr);
  if (talk.failures() == 0 && !before.empty())
    tell_archive(talk, before, archived(crowd, shape), report);
  return report.print(options.scenario);
}

}  // namespace chatd::bench
