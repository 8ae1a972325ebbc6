#include "plugins/auth_password/throttle.hpp"

#include <catch2/catch.hpp>

#include <string>

using auth_password::Attempts;
using auth_password::Throttle;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {
const Throttle::Clock::time_point kStart{std::chrono::hours(1000)};
constexpr milliseconds kNone{0};
}  // namespace

TEST_CASE("after the free attempts each wait is twice the last, up to the longest",
          "[auth_password]") {
  Throttle throttle(3, seconds(5));
  auto now = kStart;

  for (int i = 0; i < 3; ++i) CHECK(throttle.begin("romeo", now) == kNone);

  for (const milliseconds wait :
       {seconds(1), seconds(2), seconds(4), seconds(5), seconds(5), seconds(5)}) {
    CHECK(throttle.begin("romeo", now) == wait);
    CHECK(throttle.begin("romeo", now + wait - milliseconds(1)) == milliseconds(1));
    now += wait;
    CHECK(throttle.begin("romeo", now) == kNone);
  }
}

TEST_CASE("one account's wrong passwords delay no other", "[auth_password]") {
  Throttle throttle(1, minutes(1));
  CHECK(throttle.begin("romeo", kStart) == kNone);
  CHECK(throttle.begin("romeo", kStart) > kNone);

  CHECK(throttle.begin("juliet", kStart) == kNone);
}

TEST_CASE("a right password forgives what came before", "[auth_password]") {
  Throttle throttle(2, minutes(1));
  CHECK(throttle.begin("romeo", kStart) == kNone);

  throttle.succeeded("romeo");

  CHECK(throttle.begin("romeo", kStart) == kNone);
  CHECK(throttle.begin("romeo", kStart) == kNone);
  CHECK(throttle.begin("romeo", kStart) == seconds(1));
}

TEST_CASE("an attempt that could not be judged does not count", "[auth_password]") {
  Throttle throttle(2, minutes(1));
  for (int i = 0; i < 10; ++i) {
    CHECK(throttle.begin("romeo", kStart) == kNone);
    throttle.unjudged("romeo");
  }
  throttle.unjudged("romeo");
  throttle.unjudged("nobody");

  CHECK(throttle.begin("romeo", kStart) == kNone);
  CHECK(throttle.begin("romeo", kStart) == kNone);
  CHECK(throttle.begin("romeo", kStart) == seconds(1));
}

TEST_CASE("an hour in peace is a clean slate", "[auth_password]") {
  Throttle throttle(1, minutes(1));
  CHECK(throttle.begin("romeo", kStart) == kNone);

  CHECK(throttle.begin("romeo", kStart + Throttle::kMemory + seconds(1)) == kNone);
  CHECK(throttle.begin("romeo", kStart + Throttle::kMemory + seconds(1)) == seconds(1));
}

TEST_CASE("a full table forgets the account that was quiet the longest", "[auth_password]") {
  Throttle throttle(1, minutes(1), 2);
  CHECK(throttle.begin("romeo", kStart) == kNone);
  CHECK(throttle.begin("juliet", kStart) == kNone);
  CHECK(throttle.begin("romeo", kStart + seconds(1)) == kNone);

  CHECK(throttle.begin("nurse", kStart + seconds(2)) == kNone);

  CHECK(throttle.begin("romeo", kStart + seconds(2)) > kNone);
  CHECK(throttle.begin("juliet", kStart + seconds(2)) == kNone);
}

TEST_CASE("a stranger's wrong passwords delay the stranger, not the owner", "[auth_password]") {
  Attempts attempts(2, minutes(1));
  for (int i = 0; i < 2; ++i) CHECK(attempts.begin("romeo", "192.0.2.1", kStart) == kNone);

  CHECK(attempts.begin("romeo", "192.0.2.1", kStart) == seconds(1));
  CHECK(attempts.begin("romeo", "192.0.2.2", kStart) == kNone);
}

TEST_CASE("many networks together don't guess without end", "[auth_password]") {
  Attempts attempts(1, minutes(1));
  for (unsigned i = 0; i < Attempts::kNetworks; ++i)
    CHECK(attempts.begin("romeo", std::to_string(i), kStart) == kNone);

  CHECK(attempts.begin("romeo", "owner", kStart) == seconds(1));
  CHECK(attempts.begin("romeo", "owner", kStart + seconds(1)) == kNone);
  attempts.succeeded("romeo", "owner");
  CHECK(attempts.begin("romeo", "one more", kStart + seconds(1)) == kNone);
  CHECK(attempts.begin("romeo", "one more still", kStart + seconds(1)) > kNone);
}
