// chatd.state.v1 in a map, with the limits and failures of the real one.
#pragma once

#include <chatd/state.h>

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace chatd::testing {

class FakeState {
 public:
  using Pairs = std::map<std::string, std::string>;

  [[nodiscard]] Pairs pairs() {
    const std::lock_guard lock(mutex_);
    return pairs_;
  }
  void set(const std::string& key, const std::string& value) {
    const std::lock_guard lock(mutex_);
    pairs_[key] = value;
  }
  // From now on everything answers `status` (CHATD_OK: works again).
  void fail(chatd_status status) {
    const std::lock_guard lock(mutex_);
    failure_ = status;
  }

  chatd_status get(chatd_str key, chatd_state_fn fn, void* arg) {
    std::string value;
    {
      const std::lock_guard lock(mutex_);
      if (failure_ != CHATD_OK) return failure_;
      const auto found = pairs_.find(text(key));
      if (found == pairs_.end()) return CHATD_E_NOT_FOUND;
      value = found->second;
    }
    return fn(arg, key, {value.data(), value.size()});
  }
  chatd_status write(const chatd_state_write* writes, std::size_t count) {
    const std::lock_guard lock(mutex_);
    if (failure_ != CHATD_OK) return failure_;
    if (count > CHATD_STATE_MAX_WRITES) return CHATD_E_INVALID;
    for (std::size_t i = 0; i < count; ++i)
      if (writes[i].key.size == 0 || writes[i].key.size > CHATD_STATE_MAX_KEY ||
          writes[i].value.size > CHATD_STATE_MAX_VALUE)
        return CHATD_E_INVALID;
    for (std::size_t i = 0; i < count; ++i) {
      if (writes[i].erase != 0)
        pairs_.erase(text(writes[i].key));
      else
        pairs_[text(writes[i].key)] = text(writes[i].value);
    }
    return CHATD_OK;
  }
  chatd_status scan(chatd_str prefix, chatd_str after, std::size_t limit, chatd_state_fn fn,
                    void* arg) {
    Pairs pairs;
    {
      const std::lock_guard lock(mutex_);
      if (failure_ != CHATD_OK) return failure_;
      pairs = pairs_;
    }
    for (auto at = pairs.upper_bound(text(after)); at != pairs.end() && limit > 0; ++at) {
      if (!at->first.starts_with(text(prefix))) continue;
      const chatd_status status =
          fn(arg, {at->first.data(), at->first.size()}, {at->second.data(), at->second.size()});
      if (status != CHATD_OK) return status;
      --limit;
    }
    return CHATD_OK;
  }

 private:
  static std::string text(chatd_str from) {
    return from.size == 0 ? std::string() : std::string(from.data, from.size);
  }

  // Under mutex_
  std::mutex mutex_;
  Pairs pairs_;
  chatd_status failure_ = CHATD_OK;
};

}  // namespace chatd::testing
