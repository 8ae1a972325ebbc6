#include "plugins/auth_password/lanes.hpp"

#include <optional>
#include <utility>

namespace auth_password {
namespace {

constexpr std::uint64_t kRetryAfterMs = 1'000;  // a full queue is gone within seconds

}  // namespace

void Lanes::add(Job job) {
  bool is_full = false;
  bool needs_lane = false;
  {
    const std::lock_guard lock(mutex_);
    is_full = waiting_.size() >= max_waiting_;
    if (!is_full) {
      waiting_.push_back(std::move(job));
      needs_lane = running_ < max_running_;
      if (needs_lane) ++running_;
    }
  }
  if (is_full) job.op.answer(CHATD_E_UNAVAILABLE, "too many logins at once", kRetryAfterMs);
  if (!needs_lane || host_.work([this] { lane(); })) return;

  // No worker: what waits is taken by the other lanes, or, when there is none, by nobody.
  std::deque<Job> orphans;
  {
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) orphans.swap(waiting_);
  }
  for (Job& orphan : orphans)
    orphan.op.answer(CHATD_E_UNAVAILABLE, "the server is busy", kRetryAfterMs);
}

void Lanes::lane() {
  while (true) {
    std::optional<Job> job;
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) {
        --running_;
        return;
      }
      job.emplace(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    run_(*job);
  }
}

}  // namespace auth_password
