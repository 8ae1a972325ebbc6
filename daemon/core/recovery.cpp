#include "daemon/core/recovery.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatd::core {
namespace {

constexpr std::uint32_t kAgainMs = 2000;
// Who has more of a room proves it at once.
constexpr Millis kProofDeadline = std::chrono::seconds(30);
// Rooms that others say to have more of: they may say so of any, so what is over is not waited for.
constexpr std::size_t kMaxExpected = 100'000;

}  // namespace

void Recovery::begin(std::uint64_t epoch, Monotonic until) {
  epoch_ = epoch;
  until_ = until;
  lacks_rooms_until_ = until;
}

void Recovery::expect(const RoomId& room, Seq seq, Monotonic now, Monotonic until) {
  if (expected_.size() >= kMaxExpected)
    std::erase_if(expected_, [now](const auto& each) { return each.second.until <= now; });
  if (expected_.size() >= kMaxExpected && !expected_.contains(room)) return;
  Expected& expected = expected_[room];
  expected.seq = std::max(expected.seq, seq);
  expected.until = std::max(expected.until, until);
}

void Recovery::claim(const std::string& server, const RoomId& room, Seq seq, Monotonic now) {
  if (claims_.size() < kMaxExpected && claims_.emplace(server, room).second)
    expect(room, seq, now, now + kProofDeadline);
}

std::size_t Recovery::rooms(Monotonic now) const {
  return static_cast<std::size_t>(
      std::count_if(expected_.begin(), expected_.end(),
                    [now](const auto& each) { return now < each.second.until; }));
}

Status Recovery::admits(const Room& room, Monotonic now) const {
  const auto expected = expected_.find(room.id());
  if (expected != expected_.end() && room.head() < expected->second.seq &&
      now < expected->second.until)
    return fail(Code::unavailable,
                "records of this room that the server lost are being fetched from another one",
                kAgainMs);
  if (!until_ || now >= *until_) return {};
  for (const std::string& server : room.followers_at(room.head() + 1))
    if (!heard_.contains(server))
      return fail(Code::unavailable,
                  fmt::format("the server was put back from a backup and has not heard yet what {} "
                              "has of this room",
                              server),
                  kAgainMs);
  return {};
}

}  // namespace chatd::core
