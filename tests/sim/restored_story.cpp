#include "tests/sim/federated_checks.hpp"
#include "tests/sim/neighbours.hpp"
#include "tests/sim/people.hpp"
#include "tests/sim/store_model.hpp"
#include "tests/sim/story.hpp"
#include "tests/sim/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace chatd::sim {
namespace {

constexpr Millis kStep{500};
constexpr int kHealingSteps = 2 * 2 * 3600;

// Several servers with rooms that span them, of which one is put back from an old backup.
class RestoredStory {
 public:
  explicit RestoredStory(const StoryOptions& options)
      : options_(options),
        world_(options.seed, options.is_told),
        neighbours_(world_, {options.seed, options.fault, options.is_told, false},
                    world_.between(2, 4)),
        people_(std::make_unique<People>(world_)),
        victim_(neighbours_.any()) {}

  Outcome run() {
    Outcome outcome;
    const bool is_well = found_society() && live_on_after_the_backup() && restore_and_heal();
    if (neighbours_.failure())
      outcome.violations.push_back("a server does not start again: " +
                                   neighbours_.failure()->message);
    else
      outcome = check_all(world_, neighbours_, people_->devices());
    if (!is_well)
      outcome.violations.insert(outcome.violations.begin(),
                                people_->restless() + "; " + neighbours_.links_in_words());
    check_nothing_is_lost(outcome);
    outcome.crashes = neighbours_.crashes();
    return outcome;
  }

 private:
  using Log = std::vector<core::StoredRecord>;

  [[nodiscard]] ModelMedium& disk(std::size_t i) {
    return static_cast<ModelMedium&>(*neighbours_[i].medium);
  }
  [[nodiscard]] Log log(std::size_t i, const std::string& room) {
    return disk(i).read({*RoomId::parse(room), 1, UINT64_MAX, SIZE_MAX, SIZE_MAX, false}).value();
  }

  // What of its log another server has.
  [[nodiscard]] Log told(const std::string& room) {
    Seq most = 0;
    for (std::size_t i = 0; i < neighbours_.size(); ++i)
      if (i != victim_) most = std::max(most, disk(i).head(*RoomId::parse(room)).value());
    Log told = log(victim_, room);
    told.resize(std::min<std::size_t>(told.size(), most));
    return told;
  }

  // Everybody is in every room, so that nothing is on one server alone.
  bool found_society() {
    for (std::size_t i = 0; i < neighbours_.size(); ++i)
      for (auto more = world_.between(1, 2); more > 0; --more)
        people_->add(neighbours_.server(i), fmt::format("p{}", people_->devices().size()), true);
    world_.run_for(Millis(2500));
    for (auto more = world_.between(1, 4); more > 0; --more) found_group(people_->any());
    if (!catch_up([&] { return unanswered_ == 0; })) return false;
    world_.tell("{}: is backed up", name());
    backup_ = disk(victim_).back_up();
    return true;
  }

  void found_group(Device& founder) {
    ++unanswered_;
    founder.ask("room.create", R"({"name":"group","join":"open"})", [&](const Reply& reply) {
      --unanswered_;
      if (!reply.result) return;
      const std::string room((*reply.result)["room"].get_string().value());
      rooms_[room] = founder.home().name();
      for (const auto& guest : people_->devices())
        if (guest.get() != &founder) join(*guest, room);
    });
  }

  void join(Device& guest, const std::string& room) {
    ++unanswered_;
    guest.ask("room.join", fmt::format(R"({{"room":"{}","hub":"{}"}})", room, rooms_[room]),
              [&](const Reply&) { --unanswered_; });
  }

  void talk(std::uint64_t steps, bool has_victims_people) {
    for (; steps > 0 && !neighbours_.failure(); --steps) {
      Device& device = people_->any();
      if (has_victims_people || &device.home() != &neighbours_.server(victim_))
        people_->talk(device);
      if (world_.chance(8)) neighbours_.trouble_with(victim_);
      world_.run_for(Millis(world_.between(1, 300)));
    }
  }

