// What each step of a message costs. `micro` prints ns; `micro STEP BATCHES` runs one step so often
// for callgrind, which counts only what is measured, and prints how many messages that were.
#include "tests/bench/micro/step.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <valgrind/callgrind.h>
#include <vector>

namespace chatd::bench {
namespace {

struct Named {
  std::string_view name;
  std::unique_ptr<Step> (*make)();
};

constexpr Named kSteps[] = {
    {"decode", make_decode}, {"dispatch", make_dispatch}, {"deliver", make_deliver},
    {"hash", make_hash},     {"encode", make_encode},     {"commit", make_commit},
    {"fold", make_fold},
};

// Until libraries are bound, memory has been asked for and tables have their size.
constexpr int kUnmeasuredBatches = 4;
constexpr auto kTimed = std::chrono::seconds(1);

void warm_up(Step& step) {
  for (int i = 0; i < kUnmeasuredBatches; ++i) {
    step.prepare();
    step.run();
  }
}

void count_instructions(Step& step, unsigned long batches) {
  warm_up(step);
  for (unsigned long i = 0; i < batches; ++i) {
    step.prepare();
    CALLGRIND_TOGGLE_COLLECT;
    step.run();
    CALLGRIND_TOGGLE_COLLECT;
  }
  std::printf("%lu\n", batches * step.messages());
}

// The median of batches: some are disturbed.
double nanoseconds(Step& step) {
  using Clock = std::chrono::steady_clock;
  warm_up(step);
  std::vector<double> times;
  const auto until = Clock::now() + kTimed;
  while (Clock::now() < until) {
    step.prepare();
    const auto start = Clock::now();
    step.run();
    const std::chrono::duration<double, std::nano> took = Clock::now() - start;
    times.push_back(took.count() / static_cast<double>(step.messages()));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

int run(int argc, char** argv) {
  if (argc != 1 && argc != 3) {
    std::fputs("usage: micro [STEP BATCHES]\n", stderr);
    return 2;
  }
  for (const Named& each : kSteps) {
    if (argc == 1)
      std::printf("%-10.*s %8.0f ns\n", static_cast<int>(each.name.size()), each.name.data(),
                  nanoseconds(*each.make()));
    else if (each.name == argv[1])
      count_instructions(*each.make(), std::strtoul(argv[2], nullptr, 10));
  }
  return 0;
}

}  // namespace

}  // namespace chatd::bench

int main(int argc, char** argv) {
  if (sodium_init() < 0) return 1;  // chooses what this processor does best, as in the daemon
  return chatd::bench::run(argc, argv);
}
