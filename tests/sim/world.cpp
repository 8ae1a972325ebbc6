#include "tests/sim/world.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace chatd::sim {

bool World::step() {
  if (events_.empty()) return false;
  const auto first = events_.begin();
  time_ = first->first.first;
  const auto event = std::move(first->second);
  events_.erase(first);
  event();
  return true;
}

void World::run_for(Millis duration) {
  const Millis end = time_ + duration;
  while (!events_.empty() && events_.begin()->first.first <= end) step();
  time_ = end;
}

// splitmix64: small, seedable, the same everywhere.
std::uint64_t World::next() {
  state_ += 0x9e3779b97f4a7c15u;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

void World::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const std::uint64_t bytes = next();
    const std::size_t size = std::min(out.size(), sizeof bytes);
    std::memcpy(out.data(), &bytes, size);
    out = out.subspan(size);
  }
}

void World::print(const std::string& line) const {
  std::printf("%10.3f  %s\n", static_cast<double>(time_.count()) / 1000, line.c_str());
}

}  // namespace chatd::sim