  bool live_on_after_the_backup() {
    talk(world_.between(20, 60), true);
    if (world_.chance(50)) found_group(victims_person());
    talk(world_.between(5, 30), true);
    neighbours_.heal();
    // What nobody else has heard yet nobody can give back; and what the hub could not sign, since
    // by its clock its first key was not valid yet, nobody can prove.
    world_.run_for(std::chrono::minutes(3));
    if (!catch_up()) return false;
    for (const auto& [room, hub] : rooms_) people_->devices().front()->say(room, people_->text());
    return catch_up();
  }

  bool restore_and_heal() {
    for (const auto& [room, hub] : rooms_)
      if (hub == name()) before_[room] = told(room);
    if (neighbours_.server(victim_).is_up())
      if (const Status status = neighbours_.server(victim_).crash(); !status) return false;
    world_.tell("{}: is put back from its backup", name());
    disk(victim_).put_back(std::move(backup_));
    // Where nobody tells it, it finds out, unless its own people say something before.
    const bool is_fault = options_.fault == Fault::untold_restore;
    const bool is_told = !is_fault && world_.chance(60);
    const bool may_talk = is_told || is_fault;
    if (is_told) ++neighbours_[victim_].peering->settings().restore_epoch;
    replace_devices();
    if (may_talk && world_.chance(50)) neighbours_.part_from_all(victim_);
    neighbours_.server(victim_).start();
    talk(world_.between(10, 40), may_talk);
    neighbours_.heal();
    if (!catch_up()) return false;
    talk(world_.between(5, 20), true);
    neighbours_.heal();
    return catch_up();
  }

  // What they had heard from it since goes with the old ones: the accounts are as they were.
  void replace_devices() {
    auto before = std::exchange(people_, std::make_unique<People>(world_));
    for (const auto& device : before->devices()) {
      if (index_of(*device) != victim_) continue;
      people_->add(neighbours_.server(victim_), device->user(), false);
      device->go_away();
    }
    people_->take_over(*before, [&](const Device& device) { return index_of(device) != victim_; });
    gone_ = std::move(before);
  }

  [[nodiscard]] Device& victims_person() {
    while (true)
      if (Device& device = people_->any(); index_of(device) == victim_) return device;
  }

  [[nodiscard]] std::size_t index_of(const Device& device) {
    std::size_t i = 0;
    while (&neighbours_.server(i) != &device.home()) ++i;
    return i;
  }

  bool catch_up(const std::function<bool()>& is_over = [] { return true; }) {
    people_->come_back();
    for (int i = 0; i < kHealingSteps && !neighbours_.failure(); ++i) {
      if (people_->complain()) return false;
      world_.run_for(kStep);
      const bool is_quiet =
          people_->are_at_rest() && all_caught_up(neighbours_, people_->devices());
      if (is_quiet && is_over()) return true;
    }
    return false;
  }

  // What the hub had told is there again, as it was, but for what was erased since.
  void check_nothing_is_lost(Outcome& outcome) {
    for (const auto& [room, before] : before_) {
      const Log now = log(victim_, room);
      for (std::size_t i = 0; i < before.size(); ++i) {
        const bool is_same = i < now.size() && (now[i].bytes == before[i].bytes ||
                                                now[i].bytes == erased(room, before[i]));
        if (is_same) continue;
        outcome.violations.push_back(
            fmt::format("record {} of {} did not come back as it was", i + 1, room));
        break;
      }
    }
  }
  static std::string erased(const std::string& room, const core::StoredRecord& record) {
    return wire::encode_stored(wire::erase_content(
        wire::decode_stored(*RoomId::parse(room), record.seq, record.bytes).value()));
  }

  [[nodiscard]] const std::string& name() { return neighbours_.server(victim_).name(); }

  const StoryOptions options_;
  World world_;
  Neighbours neighbours_;
  std::unique_ptr<People> people_;
  std::unique_ptr<People> gone_;  // their connections may still end
  const std::size_t victim_;
  std::map<std::string, std::string> rooms_;  // the hub of each
  std::size_t unanswered_ = 0;  // of those who found and join; of who goes away it stays
  ModelMedium::Backup backup_;
  std::map<std::string, Log> before_;  // the victim's own rooms as they were when it was put back
};

}  // namespace

Outcome tell_restored(const StoryOptions& options) { return RestoredStory(options).run(); }

}  // namespace chatd::sim
