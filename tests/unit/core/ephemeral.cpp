#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

// How far `who` has read, as `viewer` is shown.
std::uint64_t read_by(const Actor& who, const RoomId& room, Actor& viewer) {
  const Json details = viewer.get(wire::RoomGet{room});
  for (const char* const at : {"/members/0", "/members/1"})
    if (details.at(at).text("/user") == who.user().text())
      return details.at(at).number("/read_seq");
  return 0;
}

struct Pair {
  World world;
  Actor alice = world.sign_up("alice");
  Actor alice_too = world.log_in("alice");
  Actor bob = world.sign_up("bob");
  RoomId room = alice.found_group("garden", {&bob});
  Seq first = alice.send(room, "one");
  Seq last = alice.send(room, "two");

  Pair() {
    for (Actor* const each : {&alice, &alice_too, &bob}) each->forget_events();
  }
  std::uint64_t read_by_bob() { return read_by(bob, room, alice); }
};

TEST_CASE("a read marker moves forward only, and the others see it", "[core]") {
  Pair pair;
  Actor bob_too = pair.world.log_in("bob");

  pair.bob.get(wire::ReceiptRead{pair.room, pair.first});

  for (Actor* const device : {&pair.alice, &pair.alice_too, &bob_too}) {
    const auto told = device->events("room.read");
    REQUIRE(told.size() == 1);
    CHECK(told[0].text("/user") == pair.bob.user().text());
    CHECK(told[0].number("/seq") == pair.first);
  }
  CHECK(pair.bob.events("room.read").empty());
  CHECK(pair.read_by_bob() == pair.first);

  pair.bob.get(wire::ReceiptRead{pair.room, pair.first - 1});
  pair.bob.get(wire::ReceiptRead{pair.room, 0});
  CHECK(pair.alice.events("room.read").empty());
  CHECK(pair.read_by_bob() == pair.first);
}

TEST_CASE("nobody has read what is not there yet", "[core]") {
  Pair pair;

  pair.bob.get(wire::ReceiptRead{pair.room, 1'000'000});

  CHECK(pair.read_by_bob() == pair.last);
  pair.alice.send(pair.room, "three");
  CHECK(pair.bob.get(wire::RoomList{}).number("/rooms/0/unread") == 1);
}

TEST_CASE("who posts has read up to there, without a receipt", "[core]") {
  Pair pair;
  const Seq seq = pair.bob.send(pair.room, "three");

  CHECK(pair.read_by_bob() == seq);
}

TEST_CASE("a read marker outlives a restart", "[core]") {
  Pair pair;
  pair.bob.get(wire::ReceiptRead{pair.room, pair.last});

  pair.world.restart();
  pair.alice.reconnect();

  CHECK(pair.read_by_bob() == pair.last);
}

TEST_CASE("markers and typing are for members", "[core]") {
  Pair pair;
  Actor carol = pair.world.sign_up("carol");

  CHECK(carol.ask(wire::ReceiptRead{pair.room, 1}).code == "not_found");
  CHECK(carol.ask(wire::TypingSet{pair.room, true}).code == "not_found");
}

TEST_CASE("typing is told to the other members' devices and kept nowhere", "[core]") {
  Pair pair;
  const unsigned commits = pair.world.store.commits();

  pair.alice.get(wire::TypingSet{pair.room, true});
  pair.alice.get(wire::TypingSet{pair.room, false});

  const auto told = pair.bob.events("room.typing");
  REQUIRE(told.size() == 2);
  CHECK(told[0].text("/room") == pair.room.text());
  CHECK(told[0].text("/user") == pair.alice.user().text());
  CHECK(told[0].flag("/typing"));
  CHECK_FALSE(told[1].flag("/typing"));
  CHECK(pair.alice.link().events.empty());
  CHECK(pair.alice_too.link().events.empty());
  CHECK(pair.world.store.commits() == commits);
}

TEST_CASE("in a 1:1 room typing and reading are told to who knows of it, and across no block",
          "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.open_direct(bob);
  const auto is_told = [&room](Actor& actor, Actor& other, Seq seq) {
    other.forget_events();
    actor.get(wire::TypingSet{room, true});
    actor.get(wire::ReceiptRead{room, seq});
    return other.events("room.typing").size() + other.events("room.read").size();
  };
  CHECK(is_told(alice, bob, 1) == 0);  // nothing was said: bob has no such room yet

  const Seq one = alice.send(room, "one");
  CHECK(is_told(bob, alice, one) == 2);
  const Seq two = alice.send(room, "two");
  alice.get(wire::BlockSet{bob.user(), true});
  CHECK(is_told(bob, alice, two) == 0);
  alice.get(wire::BlockSet{bob.user(), false});
  CHECK(read_by(bob, room, alice) == two);
  const Seq three = alice.send(room, "three");
  bob.get(wire::BlockSet{alice.user(), true});
  CHECK(is_told(bob, alice, three) == 0);
  CHECK(read_by(bob, room, alice) == 0);
}

}  // namespace
}  // namespace chatd::core
