#include "daemon/core/ports/feed.hpp"

#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>

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

}  // namespace
}  // namespace chatd::core
