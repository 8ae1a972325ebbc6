#include "tests/sim/story.hpp"

#include "tests/sim/checks.hpp"
#include "tests/sim/device.hpp"
#include "tests/sim/server.hpp"
#include "tests/sim/store_model.hpp"
#include "tests/sim/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

namespace chatd::sim {
namespace {

constexpr Millis kStep{20};
// Long enough for the slowest reconnect and every range.
constexpr int kHealingSteps = 6000;

class Story {
 public:
  explicit Story(const StoryOptions& options)
      : world_(options.seed, options.is_told), server_(world_, medium_, options.fault) {}

  Outcome run() {
    found_society();
    const auto steps = world_.between(150, 500);
    for (std::uint64_t i = 0; i < steps; ++i) {
      act();
      world_.run_for(Millis(world_.between(1, 60)));
    }
    const bool has_healed = heal();
    Outcome outcome = check_all(world_, server_, medium_, devices_);
    if (!has_healed) outcome.violations.insert(outcome.violations.begin(), restless());
    outcome.crashes = crashes_;
    return outcome;
  }

 private:
  // People, their devices, their rooms.
  void found_society() {
    const std::uint64_t people = world_.between(2, 5);
    for (std::uint64_t i = 0; i < people; ++i) add_device(fmt::format("p{}", i), true);
    settle();
    for (std::uint64_t i = 0; i < people; ++i)
      for (std::uint64_t more = world_.between(0, 2); more > 0; --more)
        add_device(fmt::format("p{}", i), false);
    settle();
    for (std::uint64_t i = world_.between(1, 3); i > 0; --i) found_group(people);
    found_direct(people);
    settle();
  }

  void add_device(const std::string& user, bool signs_up) {
    devices_.push_back(std::make_unique<Device>(world_, server_, user,
                                                fmt::format("{}/{}", user, devices_.size())));
    devices_.back()->start(signs_up);
  }

  void found_group(std::uint64_t people) {
    devices_[0]->ask("room.create", R"({"name":"group","join":"open"})",
                     [this](std::optional<Json> answer) { note_room(answer); });
    settle();
    if (rooms_.empty()) return;
    const std::string room = rooms_.back();
    for (std::uint64_t i = 1; i < people; ++i)
      devices_[i]->ask("room.join", fmt::format(R"({{"room":"{}"}})", room),
                       [](std::optional<Json>) {});
    settle();
  }

  void found_direct(std::uint64_t people) {
    const auto other = world_.between(1, people - 1);
    // Both sides at the same moment: it must be one room.
    for (const auto& [from, to] :
         {std::pair{std::uint64_t{0}, other}, std::pair{other, std::uint64_t{0}}})
      devices_[from]->ask("room.open_direct", fmt::format(R"({{"user":"p{}@sim.example"}})", to),
                          [this](std::optional<Json> answer) { note_room(answer); });
  }

  void note_room(const std::optional<Json>& answer) {
    if (!answer) return;
    const std::string room(answer->operator[]("room").get_string().value());
    if (std::find(rooms_.begin(), rooms_.end(), room) == rooms_.end()) rooms_.push_back(room);
  }

  void settle() { world_.run_for(Millis(1500)); }

  Device& any_device() { return *devices_[world_.below(devices_.size())]; }

  // A room this device is in.
  std::optional<std::string> room_of(const Device& device) {
    if (device.rooms().empty()) return std::nullopt;
    auto room = device.rooms().begin();
    std::advance(room, static_cast<std::ptrdiff_t>(world_.below(device.rooms().size())));
    return room->first;
  }

  void talk(Device& device) {
    const auto room = room_of(device);
    if (!room) return;
    const Seq have = device.rooms().at(*room).have();
    const auto what = world_.below(100);
    if (what < 75 || have == 0) {
      const auto burst = world_.chance(10) ? world_.between(5, 40) : 1;
      for (std::uint64_t i = 0; i < burst; ++i) device.say(*room, fmt::format("text-{}", ++said_));
    } else if (what < 82) {
      device.edit(*room, own_message(device, *room), fmt::format("text-{}", ++said_));
    } else if (what < 88) {
      device.redact(*room, own_message(device, *room));
    } else if (what < 94) {
      device.react(*room, world_.between(1, have));
    } else {
      device.mark_read(*room);
    }
  }

  // Mostly one of this account's own messages, now and then any record.
  Seq own_message(const Device& device, const std::string& room) {
    std::vector<Seq> own;
    for (const auto& each : devices_)
      if (each->user() == device.user())
        for (const Acked& acked : each->acked())
          if (acked.room == room && acked.method == "message.send") own.push_back(acked.seq);
    if (own.empty() || world_.chance(5)) return world_.between(1, device.rooms().at(room).have());
    return own[world_.below(own.size())];
  }

  void act() {
    Device& device = any_device();
    const auto what = world_.below(1000);
    if (what < 780) return talk(device);
    if (what < 850) {
      world_.tell("{}: connection lost", device.name());
      return device.drop_connection();
    }
    if (what < 890) return device.read_slowly(world_.chance(60));
    if (what < 910) return device.set_clock_back();
    if (what < 940) return server_.is_up() ? server_.disk().slow_down(Millis(slowness())) : void();
    if (what < 955) return fill_disk();
    if (what < 975) {
      const auto by = Millis(world_.between(0, 7'200'000)) - Millis(3'600'000);
      world_.tell("world: the wall clock jumps by {} s", by.count() / 1000);
      return world_.jump_wall_clock(by);
    }
    if (what < 985) return storm();
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
    for (const auto& device : devices_) device->drop_connection();
  }

  void crash() {
    if (!server_.is_up()) return;
    ++crashes_;
    server_.crash();
    world_.after(Millis(world_.between(0, 3000)), [this] {
      if (server_.is_up()) return;
      world_.tell("server: starts again");
      server_.start();
    });
  }

  bool heal() {
    world_.tell("world: heals");
    if (!server_.is_up()) server_.start();
    server_.disk().slow_down(Millis(0));
    server_.disk().fill_up(0);
    for (int i = 0; i < kHealingSteps; ++i) {
      for (const auto& device : devices_) device->read_slowly(false);
      world_.run_for(kStep);
      const bool is_quiet = std::all_of(devices_.begin(), devices_.end(),
                                        [](const auto& device) { return device->is_at_rest(); });
      if (is_quiet && all_caught_up(server_, devices_)) return true;
    }
    return false;
  }

  std::string restless() {
    std::string who = "not everyone came to rest:";
    for (const auto& device : devices_)
      if (!device->is_at_rest())
        who += fmt::format(" {} (online {}, outbox {})", device->name(), device->is_online(),
                           device->outbox().size());
    return who;
  }

  World world_;
  ModelMedium medium_;
  Server server_;
  Devices devices_;
  std::vector<std::string> rooms_;
  std::uint64_t said_ = 0;
  unsigned crashes_ = 0;
};

}  // namespace

Outcome tell(const StoryOptions& options) { return Story(options).run(); }

}  // namespace chatd::sim
