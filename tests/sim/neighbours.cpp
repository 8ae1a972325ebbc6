#include "tests/sim/neighbours.hpp"

#include "tests/sim/plants.hpp"
#include "tests/sim/store_files.hpp"
#include "tests/sim/store_model.hpp"

#include <utility>

namespace chatd::sim {
namespace {

constexpr std::uint64_t kDayMs = 24 * 3'600'000;
// What clocks that are right differ by.
constexpr std::uint64_t kUsualSkewMs = 60'000;

Millis either_way(World& world, std::uint64_t by_ms) {
  return Millis(world.between(0, 2 * by_ms)) - Millis(by_ms);
}

// Where one is that nobody finds but those whose admin pinned it.
const federation::Endpoint kPinned{"10.1.1.1", 9443};

// Where it listens, and so how it is found: at its domain, by SRV, or at the default port.
federation::Endpoint place_of(const std::string& server, std::uint64_t way) {
  if (way == 0) return {server, 443};
  if (way == 1) return {"link." + server, 5443};
  return {server, federation::kDefaultPort};
}

}  // namespace

Neighbours::Neighbours(World& world, const StoryOptions& options, std::size_t count)
    : world_(world), links_(world) {
  plant(options.fault, links_);
  for (std::size_t i = 0; i < count; ++i) settle(options, i);
  for (std::size_t i = 0; i < count; ++i) open(options, i);
  if (world_.chance(25)) links_.meddle(static_cast<unsigned>(world_.between(1, 20)));
}

void Neighbours::settle(const StoryOptions& options, std::size_t i) {
  names_.push_back(fmt::format("{}.example", static_cast<char>('a' + i)));
  const bool is_pinned = i == 0 && world_.chance(50);
  const federation::Endpoint place = is_pinned ? kPinned : place_of(name(i), world_.below(3));
  auto each = std::make_unique<Neighbour>(world_);
  each->clock.set_off(either_way(world_, kUsualSkewMs));
  if (options.has_files)
    each->medium = std::make_unique<StoreMedium>(world_, options.fault, [this, i] {
      ++deaths_;
      if (server(i).is_up()) return crash(i);
      if (const Status status = all_[i]->medium->restart(); !status) failure_ = status.error();
    });
  else
    each->medium = std::make_unique<ModelMedium>();
  each->peering =
      std::make_unique<Peering>(world_, each->clock, links_.add(name(i), place), name(i));
  federation::Settings& settings = each->peering->settings();
  // Some name first a place where nobody is any more, some name none.
  if (world_.chance(30)) settings.endpoints.push_back({"old." + name(i), 443});
  if (!settings.endpoints.empty() || world_.chance(50)) settings.endpoints.push_back(place);
  all_.push_back(std::move(each));
  if (!is_pinned) return;
  pin_.endpoints = {kPinned};
  pin_.root = all_[0]->peering->root();
}

void Neighbours::open(const StoryOptions& options, std::size_t i) {
  Neighbour& each = *all_[i];
  if (i > 0) each.peering->settings().pins[name(0)] = pin_;
  const ServerOptions server{name(i), options.fault, world_.chance(20), &each.clock,
                             each.peering.get()};
  each.server = std::make_unique<Server>(world_, *each.medium, server);
}

void Neighbours::crash(std::size_t i) {
  if (!server(i).is_up()) return;
  ++crashes_;
  if (const Status status = server(i).crash(); !status) {
    failure_ = status.error();
    return;
  }
  restart_later(i);
}

void Neighbours::restart_later(std::size_t i) {
  const auto away = world_.chance(20) ? world_.between(30'000, 300'000) : world_.below(3000);
  world_.after(Millis(away), [this, i] {
    if (server(i).is_up() || failure_) return;
    world_.tell("{}: starts again", name(i));
    server(i).start();
  });
}

void Neighbours::trouble() {
  const auto what = world_.below(100);
  if (what < 55) return trouble_network(what);
  trouble_server(any(), what);
}

void Neighbours::trouble_with(std::size_t i) {
  const std::size_t other = (i + 1 + world_.below(size() - 1)) % size();
  if (world_.chance(30)) return crash(world_.chance(70) ? i : other);
  world_.tell("network: links of {} and {} are cut", name(i), name(other));
  links_.cut(name(i), name(other));
}

void Neighbours::part_from_all(std::size_t i) {
  world_.tell("network: nobody reaches {}", name(i));
  for (std::size_t other = 0; other < size(); ++other)
    if (other != i) links_.part(name(i), name(other), true);
}

void Neighbours::trouble_network(std::uint64_t what) {
  const std::size_t one = any();
  const std::size_t other = (one + 1 + world_.below(size() - 1)) % size();
  if (what < 18) {
    world_.tell("network: links of {} and {} are cut", name(one), name(other));
    links_.cut(name(one), name(other));
  } else if (what < 26) {
    world_.tell("network: {} hears nothing of {} any more", name(other), name(one));
    links_.deafen(name(one), name(other));
  } else if (what < 36) {
    world_.tell("network: {} and {} are parted", name(one), name(other));
    links_.part(name(one), name(other), true);
  } else if (what < 50) {
    world_.tell("network: {} and {} are together", name(one), name(other));
    links_.part(name(one), name(other), false);
  } else {
    part_halves();
  }
}

void Neighbours::part_halves() {
  const bool is_parted = world_.chance(60);
  const std::size_t half = world_.between(1, size() - 1);
  world_.tell("network: the first {} are {} the others", half, is_parted ? "parted from" : "with");
  for (std::size_t i = 0; i < half; ++i)
    for (std::size_t j = half; j < size(); ++j) links_.part(name(i), name(j), is_parted);
}

void Neighbours::trouble_server(std::size_t i, std::uint64_t what) {
  if (!server(i).is_up()) return;
  federation::Federation& federation = *all_[i]->peering->federation();
  const std::string& other = name(any());
  if (what < 70) {
    crash(i);
  } else if (what < 76) {
    server(i).disk().slow_down(Millis(world_.chance(50) ? 0 : world_.between(20, 400)));
  } else if (what < 82) {
    world_.tell("{}: its disk is full for a while", name(i));
    server(i).disk().fill_up(static_cast<unsigned>(world_.between(1, 4)));
  } else if (what < 88) {
    are_signatures_plain_ = false;
    const Millis by = either_way(world_, world_.chance(50) ? kDayMs : kUsualSkewMs);
    world_.tell("{}: its clock is off by {} s", name(i), by.count() / 1000);
    all_[i]->clock.set_off(by);
  } else if (what < 91) {
    are_signatures_plain_ = false;
    const auto days = world_.between(1, 60);
    world_.tell("world: {} days pass in a moment", days);
    world_.jump_wall_clock(Millis(days * kDayMs));
  } else if (what < 95) {
    are_signatures_plain_ = false;
    world_.tell("{}: makes the next key: {}", name(i), federation.rotate_key().has_value());
  } else if (what < 97) {
    federation.forget_document(other);
  } else {
    world_.tell("{}: pauses {}", name(i), other);
    federation.pause(other);
  }
}

void Neighbours::heal() {
  world_.tell("world: heals");
  links_.heal();
  const bool is_told = world_.chance(70);
  for (std::size_t i = 0; i < size(); ++i) {
    if (std::chrono::abs(all_[i]->clock.off()) > Millis(kUsualSkewMs))
      all_[i]->clock.set_off(either_way(world_, kUsualSkewMs));
    all_[i]->medium->spare();
    if (!server(i).is_up()) server(i).start();
    server(i).disk().slow_down(Millis(0));
    server(i).disk().fill_up(0);
    for (std::size_t j = 0; j < size(); ++j) {
      if (j == i) continue;
      all_[i]->peering->federation()->resume(name(j));
      if (is_told) all_[i]->peering->federation()->retry(name(j));
    }
  }
}

std::string Neighbours::links_in_words() {
  std::string words = "links:";
  for (auto& each : all_)
    for (const auto& peer : each->peering->federation()->peers())
      words += fmt::format(" {}>{}: {} ({}), outbox {};", each->server->name(), peer.server,
                           peer.link, peer.error, peer.outbox);
  return words;
}

}  // namespace chatd::sim
