// What every plugin that serves chatd.auth.v1 must do.
#include "tests/support/plugin_file.hpp"
#include <chatd/auth.h>
#include <chatd/testing/fake_host.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using chatd::testing::Answer;
using chatd::testing::FakeHost;

constexpr std::string_view kRomeo = "romeo@one.example";
constexpr std::string_view kJuliet = "juliet@one.example";
constexpr std::string_view kSecret = "wherefore art thou";
constexpr std::string_view kNetwork = "127.0.0.1";
constexpr std::string_view kOther = "a rose by any other name";

chatd_str str(std::string_view text) { return {text.data(), text.size()}; }

// A running instance of the plugin and its role.
struct Running {
  Running() {
    REQUIRE(chatd::tests::plugin_under_test() != nullptr);
    REQUIRE(host.start(chatd::tests::plugin_under_test()) == "");
    auth = host.role<chatd_auth_v1>(CHATD_AUTH_V1);
    REQUIRE(auth != nullptr);
    REQUIRE(auth->size >= sizeof(chatd_auth_v1));
  }
  Answer set(std::string_view user, std::string_view secret) {
    return host.ask(
        [&](chatd_op op) { return auth->set_secret(host.self(), op, str(user), str(secret)); });
  }
  Answer verify(std::string_view user, std::string_view secret) {
    return host.ask([&](chatd_op op) {
      return auth->verify(host.self(), op, str(user), str(kNetwork), str(secret));
    });
  }
  Answer erase(std::string_view user) {
    return host.ask([&](chatd_op op) { return auth->erase(host.self(), op, str(user)); });
  }

  FakeHost host{chatd::tests::config_under_test()};
  const chatd_auth_v1* auth = nullptr;
};

}  // namespace

