#include "daemon/core/ports/feed.hpp"

#include "tests/unit/core/across.hpp"

namespace chatd::core {
namespace {

class Reader final : public FeedListener {
 public:
  void on_feed(std::uint64_t newest_position) override { newest = newest_position; }
  std::uint64_t newest = 0;
};

// A world whose feed is read.
struct ReadWorld : World {
  ReadWorld() {
    feed = &reader;
    restart();
  }
  Reader reader;
};

// All that the feed names, in order.
std::vector<FeedEntry> entries(World& world) {
  std::vector<FeedEntry> all;
  const auto rows =
      world.medium.scan(std::string(kFeedPrefix), std::string(kFeedPrefix), 1'000'000);
  REQUIRE(rows.has_value());
  for (const auto& [key, value] : *rows) {
    const auto entry = decode_feed(value);
    REQUIRE(entry.has_value());
    all.insert(all.end(), entry->begin(), entry->end());
  }
  return all;
}

TEST_CASE("while somebody reads it, the feed names each record once, across restarts", "[core]") {
  ReadWorld world;
  Actor alice = world.sign_up("alice");
  const RoomId room = alice.found_group("garden", {});
  for (int i = 0; i < 3; ++i) alice.send(room, "hello");
  const std::uint64_t before = world.reader.newest;
  CHECK(before == 4);

  world.restart();
  alice.reconnect();
  alice.send(room, "again");

  CHECK(world.reader.newest == before + 1);
  Seq next = 1;
  for (const FeedEntry& entry : entries(world)) {
    CHECK(entry.room == room);
    CHECK(entry.first == next);
    next = entry.last + 1;
  }
  CHECK(next == 6);
}

TEST_CASE("records of one turn stand in one row of the feed", "[core]") {
  ReadWorld world;
  Actor alice = world.sign_up("alice");
  const RoomId room = alice.found_group("garden", {});
  for (int i = 0; i < 5; ++i)
    alice.begin(wire::MessageSend{room, alice.new_id(), text_content("at once")});
  world.settle();

  const auto all = entries(world);
  REQUIRE(all.size() == 2);
  CHECK(all[1].first == 2);
  CHECK(all[1].last == 6);
}

TEST_CASE("the feed names nothing that a failed commit would have stored", "[core]") {
  ReadWorld world;
  Actor alice = world.sign_up("alice");
  const RoomId room = alice.found_group("garden", {});
  world.store.fail_commits(1, Code::read_only);
  CHECK_FALSE(alice.try_send(room, "lost").is_ok());
  world.pass(Millis(1'001));
  alice.send(room, "found");

  const auto all = entries(world);
  REQUIRE(all.size() == 2);
  CHECK(all[1].first == 2);
  CHECK(all[1].last == 2);
}

TEST_CASE("where nobody reads the feed it is not written", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  alice.send(alice.found_group("garden", {}), "hello");

  CHECK(entries(world).empty());
}

// Two servers whose feeds are read. Romeo, a stranger, has opened a room with Juliet and spoken to
// her; whichever of the two servers is the hub.
struct Approach {
  Town town;
  Reader readers[2];
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  RoomId room;

  Approach() {
    for (const std::size_t server : {0u, 1u}) {
      town[server].feed = &readers[server];
      town.restart(server);
    }
    romeo.reconnect();
    juliet.reconnect();
  }
  void speak() {
    room = romeo.open_direct(juliet);
    CHECK(romeo.try_send(room, "did my heart love till now?").is_ok());
    town.settle();
    REQUIRE(town.log(1, room).size() == 2);
  }
  // What the feed there names of the room, in order.
  std::vector<Seq> named(std::size_t server) {
    std::vector<Seq> all;
    for (const FeedEntry& entry : entries(town[server])) {
      CHECK(entry.room == room);
      for (Seq seq = entry.first; seq <= entry.last; ++seq) all.push_back(seq);
    }
    return all;
  }
};

TEST_CASE("the feed names a stranger's 1:1 room once it was accepted, and then all of it",
          "[core]") {
  Approach approach;
  approach.speak();
  CHECK(approach.romeo.try_send(approach.room, "forswear it, sight!").is_ok());
  approach.town.settle();
  CHECK(approach.named(0) == std::vector<Seq>{1, 2, 3});  // there it is his own
  CHECK(approach.named(1).empty());

  approach.juliet.get(wire::RoomJoin{approach.room});
  CHECK(approach.named(1) == std::vector<Seq>{1, 2, 3});
  CHECK(approach.romeo.try_send(approach.room, "my lips, two blushing pilgrims").is_ok());
  approach.town.settle();

  CHECK(approach.named(1) == std::vector<Seq>{1, 2, 3, 4});
  CHECK(approach.readers[1].newest == entries(approach.town[1]).size());
}

TEST_CASE("the feed names no room that was declined, unless it is opened after all", "[core]") {
  Approach approach;
  approach.speak();
  approach.juliet.get(wire::RoomLeave{approach.room});
  CHECK(approach.romeo.try_send(approach.room, "and yet?").is_ok());
  approach.town.settle();
  CHECK(approach.named(1).empty());

  approach.town.restart(1);
  approach.juliet.reconnect();
  CHECK(approach.juliet.open_direct(approach.romeo) == approach.room);

  CHECK(approach.named(1) == std::vector<Seq>{1, 2, 3});
}

TEST_CASE("the feed names an accepted room's records once the disk has that", "[core]") {
  Approach approach;
  approach.speak();
  approach.town[1].store.fail_commits(1, Code::read_only);
  CHECK(approach.juliet.ask(wire::RoomJoin{approach.room}).code == "read_only");
  approach.town[1].pass(Millis(1'001));
  CHECK(approach.romeo.try_send(approach.room, "are you there?").is_ok());
  approach.town.settle();
  CHECK(approach.named(1).empty());

  approach.juliet.get(wire::RoomJoin{approach.room});

  CHECK(approach.named(1) == std::vector<Seq>{1, 2, 3});
}

TEST_CASE("the feed names a contact's room from its first record on, at once", "[core]") {
  Approach approach;
  approach.romeo.get(wire::ContactRequest{approach.juliet.user()});
  approach.town.settle();
  approach.juliet.get(wire::ContactAccept{approach.romeo.user()});
  approach.town.settle();
  approach.speak();

  CHECK(approach.named(0) == std::vector<Seq>{1, 2});
  CHECK(approach.named(1) == std::vector<Seq>{1, 2});
}

TEST_CASE("the feed names nothing of a room with nobody", "[core]") {
  Approach approach;
  const UserId nobody = *UserId::parse("nobody@capulet.example");
  approach.room = *RoomId::parse(approach.romeo.get(wire::RoomOpenDirect{nobody}).text("/room"));
  CHECK(approach.romeo.try_send(approach.room, "hello?").is_ok());
  approach.town.settle();
  CHECK(approach.named(0) == std::vector<Seq>{1, 2});
  CHECK(approach.named(1).empty());
}

}  // namespace
}  // namespace chatd::core
