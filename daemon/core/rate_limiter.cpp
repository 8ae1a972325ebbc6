#include "daemon/core/rate_limiter.hpp"

#include <algorithm>
#include <cmath>

namespace chatd::core {
namespace {

// About 20 MB at the most; a server with more people active within a minute raises its rates.
constexpr std::size_t kMaxBuckets = 200'000;
// Looking through all of them takes milliseconds.
constexpr Millis kSweepEvery{1'000};

}  // namespace

const std::string& RateLimiter::name_of(std::string_view what, std::string_view who) {
  name_.assign(what).append(" ").append(who);
  return name_;
}

bool RateLimiter::has_place(Monotonic now) {
  if (buckets_.size() < kMaxBuckets) return true;
  if (now < next_sweep_) return false;
  next_sweep_ = now + kSweepEvery;
  std::erase_if(buckets_, [now](const auto& entry) { return entry.second.full <= now; });
  return buckets_.size() < kMaxBuckets;
}

Status RateLimiter::take(std::string_view what, std::string_view who, const Rate& rate,
                         std::uint64_t amount) {
  if (rate.count == 0) return {};
  const Monotonic now = clock_.now();
  const std::string& name = name_of(what, who);
  auto entry = buckets_.find(name);
  const bool is_new = entry == buckets_.end();
  if (is_new && !has_place(now)) return fail(Code::rate_limited, "the server is too busy", 10'000);
  if (is_new) entry = buckets_.emplace(name, Bucket{}).first;
  Bucket& bucket = entry->second;
  const double size = rate.count;
  const double per_ms = size / static_cast<double>(std::max<Millis::rep>(1, rate.per.count()));
  const auto passed = std::chrono::duration<double, std::milli>(now - bucket.filled).count();
  bucket.tokens = is_new ? size : std::min(size, bucket.tokens + passed * per_ms);
  bucket.filled = now;
  const bool has_token = bucket.tokens >= 1;
  if (has_token) bucket.tokens -= static_cast<double>(amount);
  bucket.full = now + Millis(static_cast<Millis::rep>((size - bucket.tokens) / per_ms) + 1);
  if (has_token) return {};
  const auto wait = static_cast<std::uint32_t>(std::ceil((1 - bucket.tokens) / per_ms));
  return fail(Code::rate_limited, "too fast; please wait a moment", std::max(1u, wait));
}

void RateLimiter::give_back(std::string_view what, std::string_view who) {
  const auto bucket = buckets_.find(name_of(what, who));
  if (bucket != buckets_.end()) bucket->second.tokens += 1;  // take() keeps it to its size
}

}  // namespace chatd::core