TEST_CASE("the secret that was set is the one, any other is not", "[auth]") {
  Running r;

  REQUIRE(r.set(kRomeo, kSecret).status == CHATD_OK);

  CHECK(r.verify(kRomeo, kSecret).status == CHATD_OK);
  CHECK(r.verify(kRomeo, kOther).status == CHATD_E_DENIED);
  CHECK(r.verify(kRomeo, "").status == CHATD_E_DENIED);
  CHECK(r.verify(kRomeo, std::string(100'000, 'x')).status == CHATD_E_DENIED);
  CHECK(r.host.stray_answers() == 0);
}

TEST_CASE("an unknown account is answered as a wrong secret is", "[auth]") {
  Running r;
  REQUIRE(r.set(kRomeo, kSecret).status == CHATD_OK);

  const Answer wrong = r.verify(kRomeo, kOther);
  const Answer unknown = r.verify(kJuliet, kSecret);

  CHECK(unknown.status == wrong.status);
  CHECK(unknown.detail == wrong.detail);
  CHECK(unknown.retry_after_ms == wrong.retry_after_ms);
}

TEST_CASE("a new secret takes the place of the old one", "[auth]") {
  Running r;
  REQUIRE(r.set(kRomeo, kSecret).status == CHATD_OK);

  REQUIRE(r.set(kRomeo, kOther).status == CHATD_OK);

  CHECK(r.verify(kRomeo, kOther).status == CHATD_OK);
  CHECK(r.verify(kRomeo, kSecret).status == CHATD_E_DENIED);
}

TEST_CASE("an erased account has no secret, and erasing nothing is well", "[auth]") {
  Running r;
  REQUIRE(r.set(kRomeo, kSecret).status == CHATD_OK);
  REQUIRE(r.set(kJuliet, kSecret).status == CHATD_OK);

  REQUIRE(r.erase(kRomeo).status == CHATD_OK);

  CHECK(r.erase("nobody@one.example").status == CHATD_OK);
  CHECK(r.verify(kRomeo, kSecret).status == CHATD_E_DENIED);
  CHECK(r.verify(kJuliet, kSecret).status == CHATD_OK);
}

TEST_CASE("changes of one account hold in the order in which they were asked", "[auth]") {
  Running r;
  const auto set = [&](std::string_view secret) {
    const chatd_op op = r.host.open();
    CHECK(r.auth->set_secret(r.host.self(), op, str(kRomeo), str(secret)) == CHATD_PENDING);
    return op;
  };
  for (int i = 0; i < 10; ++i) {
    const chatd_op first = set(kSecret);
    const chatd_op second = set(kOther);
    REQUIRE(r.host.wait_for(first).status == CHATD_OK);
    REQUIRE(r.host.wait_for(second).status == CHATD_OK);
    CHECK(r.verify(kRomeo, kOther).status == CHATD_OK);

    const chatd_op third = set(kSecret);
    REQUIRE(r.erase(kRomeo).status == CHATD_OK);
    REQUIRE(r.host.wait_for(third).status == CHATD_OK);
    CHECK(r.verify(kRomeo, kSecret).status == CHATD_E_DENIED);
  }
}

TEST_CASE("secrets are bytes: all of them count", "[auth]") {
  Running r;
  const std::string with_nul("12345678\0left", 13);
  const std::string with_other_tail("12345678\0rite", 13);
  REQUIRE(r.set(kRomeo, with_nul).status == CHATD_OK);
  REQUIRE(r.set(kJuliet, "Verona \xF0\x9F\x8C\xB9 \xC3\xA9").status == CHATD_OK);

  CHECK(r.verify(kRomeo, with_nul).status == CHATD_OK);
  CHECK(r.verify(kRomeo, with_other_tail).status == CHATD_E_DENIED);
  CHECK(r.verify(kRomeo, "12345678").status == CHATD_E_DENIED);
  CHECK(r.verify(kJuliet, "Verona \xF0\x9F\x8C\xB9 \xC3\xA9").status == CHATD_OK);
}

TEST_CASE("a secret out of bounds is refused with words and changes nothing", "[auth]") {
  Running r;
  REQUIRE(r.set(kRomeo, kSecret).status == CHATD_OK);

  const Answer empty = r.set(kRomeo, "");
  const Answer huge = r.set(kRomeo, std::string(1'000'000, 'x'));

  CHECK(empty.status == CHATD_E_INVALID);
  CHECK(!empty.detail.empty());
  CHECK(huge.status == CHATD_E_TOO_LARGE);
  CHECK(!huge.detail.empty());
  CHECK(r.verify(kRomeo, kSecret).status == CHATD_OK);
}

TEST_CASE("long user ids are told apart to their last byte", "[auth]") {
  Running r;
  const std::string server = "@" + std::string(180, 's') + ".example";
  const std::string one = std::string(63, 'a') + "1" + server;
  const std::string two = std::string(63, 'a') + "2" + server;

  REQUIRE(r.set(one, kSecret).status == CHATD_OK);

  CHECK(r.verify(one, kSecret).status == CHATD_OK);
  CHECK(r.verify(two, kSecret).status == CHATD_E_DENIED);
}

TEST_CASE("secrets survive a restart", "[auth]") {
  Running before;
  REQUIRE(before.set(kRomeo, kSecret).status == CHATD_OK);
  before.host.stop();

  Running after;
  for (const auto& [key, value] : before.host.state().pairs()) after.host.state().set(key, value);

  CHECK(after.verify(kRomeo, kSecret).status == CHATD_OK);
  CHECK(after.verify(kRomeo, kOther).status == CHATD_E_DENIED);
}

TEST_CASE("secrets stand neither in the log nor in the state", "[auth]") {
  Running r;
  REQUIRE(r.set(kRomeo, kSecret).status == CHATD_OK);
  REQUIRE(r.verify(kRomeo, kSecret).status == CHATD_OK);
  REQUIRE(r.verify(kRomeo, kOther).status == CHATD_E_DENIED);

  CHECK_FALSE(r.host.has_logged(kSecret));
  CHECK_FALSE(r.host.has_logged(kOther));
  for (const auto& [key, value] : r.host.state().pairs())
    CHECK((key + value).find(kSecret) == std::string::npos);
}

TEST_CASE("many questions at once are answered each exactly once", "[auth]") {
  Running r;
  REQUIRE(r.set(kRomeo, kSecret).status == CHATD_OK);
  std::vector<chatd_op> right;
  std::vector<chatd_op> wrong;

  for (int i = 0; i < 20; ++i) {
    right.push_back(r.host.open());
    CHECK(r.auth->verify(r.host.self(), right.back(), str(kRomeo), str(kNetwork), str(kSecret)) ==
          CHATD_PENDING);
    wrong.push_back(r.host.open());
    CHECK(r.auth->verify(r.host.self(), wrong.back(), str(kJuliet), str(kNetwork), str(kOther)) ==
          CHATD_PENDING);
  }

  for (const chatd_op op : right) CHECK(r.host.wait_for(op).status == CHATD_OK);
  for (const chatd_op op : wrong) CHECK(r.host.wait_for(op).status == CHATD_E_DENIED);
  CHECK(r.host.stray_answers() == 0);
}

TEST_CASE("when the state fails nobody gets in, and it is not called a wrong secret", "[auth]") {
  Running r;
  REQUIRE(r.set(kRomeo, kSecret).status == CHATD_OK);
  r.host.state().fail(CHATD_E_UNAVAILABLE);

  CHECK(r.verify(kRomeo, kSecret).status == CHATD_E_UNAVAILABLE);
  CHECK(r.set(kRomeo, kOther).status == CHATD_E_UNAVAILABLE);
  CHECK(r.erase(kRomeo).status == CHATD_E_UNAVAILABLE);

  r.host.state().fail(CHATD_OK);
  CHECK(r.verify(kRomeo, kSecret).status == CHATD_OK);
}

TEST_CASE("when no worker is free the answer is unavailable, at once", "[auth]") {
  Running r;
  REQUIRE(r.set(kRomeo, kSecret).status == CHATD_OK);
  REQUIRE(r.host.settle());
  r.host.refuse_tasks(true);

  CHECK(r.verify(kRomeo, kSecret).status == CHATD_E_UNAVAILABLE);
  CHECK(r.set(kRomeo, kOther).status == CHATD_E_UNAVAILABLE);
  CHECK(r.erase(kRomeo).status == CHATD_E_UNAVAILABLE);

  r.host.refuse_tasks(false);
  CHECK(r.verify(kRomeo, kSecret).status == CHATD_OK);
}

TEST_CASE("questions that are open when the plugin stops are still answered", "[auth]") {
  Running r;
  std::vector<chatd_op> ops;
  for (int i = 0; i < 10; ++i) {
    ops.push_back(r.host.open());
    CHECK(r.auth->verify(r.host.self(), ops.back(), str(kRomeo), str(kNetwork), str(kSecret)) ==
          CHATD_PENDING);
  }

  r.host.stop();

  for (const chatd_op op : ops) CHECK(r.host.wait_for(op).status != CHATD_PENDING);
}

TEST_CASE("every host function is called on its thread", "[auth]") {
  Running r;
  REQUIRE(r.set(kRomeo, kSecret).status == CHATD_OK);
  REQUIRE(r.verify(kRomeo, kSecret).status == CHATD_OK);
  REQUIRE(r.erase(kRomeo).status == CHATD_OK);

  CHECK(r.host.wrong_thread_calls() == 0);
}
