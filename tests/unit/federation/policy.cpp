#include "federation/policy.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace chatd;
using namespace chatd::federation;

namespace {

constexpr TimeMs kNow = 1'700'000'000'000;

ServerPattern pattern(std::string_view text) { return *ServerPattern::parse(text); }

// Why not; empty: yes.
std::string refusal(const Policy& policy, std::string_view server, TimeMs now = kNow) {
  const Status status = admit(policy, server, now);
  if (status) return "";
  CHECK(status.error().code == Code::denied);
  return status.error().message;
}

}  // namespace

TEST_CASE("a closed server federates with nobody, also when it allows them", "[federation]") {
  const Policy policy{Mode::closed, {pattern("montague.example")}, {}};
  CHECK(refusal(policy, "montague.example") == "this server does not federate");
  CHECK(refusal(Policy(), "montague.example") == "this server does not federate");
}

TEST_CASE("an open server federates with all who are not denied", "[federation]") {
  const Policy policy{Mode::open, {}, {{pattern("tybalt.example"), "fights in the streets", 0}}};

  CHECK(refusal(policy, "montague.example") == "");
  CHECK(refusal(policy, "tybalt.example") ==
        "tybalt.example is denied by tybalt.example: fights in the streets");
}

TEST_CASE("with an allow list only those on it get in, unless they are denied", "[federation]") {
  const Policy policy{Mode::allow_list,
                      {pattern("montague.example"), pattern("*.verona.example")},
                      {{pattern("mantua.verona.example"), "plague", 0}}};

  CHECK(refusal(policy, "montague.example") == "");
  CHECK(refusal(policy, "prince.verona.example") == "");
  CHECK(refusal(policy, "paris.example") == "paris.example is not on the allow list");
  CHECK(refusal(policy, "mantua.verona.example") ==
        "mantua.verona.example is denied by mantua.verona.example: plague");
}

TEST_CASE("a denial ends when it expires", "[federation]") {
  const Policy policy{Mode::open, {}, {{pattern("romeo.example"), "banished", kNow}}};

  CHECK(refusal(policy, "romeo.example", kNow - 1) ==
        "romeo.example is denied by romeo.example: banished");
  CHECK(refusal(policy, "romeo.example", kNow) == "");
}

TEST_CASE("a wildcard is for all below a name and not for the name itself", "[federation]") {
  const ServerPattern below = pattern("*.verona.example");

  CHECK(below.matches("a.verona.example"));
  CHECK(below.matches("a.b.verona.example"));
  CHECK_FALSE(below.matches("verona.example"));
  CHECK_FALSE(below.matches("notverona.example"));
  CHECK_FALSE(pattern("verona.example").matches("a.verona.example"));
}

TEST_CASE("a pattern that could match nothing or too much is refused", "[federation]") {
  for (const char* text : {"", "*", "*.", "*verona.example", "a.*.example", "Verona.example"})
    CHECK_FALSE(ServerPattern::parse(text));
  CHECK(ServerPattern::parse("a b").error().message ==
        "\"a b\" is neither a server's name nor \"*.\" and one");
}
