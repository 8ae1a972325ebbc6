#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace chatd::core {
namespace {

std::vector<std::string> names(const Json& answer) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < answer.size("/rooms"); ++i)
    all.push_back(answer.text(fmt::format("/rooms/{}/name", i)));
  return all;
}

using Names = std::vector<std::string>;

TEST_CASE("rooms are listed by their latest activity, across all kinds of it", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const auto found = [&](const std::string& name) {
    world.pass(Millis(10));
    return alice.found_group(name, {&bob});
  };
  const RoomId first = found("first");
  const RoomId second = found("second");
  found("third");
  CHECK(names(alice.get(wire::RoomList{})) == Names{"third", "second", "first"});

  world.pass(Millis(10));
  const Seq seq = bob.send(first, "hello");
  CHECK(names(alice.get(wire::RoomList{})) == Names{"first", "third", "second"});

  world.pass(Millis(10));
  wire::RoomSet topic;
  topic.room = second;
  topic.topic = "news";
  alice.get(std::move(topic));
  CHECK(names(alice.get(wire::RoomList{})) == Names{"second", "first", "third"});

  world.pass(Millis(10));
  alice.get(wire::MessageReact{first, alice.new_id(), seq, "!", true});
  CHECK(names(alice.get(wire::RoomList{})) == Names{"first", "second", "third"});
  world.restart();
  alice.reconnect();
  CHECK(names(alice.get(wire::RoomList{})) == Names{"first", "second", "third"});
}

TEST_CASE("a line of the list says how far the room is and how far one read", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {&bob});
  alice.send(room, "one");
  const Seq second = alice.send(room, "two");
  alice.get(wire::MessageReact{room, alice.new_id(), second, "!", true});
  const Seq third = alice.send(room, "three");

  const Json line = bob.get(wire::RoomList{}).at("/rooms/0");
  CHECK(line.text("/room") == room.text());
  CHECK(line.text("/type") == "group");
  CHECK(line.text("/membership") == "joined");
  CHECK(line.number("/head_seq") == third);
  CHECK(line.number("/unread") == 3);  // a reaction is none
  CHECK(line.number("/last_message/seq") == third);
  CHECK(line.text("/last_message/content/text") == "three");
  CHECK(alice.get(wire::RoomList{}).number("/rooms/0/unread") == 0);  // who posts has read
  CHECK(alice.get(wire::RoomList{}).number("/rooms/0/read_seq") == third);

  bob.get(wire::ReceiptRead{room, second});
  CHECK(bob.get(wire::RoomList{}).number("/rooms/0/unread") == 1);
  bob.send(room, "four");
  CHECK(bob.get(wire::RoomList{}).number("/rooms/0/unread") == 0);
  CHECK(alice.get(wire::RoomList{}).number("/rooms/0/unread") == 1);
}

TEST_CASE("a 1:1 room is listed with the other one, an invitation with who invites", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  alice.send(alice.open_direct(bob), "hello");
  const RoomId group = alice.found_group("garden", {});
  alice.get(wire::RoomInvite{group, bob.user()});
  alice.send(group, "not for you yet");

  const Json list = bob.get(wire::RoomList{});

  REQUIRE(list.size("/rooms") == 2);
  CHECK(list.text("/rooms/0/membership") == "invited");
  CHECK(list.text("/rooms/0/invited_by") == alice.user().text());
  CHECK(list.text("/rooms/0/name").empty());
  CHECK_FALSE(list.has("/rooms/0/last_message"));
  CHECK(list.text("/rooms/1/type") == "direct");
  CHECK(list.text("/rooms/1/peer") == alice.user().text());
}

TEST_CASE("the list comes in pages, each room once", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  for (int i = 0; i < 7; ++i) {
    // Some are active in the same millisecond.
    if (i % 3 == 0) world.pass(Millis(1));
    alice.found_group(fmt::format("room {}", i), {});
  }
  Names got;
  wire::RoomList params;
  params.limit = 3;
  int pages = 0;
  while (true) {
    const Json page = alice.get(params);
    ++pages;
    for (const std::string& name : names(page)) got.push_back(name);
    if (!page.has("/next")) break;
    params.after = page.text("/next");
  }

  CHECK(pages == 3);
  CHECK(got == names(alice.get(wire::RoomList{})));
  CHECK(got.size() == 7);
  params.after = "made up";
  CHECK(alice.ask(params).code == "invalid_params");
}

TEST_CASE("rooms that were left, and the other's empty 1:1 rooms, are not listed", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {&bob});
  bob.get(wire::RoomLeave{room});
  alice.open_direct(bob);

  CHECK(bob.get(wire::RoomList{}).size("/rooms") == 0);
}

TEST_CASE("the last message of a room that was erased is listed as erased", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  const RoomId room = alice.found_group("garden", {});
  const Seq seq = alice.send(room, "regretted");
  alice.get(wire::MessageRedact{room, alice.new_id(), seq, std::nullopt});

  const Json line = alice.get(wire::RoomList{}).at("/rooms/0");

  CHECK(line.flag("/last_message/erased"));
  CHECK(line.raw().find("regretted") == std::string::npos);
}

}  // namespace
}  // namespace chatd::core
