#include "federation/backoff.hpp"

#include "daemon/base/bytes.hpp"

#include <algorithm>

namespace chatd::federation {
namespace {

constexpr Millis kFirstWait = std::chrono::seconds(1);
// Who is back within the day is found again soon; who is gone for longer costs little.
constexpr Millis kFirstDay = std::chrono::hours(24);
constexpr Millis kMaxWaitFirstDay = std::chrono::minutes(10);
constexpr Millis kMaxWait = std::chrono::hours(1);
constexpr std::uint32_t kDoublings = 12;  // 1 s doubled so often is longer than kMaxWait

constexpr std::uint8_t kVersion = 1;

}  // namespace

bool Backoff::is_due(TimeMs now) const {
  return now >= next_try_ || next_try_ - now > kMaxWait.count();
}

void Backoff::failed(TimeMs now, Random& random) {
  if (failures_ == 0 || now < first_failure_) first_failure_ = now;
  const bool is_first_day = now - first_failure_ < kFirstDay.count();
  const Millis longest = is_first_day ? kMaxWaitFirstDay : kMaxWait;
  const Millis wait = std::min(kFirstWait * (1 << std::min(failures_, kDoublings)), longest);
  const auto shortened_by = random.below(static_cast<std::uint64_t>(wait.count() / 2));
  next_try_ = now + wait.count() - static_cast<TimeMs>(shortened_by);
  if (failures_ < kDoublings) ++failures_;
}

std::string Backoff::encode() const {
  ByteWriter out;
  out.u8(kVersion);
  out.varint(static_cast<std::uint64_t>(first_failure_));
  out.varint(static_cast<std::uint64_t>(next_try_));
  out.varint(failures_);
  return out.take();
}

Result<Backoff> Backoff::decode(std::string_view bytes) {
  ByteReader in(bytes);
  Backoff backoff;
  CHATD_TRY(const std::uint8_t version, in.u8());
  if (version != kVersion) return fail(Code::internal, "a stored backoff has an unknown form");
  CHATD_TRY(backoff.first_failure_, in.time());
  CHATD_TRY(backoff.next_try_, in.time());
  CHATD_TRY(const std::uint64_t failures, in.varint());
  if (failures > kDoublings || !in.empty())
    return fail(Code::internal, "a stored backoff can't be read");
  backoff.failures_ = static_cast<std::uint32_t>(failures);
  return backoff;
}

}  // namespace chatd::federation
