#include "daemon/base/closest.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace chatd {
namespace {

constexpr std::size_t kMaxWordBytes = 100;  // longer ones are not slips of a word of ours

// How many letters must be inserted, removed, replaced or swapped with a neighbour to get from one
// word to the other.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before_last(to.size() + 1);
  std::vector<std::size_t> last(to.size() + 1);
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[to.size()];
}

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string> words) {
  if (word.size() > kMaxWordBytes) return {};
  const std::string* nearest = nullptr;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : words) {
    const std::size_t slips = distance(word, candidate);
    if (slips >= least) continue;
    least = slips;
    nearest = &candidate;
  }
  return nearest == nullptr ? std::string() : ", did you mean \"" + *nearest + "\"?";
}

}  // namespace chatd
