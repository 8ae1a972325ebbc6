#include "tests/support/plugin_file.hpp"
#include <chatd/auth.h>
#include <chatd/testing/fake_host.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace {

using chatd::testing::Answer;
using chatd::testing::FakeHost;

constexpr std::string_view kRomeo = "romeo@one.example";
constexpr std::string_view kNetwork = "127.0.0.1";
constexpr std::string_view kSecret = "wherefore art thou";

chatd_str str(std::string_view text) { return {text.data(), text.size()}; }

struct Running {
  explicit Running(FakeHost::Config config, unsigned workers = 2)
      : host(std::move(config), workers) {
    REQUIRE(host.start(chatd::tests::load_plugin(CHATD_AUTH_PASSWORD)) == "");
    auth = host.role<chatd_auth_v1>(CHATD_AUTH_V1);
  }
  Answer set(std::string_view secret) {
    return host.ask(
        [&](chatd_op op) { return auth->set_secret(host.self(), op, str(kRomeo), str(secret)); });
  }
  Answer verify(std::string_view secret, std::string_view user = kRomeo,
                std::string_view network = kNetwork) {
    return host.ask([&](chatd_op op) {
      return auth->verify(host.self(), op, str(user), str(network), str(secret));
    });
  }
  std::string stored() {
    const auto pairs = host.state().pairs();
    return pairs.empty() ? "" : pairs.begin()->second;
  }

  FakeHost host;
  const chatd_auth_v1* auth = nullptr;
};

FakeHost::Config cheap(FakeHost::Config more = {}) {
  more.insert({{"passes", "1"}, {"memory", "7MiB"}});
  return more;
}

// The processor time of the quickest of some checks of a wrong password: what else the machine
// does is not in it.
std::clock_t cost(Running& r, std::string_view user) {
  std::clock_t best = std::numeric_limits<std::clock_t>::max();
  for (int i = 0; i < 7; ++i) {
    const std::clock_t begin = std::clock();
    REQUIRE(r.verify("a wrong password", user).status == CHATD_E_DENIED);
    best = std::min(best, std::clock() - begin);
  }
  return best;
}

}  // namespace

TEST_CASE("passwords have 8 to 1024 bytes", "[auth_password]") {
  Running r(cheap());

  CHECK(r.set("1234567").status == CHATD_E_INVALID);
  CHECK(r.set("12345678").status == CHATD_OK);
  CHECK(r.set(std::string(1024, 'x')).status == CHATD_OK);
  CHECK(r.set(std::string(1025, 'x')).status == CHATD_E_TOO_LARGE);
}

TEST_CASE("a login brings the hash to today's cost, and only a right one", "[auth_password]") {
  Running before(cheap());
  REQUIRE(before.set(kSecret).status == CHATD_OK);
  Running after(cheap({{"passes", "2"}}));
  after.host.state().set(before.host.state().pairs().begin()->first, before.stored());

  REQUIRE(after.verify("not the password").status == CHATD_E_DENIED);
  REQUIRE(after.host.settle());
  CHECK(after.stored().find("t=1,") != std::string::npos);

  REQUIRE(after.verify(kSecret).status == CHATD_OK);
  REQUIRE(after.host.settle());
  CHECK(after.stored().find("t=2,") != std::string::npos);
  CHECK(after.verify(kSecret).status == CHATD_OK);
}

TEST_CASE("too many wrong passwords are answered with how long to wait", "[auth_password]") {
  Running r(cheap({{"free_attempts", "2"}}));
  REQUIRE(r.set(kSecret).status == CHATD_OK);
  REQUIRE(r.verify("wrong password").status == CHATD_E_DENIED);
  REQUIRE(r.verify("wrong password").status == CHATD_E_DENIED);

  const Answer known = r.verify(kSecret);
  REQUIRE(r.verify("wrong password", "nobody@one.example").status == CHATD_E_DENIED);
  REQUIRE(r.verify("wrong password", "nobody@one.example").status == CHATD_E_DENIED);
  const Answer unknown = r.verify(kSecret, "nobody@one.example");

  CHECK(known.status == CHATD_E_LIMIT);
  CHECK(known.retry_after_ms > 0);
  CHECK(known.retry_after_ms <= 1000);
  CHECK(unknown.status == CHATD_E_LIMIT);
  CHECK(unknown.detail == known.detail);
}

