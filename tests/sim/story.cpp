#include "tests/sim/story.hpp"

#include "tests/sim/checks.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/server.hpp"
#include "tests/sim/store_files.hpp"
#include "tests/sim/store_model.hpp"
#include "tests/sim/world.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

namespace chatd::sim {
namespace {

constexpr Millis kStep{20};
// Long enough for the slowest reconnect, the slowest plugin and every range.
constexpr int kHealingSteps = 10'000;

class Story {
 public:
  explicit Story(const StoryOptions& options)
      : world_(options.seed, options.is_told),
        medium_(make_medium(options)),
        server_(world_, *medium_, {.fault = options.fault, .has_plugin = world_.chance(40)}),
        people_(world_) {}

  Outcome run() {
    found_society();
    const auto steps = world_.between(100, 300);
    for (std::uint64_t i = 0; i < steps && !failure_; ++i) {
      act();
      world_.run_for(Millis(world_.between(1, 60)));
    }
    const bool has_healed = !failure_ && heal();
    Outcome outcome;
    if (failure_) {
      outcome.violations.push_back("the server does not start again: " + failure_->message);
    } else {
      outcome = check_all(world_, server_, *medium_, people_.devices());
      if (!has_healed) outcome.violations.insert(outcome.violations.begin(), people_.restless());
    }
    outcome.crashes = crashes_;
    outcome.deaths = deaths_;
    return outcome;
  }

 private:
  std::unique_ptr<Medium> make_medium(const StoryOptions& options) {
    if (!options.has_files) return std::make_unique<ModelMedium>();
    return std::make_unique<StoreMedium>(world_, options.fault, [this] {
      ++deaths_;
      if (server_.is_up()) return crash();
      note(medium_->restart());  // it died while the server was down
    });
  }

  // People, their devices, their rooms.
  void found_society() {
    const std::uint64_t people = world_.between(2, 5);
    for (std::uint64_t i = 0; i < people; ++i) people_.add(server_, fmt::format("p{}", i), true);
    settle();
    for (std::uint64_t i = 0; i < people; ++i)
      for (std::uint64_t more = world_.between(0, 2); more > 0; --more)
        people_.add(server_, fmt::format("p{}", i), false);
    settle();
    for (std::uint64_t i = world_.between(1, 3); i > 0; --i) found_group(people);
    found_direct(people);
    settle();
  }

  void found_group(std::uint64_t people) {
    person(0).ask("room.create", R"({"name":"group","join":"open"})", [this](const Reply& reply) {
      if (reply.result) groups_.emplace_back((*reply.result)["room"].get_string().value());
    });
    settle();
    if (groups_.empty()) return;
    const std::string room = groups_.back();
    for (std::uint64_t i = 1; i < people; ++i) join(person(i), room);
    settle();
  }

  void found_direct(std::uint64_t people) {
    const auto other = world_.between(1, people - 1);
    // Both sides at the same moment: it must be one room.
    for (const auto& [from, to] :
         {std::pair{std::uint64_t{0}, other}, std::pair{other, std::uint64_t{0}}})
      person(from).ask("room.open_direct", fmt::format(R"({{"user":"p{}@sim.example"}})", to),
                       [](const Reply&) {});
  }

  void settle() { world_.run_for(Millis(1500)); }

  void join(Device& device, const std::string& room) {
    device.ask("room.join", fmt::format(R"({{"room":"{}"}})", room), [](const Reply&) {});
  }

  // Someone enters a group, leaves it, or is sent away, while everyone talks.
  void move(Device& device) {
    if (groups_.empty()) return;
    const std::string& room = groups_[world_.below(groups_.size())];
    if (!device.rooms().contains(room)) return join(device, room);
    if (world_.chance(50)) {
      device.ask("room.leave", fmt::format(R"({{"room":"{}"}})", room), [](const Reply&) {});
      return;
    }
    const std::string subject = people_.any().user();
    const std::string params =
        fmt::format(R"({{"room":"{}","user":"{}@sim.example")", room, subject);
    if (world_.chance(75)) return person(0).ask("room.kick", params + "}", [](const Reply&) {});
    const bool is_ban = world_.chance(40);
    person(0).ask("room.ban", fmt::format(R"({},"banned":{}}})", params, is_ban),
                  [](const Reply&) {});
  }

