#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <set>

namespace chatd::core {
namespace {

using Cursors = std::vector<wire::RoomCursor>;

wire::SyncPoll poll(const Json& synced, Cursors cursors, std::uint32_t timeout_ms = 20'000) {
  wire::SyncPoll params;
  params.account_version = synced.number("/account_version");
  params.rooms = std::move(cursors);
  params.timeout_ms = timeout_ms;
  return params;
}

// What a device keeps when it has read all of its rooms.
Cursors all_read(const Json& synced) {
  Cursors cursors;
  for (std::size_t i = 0; i < synced.size("/rooms"); ++i) {
    const Json summary = synced.at(fmt::format("/rooms/{}/summary", i));
    cursors.push_back({*RoomId::parse(summary.text("/room")), summary.number("/head_seq")});
  }
  return cursors;
}

TEST_CASE("a new device gets profile, contacts and rooms with their newest records", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  alice.get(wire::ContactRequest{bob.user()});
  const RoomId room = alice.found_group("garden", {&bob});
  for (int i = 0; i < 30; ++i) alice.send(room, "hello");
  world.pass(Millis(1));
  bob.send(bob.open_direct(alice), "psst");
  Actor fresh(world);
  fresh.log_in("alice");

  const Json answer = fresh.sync();

  CHECK(answer.text("/profile/display_name") == "alice");
  CHECK(answer.text("/contacts/0/state") == "requested");
  CHECK(answer.size("/gone") == 0);
  REQUIRE(answer.size("/rooms") == 2);
  CHECK(answer.text("/rooms/0/summary/type") == "direct");  // the latest comes first
  CHECK(answer.number("/rooms/1/summary/head_seq") == 33);
  CHECK(answer.size("/rooms/1/records") == 20);
  CHECK(answer.number("/rooms/1/from_seq") == 14);
  CHECK(answer.number("/rooms/1/records/0/seq") == 14);
  CHECK(answer.number("/rooms/1/records/19/seq") == 33);
}

TEST_CASE("with cursors only what is new comes, gaps are told and read by range", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {&bob});
  const RoomId quiet = alice.found_group("cellar", {&bob});
  Json synced = bob.sync();
  Cursors cursors = all_read(synced);
  CHECK(bob.sync(synced.number("/account_version"), cursors).size("/rooms") == 0);

  const Seq first = alice.send(room, "one");
  synced = bob.sync(synced.number("/account_version"), cursors);
  REQUIRE(synced.size("/rooms") == 1);
  CHECK(synced.number("/rooms/0/from_seq") == first);  // no gap
  CHECK(synced.size("/rooms/0/records") == 1);
  CHECK_FALSE(synced.has("/profile"));

  for (int i = 0; i < 50; ++i) alice.send(room, "more");
  synced = bob.sync(synced.number("/account_version"), {{room, first}, {quiet, 100}});
  REQUIRE(synced.size("/rooms") == 1);
  CHECK(synced.number("/rooms/0/from_seq") == first + 31);  // the range before it is to be read
  wire::HistoryGet range;
  range.room = room;
  range.after = first;
  range.limit = 30;
  const Json page = bob.get(std::move(range));
  CHECK(page.number("/records/0/seq") == first + 1);
  CHECK(page.number("/records/29/seq") == first + 30);
}

TEST_CASE("a device that wants no records hears that there are some", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  alice.send(alice.found_group("garden", {}), "hello");
  wire::Sync params;
  params.records_per_room = 0;

  const Json answer = alice.get(std::move(params));

  CHECK(answer.size("/rooms/0/records") == 0);
  CHECK(answer.number("/rooms/0/from_seq") == answer.number("/rooms/0/summary/head_seq") + 1);
}

TEST_CASE("changes of the account come once: contacts, invitations, rooms that are gone",
          "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId left = alice.found_group("left", {&bob});
  const RoomId banned = alice.found_group("banned", {&bob});
  Json synced = bob.sync();
  Cursors cursors = all_read(synced);
  bob.get(wire::RoomLeave{left});
  alice.get(wire::RoomBan{banned, bob.user(), true, {}});
  const RoomId invited = alice.found_group("new", {});
  alice.get(wire::RoomInvite{invited, bob.user()});
  alice.get(wire::ContactRequest{bob.user()});
  alice.get(wire::ContactRemove{bob.user()});

  synced = bob.sync(synced.number("/account_version"), cursors);

  CHECK(synced.size("/gone") == 2);
  REQUIRE(synced.size("/contacts") == 1);
  CHECK(synced.text("/contacts/0/state") == "none");
  REQUIRE(synced.size("/rooms") == 1);
  CHECK(synced.text("/rooms/0/summary/membership") == "invited");
  CHECK(synced.size("/rooms/0/records") == 0);
  synced = bob.sync(synced.number("/account_version"), cursors);
  CHECK(synced.size("/gone") + synced.size("/contacts") + synced.size("/rooms") == 0);
  // A device that knows nothing yet need not hear of what is gone.
  CHECK(bob.sync().size("/gone") == 0);
  CHECK(bob.sync().size("/contacts") == 0);
}

TEST_CASE("pages are bounded, cover each room once, and are all of one account's version",
          "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  for (int i = 0; i < 7; ++i) {
    world.pass(Millis(1));
    alice.found_group(fmt::format("room {}", i), {});
  }
  wire::Sync params;
  params.max_rooms = 3;
  std::set<std::string> rooms;
  std::set<std::uint64_t> versions;
  std::size_t profiles = 0;
  int pages = 0;
  while (true) {
    const Json page = alice.get(params);
    ++pages;
    CHECK(page.size("/rooms") <= 3);
    for (std::size_t i = 0; i < page.size("/rooms"); ++i)
      CHECK(rooms.insert(page.text(fmt::format("/rooms/{}/summary/room", i))).second);
    versions.insert(page.number("/account_version"));
    profiles += page.has("/profile") ? 1 : 0;
    // What changes between two pages belongs to the next sync.
    if (pages == 1) bob.get(wire::ContactRequest{alice.user()});
    if (!page.has("/next")) break;
    params.after = page.text("/next");
  }

