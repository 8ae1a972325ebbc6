#include "federation/backoff.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

using namespace chatd;
using namespace chatd::federation;

namespace {

constexpr TimeMs kStart = 1'700'000'000'000;
constexpr TimeMs kSecond = 1000;
constexpr TimeMs kMinute = 60 * kSecond;
constexpr TimeMs kHour = 60 * kMinute;

// Says the same number each time.
class FixedRandom final : public Random {
 public:
  explicit FixedRandom(std::uint8_t byte) : byte_(byte) {}
  void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), byte_); }

 private:
  std::uint8_t byte_;
};

// The waits of a peer that is tried as soon as it is due and never answers.
std::vector<TimeMs> waits_over(TimeMs duration, Random& random) {
  Backoff backoff;
  std::vector<TimeMs> waits;
  for (TimeMs now = kStart; now < kStart + duration; now = backoff.next_try()) {
    backoff.failed(now, random);
    waits.push_back(backoff.next_try() - now);
  }
  return waits;
}

}  // namespace

TEST_CASE("a peer that does not answer is tried more and more seldom", "[federation]") {
  FixedRandom never_shorter(0);
  const auto first_day = waits_over(24 * kHour, never_shorter);

  for (std::size_t i = 0; i < 10; ++i) CHECK(first_day[i] == (kSecond << i));
  CHECK(first_day[10] == 10 * kMinute);
  CHECK(*std::max_element(first_day.begin(), first_day.end()) == 10 * kMinute);

  const auto week = waits_over(7 * 24 * kHour, never_shorter);
  CHECK(week.back() == kHour);
  CHECK(*std::max_element(week.begin(), week.end()) == kHour);
}

TEST_CASE("waits are shortened at random, by half at most", "[federation]") {
  FixedRandom random(0xff);
  for (const TimeMs wait : waits_over(2 * 24 * kHour, random)) {
    CHECK(wait >= kSecond / 2);
    CHECK(wait <= kHour);
  }
  SystemRandom system;
  const auto some = waits_over(12 * kHour, system);
  CHECK(std::all_of(some.begin() + 10, some.end(),
                    [](TimeMs wait) { return wait > 5 * kMinute - 1 && wait <= 10 * kMinute; }));
}

TEST_CASE("a peer that was heard of is tried at once", "[federation]") {
  FixedRandom random(0);
  Backoff backoff;
  CHECK(backoff.is_due(kStart));
  for (int i = 0; i < 20; ++i) backoff.failed(kStart, random);
  CHECK_FALSE(backoff.is_due(kStart + kMinute));
  CHECK(backoff.is_due(backoff.next_try()));

  backoff.heard();
  CHECK(backoff.is_due(kStart));
  backoff.failed(kStart, random);
  CHECK(backoff.next_try() == kStart + kSecond);
}

TEST_CASE("a restart changes nothing about when a peer is tried", "[federation]") {
  FixedRandom random(0);
  Backoff backoff;
  for (int i = 0; i < 5; ++i) backoff.failed(kStart, random);
  auto restarted = Backoff::decode(backoff.encode());

  REQUIRE(restarted);
  CHECK(restarted->next_try() == backoff.next_try());
  backoff.failed(kStart + kMinute, random);
  restarted->failed(kStart + kMinute, random);
  CHECK(restarted->encode() == backoff.encode());
}

TEST_CASE("a stored backoff that was damaged is an error", "[federation]") {
  const std::string bytes = Backoff().encode();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(Backoff::decode(bytes.substr(0, size)));
  CHECK_FALSE(Backoff::decode(bytes + 'a'));
  CHECK_FALSE(Backoff::decode('\2' + bytes.substr(1)));
  CHECK_FALSE(Backoff::decode(bytes.substr(0, bytes.size() - 1) + '\x7f'));
}

TEST_CASE("a clock that is set back does not keep a peer away", "[federation]") {
  FixedRandom random(0);
  Backoff backoff;
  backoff.failed(kStart, random);

  CHECK(backoff.is_due(kStart - 24 * kHour));
  backoff.failed(kStart - 24 * kHour, random);
  CHECK(backoff.next_try() == kStart - 24 * kHour + 2 * kSecond);
}
