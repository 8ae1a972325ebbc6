#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace chatd::bench {

// How long things took. A value is kept to 1/64 of its size, so a percentile is at most 1.6 % too
// high; adding costs a few instructions and no memory, however many there are.
class Histogram {
 public:
  void add(std::chrono::nanoseconds time) {
    ++counts_[bucket(time.count() < 0 ? 0 : static_cast<std::uint64_t>(time.count()))];
    ++total_;
  }

  [[nodiscard]] std::uint64_t count() const { return total_; }

  // The value below or at which this share (0 to 1) of all values is; 0 if there are none.
  [[nodiscard]] std::chrono::nanoseconds percentile(double share) const {
    const double wanted = share * static_cast<double>(total_);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size() && total_ != 0; ++i) {
      seen += counts_[i];
      if (seen != 0 && static_cast<double>(seen) >= wanted) return highest_of(i);
    }
    return {};
  }

 private:
  // Values below 64 have a bucket each; each doubling above has 64 buckets.
  static constexpr unsigned kBits = 6;
  static constexpr std::uint64_t kPerDoubling = 1U << kBits;

  static std::size_t bucket(std::uint64_t value) {
    if (value < kPerDoubling) return value;
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kBits;
    return (shift + 1) * kPerDoubling + ((value >> shift) - kPerDoubling);
  }

  static std::chrono::nanoseconds highest_of(std::size_t bucket) {
    if (bucket < kPerDoubling) return std::chrono::nanoseconds(bucket);
    const std::size_t shift = bucket / kPerDoubling - 1;
    const std::uint64_t lowest = (bucket % kPerDoubling + kPerDoubling) << shift;
    return std::chrono::nanoseconds(lowest + (std::uint64_t{1} << shift) - 1);
  }

  std::array<std::uint64_t, (64 - kBits) * kPerDoubling> counts_{};
  std::uint64_t total_ = 0;
};

}  // namespace chatd::bench
