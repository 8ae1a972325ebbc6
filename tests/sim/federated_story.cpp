#include "tests/sim/federated_checks.hpp"
#include "tests/sim/hub_moves.hpp"
#include "tests/sim/neighbours.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/story.hpp"
#include "tests/sim/world.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace chatd::sim {
namespace {

constexpr Millis kStep{500};
// Mostly all is well after a minute. Who gave up trying for the longest tries again in an hour; and
// then everything comes.
constexpr Millis kSoon = std::chrono::minutes(2);
constexpr Millis kLongStep{5000};
constexpr Millis kHealed = std::chrono::hours(2);
constexpr Millis kOnTheWay{5000};  // more than a frame needs

// Several servers, people with several devices on each, and rooms that span them.
class FederatedStory {
 public:
  explicit FederatedStory(const StoryOptions& options)
      : has_moves_(options.has_moves),
        world_(options.seed, options.is_told),
        // Mostly a few; each has much to do with each other one.
        neighbours_(world_, options,
                    world_.chance(60) ? world_.between(2, 3) : world_.between(4, 7)),
        people_(world_) {}

  Outcome run() {
    found_society();
    const auto steps = world_.between(80, 200);
    for (std::uint64_t i = 0; i < steps && !neighbours_.failure(); ++i) {
      act();
      world_.run_for(Millis(world_.between(1, 150)));
    }
    const bool has_healed = !neighbours_.failure() && heal();
    Outcome outcome;
    if (neighbours_.failure()) {
      outcome.violations.push_back("a server does not start again: " +
                                   neighbours_.failure()->message);
    } else {
      outcome = check_all(world_, neighbours_, people_.devices());
      if (!has_healed)
        outcome.violations.insert(outcome.violations.begin(),
                                  people_.restless() + "; " + neighbours_.links_in_words());
    }
    outcome.crashes = neighbours_.crashes();
    outcome.deaths = neighbours_.deaths();
    return outcome;
  }

 private:
  struct Group {
    std::string room;
    std::string hub;
    Device* founder = nullptr;
  };

  void found_society() {
    std::vector<std::size_t> homes;
    for (std::size_t i = 0; i < neighbours_.size(); ++i)
      homes.insert(homes.end(), world_.between(1, 3), i);
    for (std::size_t i = 0; i < homes.size(); ++i)
      people_.add(neighbours_.server(homes[i]), fmt::format("p{}", i), true);
    settle();
    for (std::size_t i = 0; i < homes.size(); ++i)
      if (world_.chance(30))
        people_.add(neighbours_.server(homes[i]), fmt::format("p{}", i), false);
    const auto rooms = world_.chance(10) ? world_.between(12, 30) : world_.between(1, 6);
    for (auto more = rooms; more > 0; --more) {
      if (world_.chance(60))
        found_group();
      else
        open_direct(people_.any(), true);
    }
    settle();
    for (const Group& group : groups_)
      for (auto more = world_.between(1, 2 * neighbours_.size()); more > 0; --more)
        enter(people_.any(), group);
    settle();
  }

  void settle() { world_.run_for(Millis(2500)); }

  static void ask(Device& device, const std::string& method, const std::string& params) {
    device.ask(method, params, [](const Reply&) {});
  }

  void found_group() {
    Device& founder = people_.any();
    const bool is_open = world_.chance(60);
    founder.ask("room.create",
                fmt::format(R"({{"name":"group","join":"{}"}})", is_open ? "open" : "invite"),
                [this, &founder](const Reply& reply) {
                  if (!reply.result) return;
                  groups_.push_back({std::string((*reply.result)["room"].get_string().value()),
                                     founder.home().name(), &founder});
                });
  }

  // Mostly both sides at the same moment: it must be one room.
  void open_direct(Device& one, bool is_by_both) {
    Device& other = people_.any();
    ask(one, "room.open_direct", fmt::format(R"({{"user":"{}"}})", other.address()));
    if (is_by_both && world_.chance(60))
      ask(other, "room.open_direct", fmt::format(R"({{"user":"{}"}})", one.address()));
  }

