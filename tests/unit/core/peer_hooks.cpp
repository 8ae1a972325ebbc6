#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

#include <optional>

// What plugins say to other servers.
namespace chatd::core {
namespace {

const std::string kMontague = "montague.example";
const std::string kCapulet = "capulet.example";

Verdict refusal(Code code) { return {Verdict::Kind::deny, {code, "not from there", 0}, {}}; }

// A group of Romeo's at montague.example with Juliet of capulet.example in it, and the plugins of
// the hub.
struct Garden {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  RoomId room = romeo.found_group("the garden", {});
  TestHooks& hooks = town[0].hooks;

  Garden() {
    romeo.get(wire::RoomInvite{room, juliet.user()});
    town.settle();
    juliet.get(wire::RoomJoin{room});
    town.settle();
  }
};

TEST_CASE("plugins of the hub see all that another server hands in, once", "[core]") {
  Garden garden;
  std::vector<std::string> seen;
  garden.hooks.pre_receive = [&](const Draft& draft) {
    CHECK(draft.origin == kCapulet);
    seen.emplace_back(wire::name(draft.kind));
    return Verdict();
  };

  garden.juliet.send(garden.room, "good night");
  garden.town.settle();
  garden.romeo.send(garden.room, "good night");
  garden.juliet.get(wire::RoomLeave{garden.room});
  garden.town.settle();

  CHECK(seen == std::vector<std::string>{"message", "member"});
  CHECK(garden.town.log(0, garden.room) == garden.town.log(1, garden.room));
}

TEST_CASE("what a plugin of the hub refuses is no record, and its sender is told", "[core]") {
  Garden garden;
  const auto before = garden.town.log(0, garden.room);
  garden.hooks.pre_receive = [](const Draft&) { return refusal(Code::denied); };

  garden.juliet.send(garden.room, "good night");
  garden.town.settle();

  CHECK(garden.juliet.sync().text("/pending/0/refused") == "denied");
  CHECK(garden.town.log(0, garden.room) == before);
}

TEST_CASE("what a plugin of the hub did not answer is handed in again", "[core]") {
  Garden garden;
  int asked = 0;
  garden.hooks.pre_receive = [&](const Draft&) {
    return ++asked == 1 ? refusal(Code::unavailable) : Verdict();
  };

  garden.juliet.send(garden.room, "good night");
  garden.town.settle();
  CHECK(garden.juliet.sync().size("/pending") == 1);
  garden.town.settle();

  CHECK(asked == 2);
  CHECK(garden.juliet.sync().size("/pending") == 0);
  CHECK(garden.town.log(0, garden.room) == garden.town.log(1, garden.room));
}

TEST_CASE("plugins decide with which servers there is a link", "[core]") {
  Garden garden;
  const auto ask = [&](const std::string& server, const std::string& address) {
    std::optional<Status> got;
    garden.town.service(0).may_link(server, address, [&](const Status& status) { got = status; });
    garden.town[0].settle();
    REQUIRE(got);
    return *got ? "" : got->error().message;
  };
  CHECK(ask(kCapulet, "") == "");
  garden.hooks.peer_policy = [](const std::string& server, const std::string& address) {
    return server == kCapulet && address != "192.0.2.1" ? Verdict() : refusal(Code::denied);
  };
  CHECK(ask(kCapulet, "") == "");
  CHECK(ask(kCapulet, "192.0.2.1") == "not from there");
  CHECK(ask("verona.example", "") == "not from there");
}

}  // namespace
}  // namespace chatd::core
