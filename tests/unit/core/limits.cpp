#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace chatd::core {
namespace {

Settings with(Rate Settings::*which, Rate rate) {
  Settings settings = World::default_settings();
  settings.*which = rate;
  return settings;
}

TEST_CASE("messages are counted per account, on all its devices together", "[core]") {
  World world(with(&Settings::messages_per_user, {4, Millis(80'000)}));
  Actor alice = world.sign_up("alice");
  Actor alice_too = world.log_in("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {&bob});
  const Seq seq = alice.send(room, "one");
  alice_too.send(room, "two");
  CHECK(alice.ask(wire::MessageReact{room, alice.new_id(), seq, "!", true}).is_ok());

  const Reply reply = alice_too.try_send(room, "four");

  CHECK(reply.code == "rate_limited");
  CHECK(reply.retry_after_ms > 19'000);
  CHECK(reply.retry_after_ms <= 20'000);
  CHECK(bob.try_send(room, "mine are counted apart").is_ok());
  world.pass(Millis(reply.retry_after_ms));
  CHECK(alice.try_send(room, "four").is_ok());
  CHECK(alice.try_send(room, "five").code == "rate_limited");
}

TEST_CASE("whatever leaves a record counts, not only messages", "[core]") {
  World world(with(&Settings::messages_per_user, {3, Millis(60'000)}));
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {});
  wire::RoomSet open;
  open.room = room;
  open.join = wire::JoinRule::open;
  alice.get(open);

  bob.get(wire::RoomJoin{room});
  bob.get(wire::RoomLeave{room});
  bob.get(wire::RoomJoin{room});

  CHECK(bob.ask(wire::RoomLeave{room}).code == "rate_limited");
  CHECK(bob.ask(wire::RoomOpenDirect{alice.user()}).code == "rate_limited");
  CHECK(bob.try_send(room, "hi").code == "rate_limited");
  alice.get(wire::RoomBan{room, bob.user(), true, {}});
  CHECK(alice.ask(wire::RoomBan{room, bob.user(), false, {}}).code == "rate_limited");
  CHECK(alice.ask(open).code == "rate_limited");
}

TEST_CASE("over http each device is counted for itself, also behind one address", "[core]") {
  World world(with(&Settings::requests_per_device, {5, Millis(10'000)}));
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  world.pass(Millis(10'000));

  for (int i = 0; i < 5; ++i) CHECK(world.post(wire::RoomList{}, alice.token()).is_ok());

  CHECK(world.post(wire::RoomList{}, alice.token()).code == "rate_limited");
  for (int i = 0; i < 4; ++i) CHECK(world.post(wire::RoomList{}, bob.token()).is_ok());
  for (int i = 0; i < 5; ++i)
    CHECK(world.post(wire::RoomList{}, "a guess").code == "unauthenticated");
  CHECK(world.post(wire::RoomList{}, "a guess").code == "rate_limited");
}

TEST_CASE("a sign-up that was written wrongly does not count", "[core]") {
  World world(with(&Settings::sign_ups_per_address, {1, Millis(3'600'000)}));
  Actor device(world);
  for (int i = 0; i < 3; ++i) CHECK(device.sign_up("Not A Name").code == "invalid_params");

  CHECK(device.sign_up("alice").is_ok());

  CHECK(Actor(world).sign_up("bob").code == "rate_limited");
}

TEST_CASE("requests are counted per device, strangers' per address", "[core]") {
  World world(with(&Settings::requests_per_device, {5, Millis(10'000)}));
  Actor alice = world.sign_up("alice");
  Actor alice_too = world.log_in("alice");
  world.pass(Millis(10'000));
  for (int i = 0; i < 5; ++i) CHECK(alice.ask(wire::SessionPing{}).is_ok());

  const Reply reply = alice.ask(wire::SessionPing{});

  CHECK(reply.code == "rate_limited");
  CHECK(reply.retry_after_ms > 0);
  CHECK(reply.retry_after_ms <= 2'000);
  CHECK(alice_too.ask(wire::SessionPing{}).is_ok());
  Actor one(world, "198.51.100.1");
  Actor same(world, "198.51.100.1");
  Actor other(world, "198.51.100.2");
  for (int i = 0; i < 5; ++i) CHECK(one.ask(wire::SessionPing{}).code == "unauthenticated");
  CHECK(same.ask(wire::SessionPing{}).code == "rate_limited");
  CHECK(other.ask(wire::SessionPing{}).code == "unauthenticated");
  for (int i = 0; i < 5; ++i)
    Actor(world, "2001:db8:1:2::" + std::to_string(i)).ask(wire::SessionPing{});
  CHECK(Actor(world, "2001:db8:1:2::9").ask(wire::SessionPing{}).code == "rate_limited");
  CHECK(Actor(world, "2001:db8:1:3::9").ask(wire::SessionPing{}).code == "unauthenticated");
}

TEST_CASE("garbage counts as requests", "[core]") {
  World world(with(&Settings::requests_per_device, {3, Millis(10'000)}));
  Actor stranger(world, "198.51.100.1");
  const auto send = [&](const std::string& frame) {
    wire::Decoder decoder;
    world.request(stranger.session(), decoder.decode(frame));
  };
  for (int i = 0; i < 3; ++i) send("{");
  CHECK(stranger.link().answers.at("null").find("invalid_json") != std::string::npos);
  send("{");

  CHECK(stranger.link().answers.at("null").find("rate_limited") != std::string::npos);
}

TEST_CASE("logins, sign-ups and resumes are counted per address", "[core]") {
  Settings settings = World::default_settings();
  settings.logins_per_address = {2, Millis(60'000)};
  settings.sign_ups_per_address = {2, Millis(3'600'000)};
  settings.resumes_per_address = {2, Millis(60'000)};
  World world(settings);
  const auto from = [&](const std::string& address) { return Actor(world, address); };
  const std::string here = "198.51.100.1";
  const std::string there = "198.51.100.2";
  Actor alice = from(here);
  CHECK(alice.sign_up("alice").is_ok());
  CHECK(from(here).sign_up("bob").is_ok());
  const Reply reply = from(here).sign_up("carol");
  CHECK(reply.code == "rate_limited");
  CHECK(reply.retry_after_ms / 1000 == 1'800);
  CHECK(from(there).sign_up("carol").is_ok());

  CHECK(from(here).log_in("alice").is_ok());
  CHECK(from(here).log_in("alice", "guess").code == "unauthenticated");
  CHECK(from(here).log_in("alice").code == "rate_limited");
  CHECK(from(there).log_in("alice").is_ok());

  for (int i = 0; i < 2; ++i) {
    Actor again = from(here);
    again.use_token(alice.token());
    CHECK(again.resume().is_ok());
  }
  Actor again = from(here);
  again.use_token(alice.token());
  CHECK(again.resume().code == "rate_limited");
}

TEST_CASE("contact requests and invitations are counted per account", "[core]") {
  Settings settings = World::default_settings();
  settings.contact_requests_per_user = {1, Millis(3'600'000)};
  settings.invites_per_user = {1, Millis(3'600'000)};
  World world(settings);
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {});
  CHECK(alice.ask(wire::ContactRequest{bob.user()}).is_ok());
  CHECK(alice.ask(wire::ContactRequest{bob.user()}).code == "rate_limited");
  CHECK(alice.ask(wire::RoomInvite{room, bob.user()}).is_ok());
  CHECK(alice.ask(wire::RoomInvite{room, bob.user()}).code == "rate_limited");
}

TEST_CASE("the control socket has no rates, and a reload changes them at once", "[core]") {
  World world(with(&Settings::requests_per_device, {2, Millis(60'000)}));
  for (int i = 0; i < 10; ++i) CHECK(world.admin(wire::AdminMetrics{}).is_ok());
  Actor stranger(world);
  for (int i = 0; i < 2; ++i) stranger.ask(wire::SessionPing{});
  CHECK(stranger.ask(wire::SessionPing{}).code == "rate_limited");

  world.core->apply(World::default_settings());

  CHECK(stranger.ask(wire::SessionPing{}).code == "unauthenticated");
}

TEST_CASE("a client has only so many requests under way", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  world.store.hold();
  std::vector<std::string> ids(65);
  for (std::size_t i = 0; i < ids.size(); ++i)
    ids[i] = alice.begin(wire::ProfileSet{fmt::format("name {}", i), {}});
  world.settle();

  CHECK(alice.answer<wire::ProfileSet>(ids.back())->code == "rate_limited");
  world.store.release();
  world.settle();
  CHECK(alice.answer<wire::ProfileSet>(ids.front())->is_ok());
}

TEST_CASE(
    "a bucket that is full again is forgotten, and when there are too many only newcomers "
    "wait",
    "[core]") {
  TestClock clock;
  RateLimiter rates(clock);
  const Rate rate{1, Millis(60'000)};
  for (int i = 0; i < 200'000; ++i)
    REQUIRE(rates.take("request", std::to_string(i), rate).has_value());

  CHECK(rates.take("request", "a newcomer", rate).error().code == Code::rate_limited);
  clock.pass(Millis(59'000));
  CHECK(rates.take("request", "a newcomer", rate).error().code == Code::rate_limited);
  CHECK(rates.take("request", "7", rate).error().retry_after_ms == 1'000);  // its own wait
  clock.pass(Millis(2'000));
  CHECK(rates.take("request", "7", rate).has_value());
  CHECK(rates.take("request", "a newcomer", rate).has_value());
  CHECK(rates.size() == 2);
}

}  // namespace
}  // namespace chatd::core