TEST_CASE("what is over max_waiting is told to retry", "[auth_password]") {
  Running r(cheap({{"max_concurrent", "1"}, {"max_waiting", "3"}, {"free_attempts", "1000"}}));
  std::vector<chatd_op> ops;
  for (int i = 0; i < 20; ++i) {
    ops.push_back(r.host.open());
    CHECK(r.auth->verify(r.host.self(), ops.back(), str(kRomeo), str(kNetwork), str(kSecret)) ==
          CHATD_PENDING);
  }

  int refused = 0;
  for (const chatd_op op : ops) {
    const Answer answer = r.host.wait_for(op);
    if (answer.status == CHATD_E_UNAVAILABLE && answer.retry_after_ms > 0)
      ++refused;
    else
      CHECK(answer.status == CHATD_E_DENIED);
  }

  CHECK(refused > 0);
  CHECK(refused < 20);
}

TEST_CASE("wrong passwords from one network keep nobody else out", "[auth_password]") {
  Running r(cheap({{"free_attempts", "2"}}));
  REQUIRE(r.set(kSecret).status == CHATD_OK);
  for (int i = 0; i < 2; ++i)
    CHECK(r.verify("a wrong password", kRomeo, "192.0.2.1").status == CHATD_E_DENIED);

  CHECK(r.verify(kSecret, kRomeo, "192.0.2.1").status == CHATD_E_LIMIT);
  CHECK(r.verify(kSecret, kRomeo, "2001:db8:1:2::/64").status == CHATD_OK);
}

TEST_CASE("an attempt that found no worker does not count as a wrong one", "[auth_password]") {
  Running r(cheap({{"free_attempts", "2"}}));
  REQUIRE(r.set(kSecret).status == CHATD_OK);
  REQUIRE(r.host.settle());
  r.host.refuse_tasks(true);
  for (int i = 0; i < 5; ++i) CHECK(r.verify(kSecret).status == CHATD_E_UNAVAILABLE);
  r.host.refuse_tasks(false);

  CHECK(r.verify(kSecret).status == CHATD_OK);
}

TEST_CASE("a crowd that logs in does not keep the workers from others", "[auth_password]") {
  Running r(cheap({{"free_attempts", "1000"}}), 1);
  std::vector<chatd_op> crowd;
  for (int i = 0; i < 20; ++i) {
    crowd.push_back(r.host.open());
    CHECK(r.auth->verify(r.host.self(), crowd.back(), str(kRomeo), str(kNetwork), str(kSecret)) ==
          CHATD_PENDING);
  }

  const Answer erased =
      r.host.ask([&](chatd_op op) { return r.auth->erase(r.host.self(), op, str(kRomeo)); });

  CHECK(erased.status == CHATD_OK);
  CHECK_FALSE(r.host.has_answer(crowd.back()));
  for (const chatd_op op : crowd) CHECK(r.host.wait_for(op).status == CHATD_E_DENIED);
}

TEST_CASE("an unknown account costs what a known one costs", "[auth_password]") {
  Running r(cheap({{"free_attempts", "1000"}}));
  REQUIRE(r.set(kSecret).status == CHATD_OK);

  const auto known = cost(r, kRomeo);
  const auto unknown = cost(r, "nobody@one.example");

  CHECK(unknown * 2 > known);
  CHECK(known * 2 > unknown);
}

TEST_CASE("settings out of range are refused before anything starts", "[auth_password]") {
  FakeHost weak(FakeHost::Config{{"memory", "1MiB"}});
  FakeHost unknown(FakeHost::Config{{"memroy", "19MiB"}});

  CHECK(weak.start(chatd::tests::load_plugin(CHATD_AUTH_PASSWORD)) != "");
  CHECK(unknown.start(chatd::tests::load_plugin(CHATD_AUTH_PASSWORD)) != "");
}
