#include "tests/sim/process.hpp"

#include <algorithm>
#include <utility>

namespace chatd::sim {
namespace {

// What happens within this is one turn of the loop.
constexpr Millis kTurn{5};

}  // namespace

void Process::begin(Turn turn) {
  turn_ = std::move(turn);
  turn_within(Millis(0));
}

void Process::end() {
  ++life_;
  turn_at_.reset();
  turn_ = nullptr;
}

void Process::after(Millis delay, std::function<void()> event) {
  if (!turn_) return;
  world_.after(delay, [this, life = life_, event = std::move(event)] {
    if (life != life_) return;
    event();
    if (life == life_) turn_within(kTurn);
  });
}

void Process::turn_within(Millis delay) {
  const Monotonic at = world_.now() + delay;
  if (turn_at_ && *turn_at_ <= at) return;
  turn_at_ = at;
  world_.after(delay, [this, life = life_, at] {
    if (life != life_ || turn_at_ != at) return;
    turn_at_.reset();
    const auto next = turn_();
    if (life != life_ || !next) return;
    turn_within(std::max(std::chrono::duration_cast<Millis>(*next - world_.now()), Millis(1)));
  });
}

}  // namespace chatd::sim
