#pragma once

#include "tests/sim/links.hpp"
#include "tests/sim/medium.hpp"
#include "tests/sim/peering.hpp"
#include "tests/sim/server.hpp"
#include "tests/sim/story.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chatd::sim {

// A server's own clock: the world's, and off by so much.
class OwnClock final : public Clock {
 public:
  explicit OwnClock(World& world) : world_(world) {}
  void set_off(Millis by) { off_ = by; }
  [[nodiscard]] Millis off() const { return off_; }
  TimeMs wall_ms() override { return world_.wall_ms() + off_.count(); }
  Monotonic now() override { return world_.now(); }

 private:
  World& world_;
  Millis off_{0};
};

// One of several servers.
struct Neighbour {
  explicit Neighbour(World& world) : clock(world) {}

  OwnClock clock;
  std::unique_ptr<Medium> medium;
  std::unique_ptr<Peering> peering;
  std::unique_ptr<Server> server;
};

// Several servers, the network between them, and all that can go wrong with either.
class Neighbours {
 public:
  Neighbours(World& world, const StoryOptions& options, std::size_t count);

  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] Neighbour& operator[](std::size_t i) { return *all_[i]; }
  [[nodiscard]] Server& server(std::size_t i) { return *all_[i]->server; }
  [[nodiscard]] std::size_t any() { return world_.below(all_.size()); }

  // Something happens to the network, or to a server.
  void trouble();
  // A link of this one is cut, or it crashes.
  void trouble_with(std::size_t i);
  // Nobody reaches it.
  void part_from_all(std::size_t i);
  // Nothing is wrong any more; who gave up trying is told to try now, by some admins.
  void heal();
  // As an admin reads it: with whom, and how it is.
  [[nodiscard]] std::string links_in_words();

  [[nodiscard]] Links& links() { return links_; }
  [[nodiscard]] unsigned crashes() const { return crashes_; }
  [[nodiscard]] unsigned deaths() const { return deaths_; }
  // Whether no clock was far off, no time passed in a moment, and no key changed before its time:
  // whatever is signed is known to be, then.
  [[nodiscard]] bool are_signatures_plain() const { return are_signatures_plain_; }
  // A server that does not start again.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  void settle(const StoryOptions& options, std::size_t i);
  void open(const StoryOptions& options, std::size_t i);
  void crash(std::size_t i);
  void restart_later(std::size_t i);
  void trouble_network(std::uint64_t what);
  void trouble_server(std::size_t i, std::uint64_t what);
  void part_halves();
  [[nodiscard]] const std::string& name(std::size_t i) { return names_[i]; }

  World& world_;
  Links links_;
  std::vector<std::string> names_;
  std::vector<std::unique_ptr<Neighbour>> all_;
  federation::Pin pin_;  // of the first, if it has one
  unsigned crashes_ = 0;
  unsigned deaths_ = 0;
  bool are_signatures_plain_ = true;
  std::optional<Error> failure_;
};

}  // namespace chatd::sim
