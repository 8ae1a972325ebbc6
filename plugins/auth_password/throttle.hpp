#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace auth_password {

// How often something may be tried by its key: some attempts are free, then each waits twice as
// long as the one before. Kept in memory only and bounded: when full, the key that was quiet the
// longest is forgotten. Any thread.
class Throttle {
 public:
  using Clock = std::chrono::steady_clock;
  using Millis = std::chrono::milliseconds;

  static constexpr std::size_t kMaxKeys = 65'536;
  static constexpr Millis kFirstDelay{1'000};
  static constexpr std::chrono::hours kMemory{1};  // after this long in peace all is forgiven

  Throttle(unsigned free_attempts, Millis max_delay, std::size_t max_keys = kMaxKeys)
      : free_attempts_(free_attempts), max_delay_(max_delay), max_keys_(max_keys) {}

  // Zero: try it; the attempt counts as wrong until told otherwise, so that many at once gain
  // nothing. Else how long to wait first.
  [[nodiscard]] Millis begin(std::string_view key, Clock::time_point now);
  // It was right: all is forgiven.
  void succeeded(std::string_view key);
  // It could not be judged: that attempt doesn't count.
  void unjudged(std::string_view key);

 private:
  struct Entry {
    unsigned attempts = 0;
    Clock::time_point not_before{};
    Clock::time_point last{};
    std::list<std::string>::iterator place;  // in quiet_
  };
  using Entries = std::unordered_map<std::string, Entry>;

  void forget(Entries::iterator entry);

  // Constant after construction
  const unsigned free_attempts_;
  const Millis max_delay_;
  const std::size_t max_keys_;

  // Under mutex_
  std::mutex mutex_;
  Entries entries_;
  std::list<std::string> quiet_;  // the longest quiet first
};

// How often passwords of an account may be tried: from one network so often, so that a stranger's
// wrong ones don't keep the owner out, and from all networks together kNetworks times as often, so
// that they don't guess on without end. Unknown accounts are treated as known ones are.
class Attempts {
 public:
  static constexpr unsigned kNetworks = 20;

  Attempts(unsigned free_attempts, Throttle::Millis max_delay)
      : from_network_(free_attempts, max_delay),
        from_anywhere_(free_attempts * kNetworks, max_delay) {}

  // As Throttle's.
  [[nodiscard]] Throttle::Millis begin(std::string_view user, std::string_view network,
                                       Throttle::Clock::time_point now);
  void succeeded(std::string_view user, std::string_view network);
  void unjudged(std::string_view user, std::string_view network);

 private:
  Throttle from_network_;
  Throttle from_anywhere_;
};

}  // namespace auth_password