  void act() {
    Device& device = people_.any();
    const auto what = world_.below(1000);
    if (what < 740) return people_.talk(device);
    if (what < 800) return move(device);
    if (what < 850) {
      world_.tell("{}: connection lost", device.name());
      return device.drop_connection();
    }
    if (what < 865) {
      world_.tell("{}: hears nothing any more", device.name());
      return device.lose_replies();
    }
    if (what < 885) return people_.go_or_return(device);
    if (what < 910) return device.read_slowly(world_.chance(60));
    if (what < 920) return device.set_clock_back();
    if (what < 945) return server_.is_up() ? server_.disk().slow_down(Millis(slowness())) : void();
    if (what < 957) return fill_disk();
    if (what < 975) {
      const auto by = Millis(world_.between(0, 7'200'000)) - Millis(3'600'000);
      world_.tell("world: the wall clock jumps by {} s", by.count() / 1000);
      return world_.jump_wall_clock(by);
    }
    if (what < 981) return storm();
    if (what < 984) return let_days_pass();
    crash();
  }

  std::uint64_t slowness() { return world_.chance(50) ? 0 : world_.between(20, 400); }

  void fill_disk() {
    if (!server_.is_up()) return;
    world_.tell("disk: full for a while");
    server_.disk().fill_up(static_cast<unsigned>(world_.between(1, 4)));
  }

  void storm() {
    world_.tell("world: all connections are lost at once");
    for (const auto& each : people_.devices()) each->drop_connection();
  }

  // While nobody is here: devices that are there would only ask again and again.
  void let_days_pass() {
    world_.tell("world: everyone is away, and days pass");
    for (const auto& each : people_.devices()) each->go_away();
    world_.run_for(std::chrono::hours(world_.between(20, 200)));
    for (const auto& each : people_.devices()) each->come_back();
  }

  void crash() {
    if (!server_.is_up()) return;
    ++crashes_;
    note(server_.crash());
    if (failure_) return;
    world_.after(Millis(world_.between(0, 3000)), [this] {
      if (server_.is_up()) return;
      world_.tell("server: starts again");
      if (!failure_) server_.start();
    });
  }

  void note(const Status& reopened) {
    if (!reopened) failure_ = reopened.error();
  }

  bool heal() {
    world_.tell("world: heals");
    medium_->spare();
    if (!server_.is_up()) server_.start();
    server_.disk().slow_down(Millis(0));
    server_.disk().fill_up(0);
    people_.come_back();
    for (int i = 0; i < kHealingSteps; ++i) {
      if (people_.complain()) return false;
      people_.read_fast();
      world_.run_for(kStep);
      if (people_.are_at_rest() && all_caught_up(server_, people_.devices())) return true;
    }
    return false;
  }

  Device& person(std::uint64_t i) { return *people_.devices()[i]; }

  World world_;
  const std::unique_ptr<Medium> medium_;
  Server server_;
  People people_;
  std::vector<std::string> groups_;
  unsigned crashes_ = 0;
  unsigned deaths_ = 0;
  std::optional<Error> failure_;  // the server is down for good
};

}  // namespace

Outcome& Outcome::operator+=(const Outcome& other) {
  acked += other.acked;
  records += other.records;
  redacted += other.redacted;
  crashes += other.crashes;
  deaths += other.deaths;
  times_behind += other.times_behind;
  return *this;
}

Outcome tell(const StoryOptions& options) { return Story(options).run(); }

}  // namespace chatd::sim
