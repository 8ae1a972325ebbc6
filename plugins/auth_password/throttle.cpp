#include "plugins/auth_password/throttle.hpp"

#include <algorithm>

namespace auth_password {

Throttle::Millis Throttle::begin(std::string_view user, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  auto found = accounts_.find(std::string(user));
  if (found != accounts_.end() && now > found->second.last + kMemory) {
    forget(found);
    found = accounts_.end();
  }
  if (found == accounts_.end()) {
    if (accounts_.size() >= max_accounts_) forget(accounts_.find(quiet_.front()));
    quiet_.emplace_back(user);
    found = accounts_.emplace(user, Account{}).first;
    found->second.place = std::prev(quiet_.end());
  }
  Account& account = found->second;
  if (now < account.not_before) return std::chrono::ceil<Millis>(account.not_before - now);
  account.last = now;
  quiet_.splice(quiet_.end(), quiet_, account.place);
  ++account.attempts;
  if (account.attempts >= free_attempts_) {
    const unsigned doublings = std::min(account.attempts - free_attempts_, 20U);
    account.not_before = now + std::min(kFirstDelay * (1U << doublings), max_delay_);
  }
  return Millis{0};
}

void Throttle::succeeded(std::string_view user) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(std::string(user));
  if (found != accounts_.end()) forget(found);
}

void Throttle::unjudged(std::string_view user) {
  const std::lock_guard lock(mutex_);
  const auto found = accounts_.find(std::string(user));
  if (found == accounts_.end() || found->second.attempts == 0) return;
  --found->second.attempts;
  found->second.not_before = {};
}

void Throttle::forget(Accounts::iterator account) {
  quiet_.erase(account->second.place);
  accounts_.erase(account);
}

}  // namespace auth_password
