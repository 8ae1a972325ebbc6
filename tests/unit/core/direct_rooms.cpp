#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

TEST_CASE("two people have one 1:1 room, whoever asks and however often", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");

  const RoomId room = alice.open_direct(bob);

  CHECK(alice.open_direct(bob) == room);
  CHECK(bob.open_direct(alice) == room);
  world.restart();
  alice.reconnect();
  CHECK(alice.open_direct(bob) == room);
  CHECK(alice.get(wire::RoomList{}).size("/rooms") == 1);
}

TEST_CASE("both sides asking at the same moment get the same room", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");

  const std::string first = alice.begin(wire::RoomOpenDirect{bob.user()});
  const std::string second = bob.begin(wire::RoomOpenDirect{alice.user()});
  world.settle();

  const auto one = alice.answer<wire::RoomOpenDirect>(first);
  const auto other = bob.answer<wire::RoomOpenDirect>(second);
  REQUIRE((one && one->is_ok()));
  REQUIRE((other && other->is_ok()));
  CHECK(one->result.text("/room") == other->result.text("/room"));
  CHECK(bob.get(wire::RoomList{}).size("/rooms") == 1);
}

TEST_CASE("the other side sees a 1:1 room with the first message", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  bob.forget_events();

  const RoomId room = alice.open_direct(bob);
  CHECK(bob.link().events.empty());
  CHECK(bob.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(bob.sync().size("/rooms") == 0);
  CHECK(bob.ask(wire::RoomGet{room}).code == "not_found");

  alice.send(room, "hello");

  CHECK(bob.events("room.record").size() == 1);
  const auto told = bob.events("account.changed");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/room/room") == room.text());
  CHECK(told[0].text("/room/peer") == alice.user().text());
  CHECK(told[0].number("/room/unread") == 1);
  CHECK(bob.get(wire::RoomList{}).size("/rooms") == 1);
  CHECK(bob.try_send(room, "hi").is_ok());
  CHECK(bob.events("account.changed").empty());
}

TEST_CASE("whoever asks for a 1:1 room has it in the list, also when the other asked first",
          "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor bob_too = world.log_in("bob");
  alice.open_direct(bob);

  const RoomId room = bob.open_direct(alice);

  CHECK(bob.get(wire::RoomList{}).text("/rooms/0/room") == room.text());
  CHECK(bob_too.events("account.changed").at(0).text("/room/room") == room.text());
}

TEST_CASE("a 1:1 room has its two members for good", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor carol = world.sign_up("carol");
  const RoomId room = alice.open_direct(bob);
  wire::RoomSet rename;
  rename.room = room;
  rename.name = "us";

  CHECK(alice.ask(wire::RoomLeave{room}).code == "forbidden");
  CHECK(alice.ask(wire::RoomInvite{room, carol.user()}).code == "forbidden");
  CHECK(alice.ask(wire::RoomKick{room, bob.user(), {}}).code == "forbidden");
  CHECK(alice.ask(wire::RoomBan{room, bob.user(), true, {}}).code == "forbidden");
  CHECK(alice.ask(wire::RoomSetRole{room, bob.user(), wire::Role::admin}).code == "forbidden");
  CHECK(alice.ask(std::move(rename)).code == "forbidden");
  CHECK(carol.ask(wire::RoomJoin{room}).code == "not_found");
  CHECK(carol.ask(wire::RoomGet{room}).code == "not_found");
  CHECK(carol.try_send(room, "me too").code == "not_found");
}

TEST_CASE("a 1:1 room with oneself is for notes", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");

  const RoomId room = alice.open_direct(alice);

  CHECK(alice.try_send(room, "buy milk").is_ok());
  CHECK(alice.open_direct(alice) == room);
  CHECK(alice.get(wire::RoomGet{room}).size("/members") == 1);
}

TEST_CASE("there is no 1:1 room with nobody", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  world.admin(wire::AdminUserEnable{bob.user(), false});

  CHECK(alice.ask(wire::RoomOpenDirect{*UserId::parse("nobody@test.example")}).code == "not_found");
  CHECK(alice.ask(wire::RoomOpenDirect{*UserId::parse("bob@other.example")}).code == "denied");
  CHECK(alice.ask(wire::RoomOpenDirect{bob.user()}).code == "forbidden");
}

}  // namespace
}  // namespace chatd::core