  CHECK(pages == 3);
  CHECK(rooms.size() == 7);
  CHECK(profiles == 1);
  REQUIRE(versions.size() == 1);
  CHECK(alice.sync(*versions.begin()).text("/contacts/0/state") == "received");
  params.after = "7:made up";
  CHECK(alice.ask(params).code == "invalid_params");
}

TEST_CASE("what is said between two pages hides no invitation", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId garden = alice.found_group("garden", {});
  alice.get(wire::RoomInvite{garden, bob.user()});
  world.pass(Millis(1));
  bob.found_group("own", {});
  wire::Sync params;
  params.max_rooms = 1;
  const Json first = bob.get(params);
  REQUIRE(first.text("/rooms/0/summary/name") == "own");

  world.pass(Millis(1));
  alice.send(garden, "who comes?");
  params.after = first.text("/next");
  const Json second = bob.get(params);

  REQUIRE(second.size("/rooms") == 1);
  CHECK(second.text("/rooms/0/summary/room") == garden.text());
  CHECK(second.number("/rooms/0/summary/last_active") ==
        first.number("/rooms/0/summary/last_active") - 1);
}

TEST_CASE("a page of long messages ends early, but has at least one room", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  for (int room = 0; room < 3; ++room) {
    world.pass(Millis(1));
    const RoomId id = alice.found_group("garden", {});
    for (int i = 0; i < 4; ++i) alice.send(id, std::string(90'000, 'a'));
  }

  const Json page = alice.sync();

  CHECK(page.size("/rooms") == 1);  // which alone goes over it
  CHECK(page.size("/rooms/0/records") == 2);
  CHECK(page.number("/rooms/0/from_seq") == 4);
  CHECK(page.has("/next"));
}

TEST_CASE("a reader who is too slow is told once, and events flow again after a sync", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {&bob});
  bob.forget_events();
  const Cursors cursors = all_read(bob.sync());
  bob.link().is_reading = false;
  for (int i = 0; i < 10; ++i) alice.send(room, "too much");
  world.clients.read_on(bob.session());

  CHECK(bob.events("sync.behind").size() == 1);
  CHECK(bob.events("room.record").size() < 10);
  alice.send(room, "still nothing");
  CHECK(bob.link().events.empty());

  CHECK(bob.sync(1000, cursors).size("/rooms/0/records") == 11);
  alice.send(room, "again");
  CHECK(bob.events("room.record").size() == 1);
}

TEST_CASE("a poll with news answers at once, without it waits and times out", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  const Json synced = alice.sync();
  CHECK(
      world.post(poll(Json(R"({"account_version":0})"), {}), alice.token()).result.has("/profile"));

  const std::string id = alice.begin(poll(synced, {}));
  world.pass(Millis(19'000));
  CHECK_FALSE(alice.answer<wire::SyncPoll>(id).has_value());
  world.pass(Millis(2'000));

  const auto reply = alice.answer<wire::SyncPoll>(id);
  REQUIRE(reply.has_value());
  CHECK(reply->result.size("/rooms") == 0);
  CHECK(reply->result.number("/account_version") == synced.number("/account_version"));
}

TEST_CASE("whatever a sync would show wakes a poll", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {&bob});
  const RoomId other = alice.found_group("cellar", {});
  const Seq seq = alice.send(room, "before");
  const Json synced = bob.sync();
  Cursors cursors = all_read(synced);
  const auto wakes = [&](auto params) {
    const Json now = bob.sync(0, {});
    const std::string id = bob.begin(poll(now, all_read(now)));
    world.settle();
    CHECK_FALSE(bob.answer<wire::SyncPoll>(id).has_value());
    alice.get(std::move(params));
    const auto reply = bob.answer<wire::SyncPoll>(id);
    REQUIRE(reply.has_value());
    return reply->result;
  };

  CHECK(wakes(wire::MessageSend{room, alice.new_id(), text_content("hi")}).size("/rooms") == 1);
  CHECK(wakes(wire::MessageRedact{room, alice.new_id(), seq, {}}).size("/rooms") == 1);
  CHECK(wakes(wire::ContactRequest{bob.user()}).size("/contacts") == 1);
  CHECK(wakes(wire::RoomInvite{other, bob.user()}).size("/rooms") == 1);
  CHECK(wakes(wire::RoomKick{room, bob.user(), {}}).size("/gone") == 1);
  const RoomId direct = alice.open_direct(bob);
  CHECK(wakes(wire::MessageSend{direct, alice.new_id(), text_content("hi")}).size("/rooms") == 1);
}

TEST_CASE("a poll of another device wakes by what one does oneself", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor bot = world.log_in("bob");
  const RoomId room = alice.found_group("garden", {&bob});
  const Seq seq = alice.send(room, "hello");
  const Json synced = bot.sync();
  const std::string id = bot.begin(poll(synced, all_read(synced)));

  bob.get(wire::ReceiptRead{room, seq});

  const auto reply = bot.answer<wire::SyncPoll>(id);
  REQUIRE(reply.has_value());
  CHECK(reply->result.number("/rooms/0/summary/unread") == 0);
}

TEST_CASE("a device that is logged out while it polls gets nothing more", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor bot = world.log_in("bob");
  const RoomId room = alice.found_group("garden", {&bob});
  const Json synced = bob.sync();
  const auto polls = [&](Actor& device) {
    const SessionId session = world.open(Door::http, "192.0.2.80", device.token());
    world.request(session, wire::Request{"1", poll(synced, all_read(synced))});
    world.settle();
    CHECK(world.clients.link(session).answers.empty());
    return session;
  };
  const SessionId revoked = polls(bot);

  bob.get(wire::DeviceRevoke{bot.device()});

  CHECK(world.reply_to(revoked, "1", wire::SyncPoll::kMethod).code == "unauthenticated");
  const SessionId disabled = polls(bob);
  CHECK(world.admin(wire::AdminUserEnable{bob.user(), false}).is_ok());
  alice.send(room, "not for bob");
  CHECK(world.reply_to(disabled, "1", wire::SyncPoll::kMethod).code == "unauthenticated");
}

TEST_CASE("a poll whose client has gone is over", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  const SessionId session = world.open(Door::http, "192.0.2.80", alice.token());
  world.request(session, wire::Request{"1", poll(alice.sync(), {}, 60'000)});
  world.settle();
  CHECK(world.core->context().tasks.size() == 1);

  world.core->close(session);
  world.settle();

  CHECK(world.core->context().tasks.size() == 0);
}

TEST_CASE("a server that goes down answers the polls and takes no new requests", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  const SessionId session = world.open(Door::http, "192.0.2.80", alice.token());
  world.request(session, wire::Request{"1", poll(alice.sync(), {})});
  world.settle();

  world.core->drain(Millis(1'000), Millis(5'000));
  world.settle();

  CHECK(world.reply_to(session, "1", wire::SyncPoll::kMethod).is_ok());
  const auto told = alice.events("server.draining");
  REQUIRE(told.size() == 1);
  CHECK(told[0].number("/reconnect_after_ms") == 1'000);
  CHECK(told[0].number("/reconnect_before_ms") == 5'000);
  CHECK(alice.ask(wire::RoomList{}).code == "unavailable");
  CHECK(world.admin(wire::AdminStatus{}).result.text("/state") == "draining");
}

}  // namespace
}  // namespace chatd::core
