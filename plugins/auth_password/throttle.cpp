#include "plugins/auth_password/throttle.hpp"

#include <algorithm>

namespace auth_password {
namespace {

std::string joined(std::string_view user, std::string_view network) {
  return std::string(user).append(1, '\0').append(network);
}

}  // namespace

Throttle::Millis Throttle::begin(std::string_view key, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  auto found = entries_.find(std::string(key));
  if (found != entries_.end() && now > found->second.last + kMemory) {
    forget(found);
    found = entries_.end();
  }
  if (found == entries_.end()) {
    if (entries_.size() >= max_keys_) forget(entries_.find(quiet_.front()));
    quiet_.emplace_back(key);
    found = entries_.emplace(key, Entry{}).first;
    found->second.place = std::prev(quiet_.end());
  }
  Entry& entry = found->second;
  if (now < entry.not_before) return std::chrono::ceil<Millis>(entry.not_before - now);
  entry.last = now;
  quiet_.splice(quiet_.end(), quiet_, entry.place);
  ++entry.attempts;
  if (entry.attempts >= free_attempts_) {
    const unsigned doublings = std::min(entry.attempts - free_attempts_, 20U);
    entry.not_before = now + std::min(kFirstDelay * (1U << doublings), max_delay_);
  }
  return Millis{0};
}

void Throttle::succeeded(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(std::string(key));
  if (found != entries_.end()) forget(found);
}

void Throttle::unjudged(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(std::string(key));
  if (found == entries_.end() || found->second.attempts == 0) return;
  --found->second.attempts;
  found->second.not_before = {};
}

void Throttle::forget(Entries::iterator entry) {
  quiet_.erase(entry->second.place);
  entries_.erase(entry);
}

Throttle::Millis Attempts::begin(std::string_view user, std::string_view network,
                                 Throttle::Clock::time_point now) {
  const auto wait = from_network_.begin(joined(user, network), now);
  if (wait.count() > 0) return wait;
  const auto common = from_anywhere_.begin(user, now);
  if (common.count() > 0) from_network_.unjudged(joined(user, network));
  return common;
}

void Attempts::succeeded(std::string_view user, std::string_view network) {
  from_network_.succeeded(joined(user, network));
  // Only this attempt: the owner's own login is no reason to let strangers guess anew.
  from_anywhere_.unjudged(user);
}

void Attempts::unjudged(std::string_view user, std::string_view network) {
  from_network_.unjudged(joined(user, network));
  from_anywhere_.unjudged(user);
}

}  // namespace auth_password
