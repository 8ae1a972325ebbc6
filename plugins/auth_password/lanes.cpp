#include "plugins/auth_password/lanes.hpp"

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
  if (is_full) refuse(job, "too many logins at once");
  if (!needs_lane || host_.work([this] { lane(); })) return;

  // No worker: what waits is taken by the other lanes, or, when there is none, by nobody.
  std::deque<Job> orphans;
  {
    const std::lock_guard lock(mutex_);
    if (--running_ == 0) orphans.swap(waiting_);
  }
  for (Job& orphan : orphans) refuse(orphan, "the server is busy");
}

void Lanes::refuse(Job& job, std::string_view why) {
  refused_(job);
  job.op.answer(CHATD_E_UNAVAILABLE, why, kRetryAfterMs);
}

void Lanes::lane() {
  while (auto job = next()) {
    run_(*job);
    // The workers are everyone's: a crowd at the door must not hold up what others queued.
    if (host_.work([this] { lane(); })) return;
  }
}

std::optional<Job> Lanes::next() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    --running_;
    return std::nullopt;
  }
  std::optional<Job> job(std::move(waiting_.front()));
  waiting_.pop_front();
  return job;
}

}  // namespace auth_password
