#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace auth_password {

// How often a password of one account may be tried: some attempts are free, then each waits twice
// as long as the one before. Unknown accounts are treated as known ones are. Kept in memory only
// and bounded: when full, the account that was quiet the longest is forgotten. Any thread.
class Throttle {
 public:
  using Clock = std::chrono::steady_clock;
  using Millis = std::chrono::milliseconds;

  static constexpr std::size_t kMaxAccounts = 65'536;
  static constexpr Millis kFirstDelay{1'000};
  static constexpr std::chrono::hours kMemory{1};  // after this long in peace all is forgiven

  Throttle(unsigned free_attempts, Millis max_delay, std::size_t max_accounts = kMaxAccounts)
      : free_attempts_(free_attempts), max_delay_(max_delay), max_accounts_(max_accounts) {}

  // Zero: try it; the attempt counts as wrong until told otherwise, so that many at once gain
  // nothing. Else how long to wait first.
  [[nodiscard]] Millis begin(std::string_view user, Clock::time_point now);
  // It was right: all is forgiven.
  void succeeded(std::string_view user);
  // It could not be judged: that attempt doesn't count.
  void unjudged(std::string_view user);

 private:
  struct Account {
    unsigned attempts = 0;
    Clock::time_point not_before{};
    Clock::time_point last{};
    std::list<std::string>::iterator place;  // in quiet_
  };
  using Accounts = std::unordered_map<std::string, Account>;

  void forget(Accounts::iterator account);

  // Constant after construction
  const unsigned free_attempts_;
  const Millis max_delay_;
  const std::size_t max_accounts_;

  // Under mutex_
  std::mutex mutex_;
  Accounts accounts_;
  std::list<std::string> quiet_;  // the longest quiet first
};

}  // namespace auth_password
