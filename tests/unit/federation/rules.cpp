#include "federation/rules.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace chatd;
using namespace chatd::federation;

namespace {

constexpr TimeMs kNow = 1'700'000'000'000;

Rule rule(std::string_view servers, bool is_denied, std::string reason = {}, TimeMs until = 0) {
  return {*ServerPattern::parse(servers), is_denied, kNow, until, std::move(reason)};
}

Rules some_rules() {
  Rules rules;
  REQUIRE(rules.set(rule("friend.example", false)));
  REQUIRE(rules.set(rule("*.bad.example", true, "spam, and  worse", kNow + 1)));
  REQUIRE(rules.set(rule("other.example", true)));
  REQUIRE(rules.pause("slow.example"));
  return rules;
}

}  // namespace

TEST_CASE("what the admin decided reads back as it was written", "[federation]") {
  const std::string text = some_rules().text();

  const auto read = Rules::parse(text);

  REQUIRE(read);
  CHECK(read->text() == text);
  REQUIRE(read->all().size() == 3);
  CHECK(read->all()[0].servers.text() == "*.bad.example");
  CHECK(read->all()[0].is_denied);
  CHECK(read->all()[0].reason == "spam, and  worse");
  CHECK(read->all()[0].until == kNow + 1);
  CHECK(read->paused() == std::set<std::string>{"slow.example"});
}

TEST_CASE("the last decision about the same servers holds", "[federation]") {
  Rules rules = some_rules();

  REQUIRE(rules.set(rule("friend.example", true, "no longer")));

  CHECK(rules.all().size() == 3);
  CHECK(!admit(rules.with({Mode::open, {}, {}}), "friend.example", kNow));
  REQUIRE(rules.remove("friend.example"));
  CHECK(admit(rules.with({Mode::open, {}, {}}), "friend.example", kNow));
  CHECK(rules.remove("friend.example").error().code == Code::not_found);
}

TEST_CASE("rules add to the configuration and never take away from it", "[federation]") {
  Policy configured{Mode::allow_list, {}, {}};
  configured.allowed.push_back(*ServerPattern::parse("first.example"));
  configured.denied.push_back({*ServerPattern::parse("friend.example"), "configured", 0});

  const Policy policy = some_rules().with(configured);

  CHECK(admit(policy, "first.example", kNow));
  CHECK(admit(policy, "friend.example", kNow).error().message ==
        "friend.example is denied by friend.example: configured");
  CHECK(!admit(policy, "other.example", kNow));
}

TEST_CASE("a denial that ended is forgotten", "[federation]") {
  Rules rules = some_rules();

  rules.expire(kNow);
  CHECK(rules.all().size() == 3);
  rules.expire(kNow + 1);

  CHECK(rules.all().size() == 2);
}

TEST_CASE("a damaged file of rules is refused with its line", "[federation]") {
  const auto [line, why] = GENERATE(table<std::string, std::string>({
      {"permit 1 a.example", "allow, deny or pause is expected here"},
      {"allow a.example", "a time in milliseconds is expected here"},
      {"allow 1 A.example", "\"A.example\" is neither a server's name nor \"*.\" and one"},
      {"allow 1 a.example why", "nothing more is expected here"},
      {"deny 1 a.example", "a time in milliseconds is expected here"},
      {"deny 1 2 a.example \xff", "a reason is one line of at most 200 bytes"},
      {"deny 1 2 a.example " + std::string(201, 'x'), "a reason is one line of at most 200 bytes"},
      {"pause *.example", "\"*.example\" is no server's name"},
  }));

  const auto rules = Rules::parse("chatd-federation-rules 1\n" + line + "\n");

  REQUIRE(!rules);
  CHECK(rules.error().message == "line 2: " + why);
  CHECK(!Rules::parse(""));
  CHECK(Rules::parse("chatd-federation-rules 2\n").error().message ==
        "line 1: a form that this version of chatd does not know");
}

TEST_CASE("there are only so many rules", "[federation]") {
  Rules rules;
  for (std::size_t i = 0; i < kMaxRules; ++i)
    REQUIRE(rules.set(rule("s" + std::to_string(i) + ".example", true)));

  CHECK(rules.set(rule("more.example", true)).error().code == Code::limit_reached);
  CHECK(rules.set(rule("s1.example", false)));
}
