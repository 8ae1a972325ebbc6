#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

std::vector<std::string> found(Actor& device, const std::string& prefix,
                               std::optional<std::uint32_t> limit = {}) {
  const Json answer = device.get(wire::UserSearch{prefix, limit});
  std::vector<std::string> users;
  for (std::size_t i = 0; i < answer.size("/users"); ++i)
    users.push_back(answer.text("/users/" + std::to_string(i) + "/user"));
  return users;
}

TEST_CASE("a changed profile is there for others, and told to the own other devices", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor alice_too = world.log_in("alice");
  Actor bob = world.sign_up("bob");
  wire::ProfileSet params;
  params.display_name = "Alice A.";
  params.status_text = "in the garden";

  CHECK(alice.get(params).text("/display_name") == "Alice A.");

  const Json seen = bob.get(wire::ProfileGet{alice.user()});
  CHECK(seen.text("/display_name") == "Alice A.");
  CHECK(seen.text("/status_text") == "in the garden");
  CHECK(alice.events("account.changed").empty());
  CHECK(alice_too.events("account.changed").at(0).text("/profile/display_name") == "Alice A.");
}

TEST_CASE("what a profile change does not name stays; a name that is emptied is the local part",
          "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  alice.get(wire::ProfileSet{std::string("Alice A."), std::string("busy")});

  alice.get(wire::ProfileSet{std::nullopt, std::string("back")});
  CHECK(alice.get(wire::ProfileGet{alice.user()}).text("/display_name") == "Alice A.");
  alice.get(wire::ProfileSet{std::string(), std::nullopt});

  const Json profile = alice.get(wire::ProfileGet{alice.user()});
  CHECK(profile.text("/display_name") == "alice");
  CHECK(profile.text("/status_text") == "back");
  CHECK(alice.ask(wire::ProfileSet{std::string("a\nb"), {}}).code == "invalid_params");
  CHECK(alice.ask(wire::ProfileSet{{}, std::string("a\x02")}).code == "invalid_params");
}

TEST_CASE("nobody has a profile whom this server does not know", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");

  CHECK(alice.ask(wire::ProfileGet{*UserId::parse("nobody@test.example")}).code == "not_found");
  CHECK(alice.ask(wire::ProfileGet{*UserId::parse("bob@other.example")}).code == "not_found");
}

TEST_CASE("people are found by the beginning of their name, in order, and by all of it", "[core]") {
  World world;
  Actor bob = world.sign_up("bob");
  for (const char* const name : {"alice", "alina", "al", "albert"}) world.sign_up(name);

  CHECK(found(bob, "al") == std::vector<std::string>{"al@test.example", "albert@test.example",
                                                     "alice@test.example", "alina@test.example"});
  CHECK(found(bob, "alice") == std::vector<std::string>{"alice@test.example"});
  CHECK(found(bob, "al", 2).size() == 2);
  CHECK(found(bob, "zz").empty());
  CHECK(bob.ask(wire::UserSearch{"a", {}}).code == "invalid_params");
}

TEST_CASE("disabled accounts are not found", "[core]") {
  World world;
  Actor bob = world.sign_up("bob");
  const Actor alice = world.sign_up("alice");
  world.admin(wire::AdminUserEnable{alice.user(), false});

  CHECK(found(bob, "alice").empty());
}

}  // namespace
}  // namespace chatd::core
