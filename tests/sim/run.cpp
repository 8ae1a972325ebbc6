// run [--seed N | --seeds A..B] [--servers one|many|moving|restored] [--store model|files]
//     [--fault NAME]
//
// Without arguments: seeds 1..100 of one server on the model. --seed N tells the story of that one.
// Exit 0: all invariants held; 1: some did not (the seeds are named); 2: usage.
#include "daemon/base/log.hpp"
#include "tests/sim/story.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace {

using namespace chatd::sim;

using Story = Outcome (*)(const StoryOptions& options);
const std::map<std::string, Story> kStories{
    {"one", tell}, {"many", tell_federated}, {"moving", tell_moving}, {"restored", tell_restored}};

struct Arguments {
  std::uint64_t first = 1;
  std::uint64_t last = 100;
  Fault fault = Fault::none;
  bool is_told = false;
  bool has_files = false;
  Story tell = chatd::sim::tell;
};

bool parse(int count, char** words, Arguments& out) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view word = words[i];
    const std::string value = words[i + 1];
    if (word == "--seed") {
      out.first = out.last = std::strtoull(value.c_str(), nullptr, 10);
      out.is_told = true;
    } else if (word == "--seeds") {
      const std::size_t dots = value.find("..");
      if (dots == std::string::npos) return false;
      out.first = std::strtoull(value.substr(0, dots).c_str(), nullptr, 10);
      out.last = std::strtoull(value.substr(dots + 2).c_str(), nullptr, 10);
    } else if (word == "--fault") {
      const auto found = std::find(kFaultNames.begin(), kFaultNames.end(), value);
      if (found == kFaultNames.end()) return false;
      out.fault = static_cast<Fault>(found - kFaultNames.begin());
    } else if (word == "--servers" && kStories.contains(value)) {
      out.tell = kStories.at(value);
    } else if (word == "--store" && (value == "model" || value == "files")) {
      out.has_files = value == "files";
    } else {
      return false;
    }
  }
  return count % 2 == 1 && out.first <= out.last;
}

}  // namespace

int main(int count, char** words) {
  Arguments arguments;
  if (!parse(count, words, arguments)) {
    std::fprintf(stderr,
                 "usage: run [--seed N | --seeds A..B] [--servers one|many|moving|restored] "
                 "[--store model|files] "
                 "[--fault NAME]\n");
    return 2;
  }
  if (!arguments.is_told) chatd::log::silence();
  std::size_t failed = 0;
  Outcome sum;
  for (std::uint64_t seed = arguments.first; seed <= arguments.last; ++seed) {
    const StoryOptions options{seed, arguments.fault, arguments.is_told, arguments.has_files};
    const Outcome outcome = arguments.tell(options);
    sum += outcome;
    if (outcome.violations.empty()) continue;
    ++failed;
    std::printf("seed %" PRIu64 ":\n", seed);
    for (std::size_t i = 0; i < std::min<std::size_t>(outcome.violations.size(), 10); ++i)
      std::printf("  %s\n", outcome.violations[i].c_str());
  }
  std::printf(
      "%" PRIu64
      " seeds, %zu failed; %zu acknowledged, %zu records, %zu texts redacted, %u crashes (%u "
      "within the store), %u times behind\n",
      arguments.last - arguments.first + 1, failed, sum.acked, sum.records, sum.redacted,
      sum.crashes, sum.deaths, sum.times_behind);
  return failed == 0 ? 0 : 1;
}