  // By itself, or somebody asks it to come.
  void enter(Device& device, const Group& group) {
    if (world_.chance(50))
      return ask(device, "room.join",
                 fmt::format(R"({{"room":"{}","hub":"{}"}})", group.room, group.hub));
    ask(*group.founder, "room.invite",
        fmt::format(R"({{"room":"{}","user":"{}"}})", group.room, device.address()));
  }

  void answer_invitation(Device& device) {
    const auto& invitations = device.invitations();
    if (invitations.empty()) return;
    const auto which = static_cast<std::ptrdiff_t>(world_.below(invitations.size()));
    ask(device, world_.chance(80) ? "room.join" : "room.leave",
        fmt::format(R"({{"room":"{}"}})", *std::next(invitations.begin(), which)));
  }

  // Someone enters a group, leaves it, is sent away, rises or falls in it, while everyone talks.
  void move(Device& device) {
    if (world_.chance(40)) return answer_invitation(device);
    if (groups_.empty()) return;
    const Group& group = groups_[world_.below(groups_.size())];
    if (!device.rooms().contains(group.room)) return enter(device, group);
    const std::string room = fmt::format(R"({{"room":"{}")", group.room);
    const std::string subject = fmt::format(R"({},"user":"{}")", room, people_.any().address());
    Device& actor = world_.chance(60) ? *group.founder : device;
    const auto what = world_.below(100);
    if (what < 25) return ask(device, "room.leave", room + "}");
    if (what < 50) return ask(actor, "room.kick", subject + "}");
    if (what < 60)
      return ask(actor, "room.ban", fmt::format(R"({},"banned":{}}})", subject, world_.chance(50)));
    if (what < 70) return ask(actor, "room.set", room + fmt::format(R"(,"topic":"{}"}})", what));
    ask(actor, "room.set_role",
        fmt::format(R"({},"role":"{}"}})", subject,
                    std::array{"member", "admin", "owner"}[world_.below(3)]));
  }

  void take_back(Device& device) {
    const auto& pending = device.pending();
    if (pending.empty()) return;
    const auto which = static_cast<std::ptrdiff_t>(world_.below(pending.size()));
    const std::uint64_t number = std::next(pending.begin(), which)->first;
    world_.tell("{}: takes back {}", device.name(), number);
    device.take_back(number);
  }

  void act() {
    if (has_moves_ && !groups_.empty() && world_.chance(4))
      return hand_over(world_, neighbours_, groups_[world_.below(groups_.size())].room);
    Device& device = people_.any();
    const auto what = world_.below(1000);
    if (what < 640) return people_.talk(device);
    if (what < 740) return move(device);
    if (what < 765) return take_back(device);
    if (what < 780) return open_direct(device, true);
    if (what < 800) return device.drop_connection();
    if (what < 810) return device.lose_replies();
    if (what < 835) return people_.go_or_return(device);
    if (what < 845) return device.read_slowly(world_.chance(60));
    if (what < 870) return wait();
    neighbours_.trouble();
  }

  // For as long as deadlines are, and retries.
  void wait() {
    const auto seconds = world_.chance(70) ? world_.between(1, 20) : world_.between(60, 400);
    world_.tell("world: {} s pass", seconds);
    world_.run_for(std::chrono::seconds(seconds));
  }

  bool heal() {
    neighbours_.heal();
    people_.come_back();
    for (Millis healed{0}; healed < kHealed;) {
      if (people_.complain()) return false;
      people_.read_fast();
      const Millis step = healed < kSoon ? kStep : kLongStep;
      world_.run_for(step);
      healed += step;
      if (!is_well()) continue;
      // What was taken back may be on its way.
      world_.run_for(kOnTheWay);
      if (is_well()) return true;
    }
    return false;
  }

  [[nodiscard]] bool is_well() {
    return people_.are_at_rest() && all_caught_up(neighbours_, people_.devices());
  }

  const bool has_moves_;
  World world_;
  Neighbours neighbours_;
  People people_;
  std::vector<Group> groups_;
};

}  // namespace

Outcome tell_federated(const StoryOptions& options) { return FederatedStory(options).run(); }

Outcome tell_moving(const StoryOptions& options) {
  StoryOptions moving = options;
  moving.has_moves = true;
  return FederatedStory(moving).run();
}

}  // namespace chatd::sim
