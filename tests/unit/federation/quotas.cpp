#include "federation/quotas.hpp"

#include "tests/unit/core/world.hpp"
#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace chatd;
using namespace chatd::federation;

namespace {

const std::string kMontague(tests::kMontague);
const std::string kCapulet(tests::kCapulet);
constexpr Millis kDay = std::chrono::hours(24);

struct Server {
  core::World world;
  Settings settings;
  Acquaintances known{world.core->peer_service()};
  core::RateLimiter rates{world.clock};
  Quotas quotas{rates, world.clock, settings, known};

  Server() {
    settings.probation = 10 * kDay;
    set(Spend::join, {100, Millis{100'000}});
  }
  void set(Spend what, core::Rate rate) { settings.quotas[static_cast<std::size_t>(what)] = rate; }
  void meet(const std::string& server) {
    known.met(server, tests::key_pair('r').public_key(), world.clock.wall_ms());
  }
  // How many in a row it may now.
  std::size_t takes(Spend what, const std::string& server) {
    std::size_t count = 0;
    while (quotas.take(what, server)) ++count;
    return count;
  }
};

}  // namespace

TEST_CASE("a newcomer has a tenth of each limit, and more with each day", "[federation]") {
  Server server;
  CHECK(server.takes(Spend::join, kMontague) == 10);  // not even known
  server.meet(kMontague);
  CHECK(server.quotas.share_of(kMontague) == 0.1);

  server.world.pass(5 * kDay);
  CHECK(server.quotas.share_of(kMontague) == 0.5);
  CHECK(server.takes(Spend::join, kMontague) == 50);
  server.world.pass(15 * kDay);
  CHECK(server.quotas.share_of(kMontague) == 1);
  CHECK(server.takes(Spend::join, kMontague) == 100);

  server.known.misbehaved(kMontague, server.world.clock.wall_ms());
  CHECK(server.quotas.share_of(kMontague) == 0.1);
}

TEST_CASE("without a probation everybody has all at once", "[federation]") {
  Server server;
  server.settings.probation = Millis(0);

  CHECK(server.takes(Spend::join, kMontague) == 100);
  CHECK(server.takes(Spend::join, kCapulet) == 100);
}

TEST_CASE("what is over the limit is told when to come back", "[federation]") {
  Server server;
  server.settings.probation = Millis(0);
  CHECK(server.takes(Spend::join, kMontague) == 100);

  const Status status = server.quotas.take(Spend::join, kMontague);

  REQUIRE_FALSE(status);
  CHECK(status.error().code == Code::rate_limited);
  CHECK(status.error().retry_after_ms == 1000);
  server.world.pass(Millis(1000));
  CHECK(server.quotas.take(Spend::join, kMontague));
  CHECK(server.quotas.take(Spend::invite, kMontague));
}

TEST_CASE("a large amount is taken where there is something, and waited for afterwards",
          "[federation]") {
  Server server;
  server.settings.probation = Millis(0);
  server.set(Spend::byte, {1000, Millis{10'000}});

  CHECK(server.quotas.take(Spend::byte, kMontague, 3000));
  const Status status = server.quotas.take(Spend::byte, kMontague, 1);
  REQUIRE_FALSE(status);
  CHECK(status.error().retry_after_ms > 20'000);
  CHECK(status.error().retry_after_ms < 20'100);
  server.world.pass(Millis(20'100));
  CHECK(server.quotas.take(Spend::byte, kMontague, 1));
}

TEST_CASE("no limit is none", "[federation]") {
  Server server;
  server.set(Spend::notice, {});

  for (int i = 0; i < 1000; ++i) CHECK(server.quotas.take(Spend::notice, kMontague));
}
