#include "daemon/core/keys.hpp"
#include "daemon/wire/room_content.hpp"
#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace chatd::core {
namespace {

// Appends a record to a room's log behind the server's back, as another version might have.
void append(World& world, const RoomId& room, wire::RecordKind kind, std::string content) {
  const Seq head = *world.medium.head(room);
  wire::Record record;
  record.room = room;
  record.seq = head + 1;
  record.kind = kind;
  record.sender = *UserId::parse("alice@test.example");
  record.origin = "test.example";
  record.time = world.clock.wall_ms();
  record.content = std::move(content);
  record.content_hash = blake2b_256(record.content);
  REQUIRE(world.medium.commit({Append{room, head + 1, wire::encode_stored(record)}}).has_value());
}

TEST_CASE("contents that a newer server wrote with more members are read", "[core]") {
  const auto create = wire::decode_create(
      R"({"type":"group","name":"garden","topic":"","join":"open","presence":true,)"
      R"("members":["alice@test.example"],"nonce":"n","colour":{"red":1}})");
  REQUIRE(create.has_value());
  CHECK(create->name == "garden");
  CHECK(create->join == wire::JoinRule::open);
  const auto member = wire::decode_member(
      R"({"user":"bob@test.example","membership":"joined","role":"admin","until":17})");
  REQUIRE(member.has_value());
  CHECK(member->role == wire::Role::admin);
  const auto meta = wire::decode_meta(R"({"topic":"roses","icon":"rose"})");
  REQUIRE(meta.has_value());
  CHECK(meta->topic == "roses");
  CHECK_FALSE(wire::decode_member(R"({"user":"bob@test.example"})").has_value());
  CHECK_FALSE(wire::decode_meta("[]").has_value());
}

TEST_CASE("a room with records of a newer server is loaded and goes on", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {&bob});
  append(world, room, wire::RecordKind::meta, R"({"topic":"roses","icon":"rose"})");
  append(world, room, static_cast<wire::RecordKind>(99), R"({"poll":["a","b"]})");
  world.restart();
  alice.reconnect();

  CHECK(alice.get(wire::RoomGet{room}).text("/topic") == "roses");
  CHECK(alice.history(room).size("/records") == 5);
  CHECK(alice.send(room, "hello") == 6);
  CHECK(world.admin(wire::AdminRoomVerify{room}).result.size("/problems") == 0);
}

TEST_CASE("a room is the same when it is read anew, with a snapshot or without", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor carol = world.sign_up("carol");
  const RoomId room = alice.found_group("garden", {&bob, &carol});
  alice.get(wire::RoomBan{room, carol.user(), true, {}});
  for (int i = 0; i < 200; ++i) bob.send(room, fmt::format("message {}", i));
  const wire::MessageSend said{room, bob.new_id(), text_content("last")};
  const Json answer = bob.get(said);
  const std::string before = alice.get(wire::RoomGet{room}).raw();
  const auto is_the_same = [&] {
    world.restart();
    alice.reconnect();
    bob.reconnect();
    CHECK(alice.get(wire::RoomGet{room}).raw() == before);
    CHECK(bob.get(said).raw() == answer.raw());
  };

  is_the_same();
  REQUIRE(world.medium.commit({Delete{keys::room_snapshot(room)}}).has_value());
  is_the_same();
  REQUIRE(world.medium.commit({Put{keys::room_snapshot(room), "of another version"}}).has_value());
  is_the_same();
}

TEST_CASE("a room that can't be read keeps nobody from the others", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  const RoomId broken = alice.found_group("broken", {});
  const RoomId whole = alice.found_group("whole", {});
  REQUIRE(world.medium.commit({Replace{broken, 1, "\xff"}, Delete{keys::room_snapshot(broken)}})
              .has_value());
  world.restart();
  alice.reconnect();

  CHECK(alice.get(wire::RoomList{}).size("/rooms") == 1);
  CHECK(alice.sync().text("/rooms/0/summary/room") == whole.text());
  CHECK(alice.ask(wire::RoomGet{broken}).code == "internal");
  CHECK(alice.try_send(whole, "hello").is_ok());
  CHECK(world.admin(wire::AdminRoomList{}).is_ok());
}

}  // namespace
}  // namespace chatd::core
