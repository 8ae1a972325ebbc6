#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

constexpr Millis kDay{24 * 3'600'000};

// The line of this device in a device list.
Json line_of(const Json& list, DeviceId device) {
  for (std::size_t i = 0; i < list.size("/devices"); ++i) {
    const Json line = list.at("/devices/" + std::to_string(i));
    if (line.text("/device") == device.text()) return line;
  }
  FAIL("the device is not in the list");
  return Json();
}

TEST_CASE("who logs out gets the answer, is told, and the token is worth nothing", "[core]") {
  World world;
  Actor phone = world.sign_up("alice");
  Actor laptop = world.log_in("alice");

  phone.get(wire::SessionLogout{});

  CHECK(phone.events("session.revoked").size() == 1);
  CHECK(phone.link().closed == CloseReason::logged_out);
  CHECK_FALSE(laptop.is_closed());
  Actor again(world);
  again.use_token(phone.token());
  CHECK(again.resume().code == "unauthenticated");
  CHECK(laptop.get(wire::DeviceList{}).size("/devices") == 1);
}

TEST_CASE("a revoked device is told and its connection ended at once", "[core]") {
  World world;
  Actor phone = world.sign_up("alice");
  Actor laptop = world.log_in("alice");

  phone.get(wire::DeviceRevoke{laptop.device()});

  CHECK(laptop.events("session.revoked").size() == 1);
  CHECK(laptop.link().closed == CloseReason::logged_out);
  CHECK(phone.ask(wire::DeviceRevoke{laptop.device()}).code == "not_found");
}

TEST_CASE("another account's device can't be revoked", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");

  CHECK(alice.ask(wire::DeviceRevoke{bob.device()}).code == "not_found");
  CHECK_FALSE(bob.is_closed());
}

TEST_CASE("the list of devices says which is here, and when the others last were", "[core]") {
  World world;
  Actor phone = world.sign_up("alice");
  world.pass(Millis(1'000));
  Actor laptop = world.log_in("alice");
  world.pass(Millis(5'000));
  laptop.hang_up();
  const TimeMs left = world.clock.wall_ms();
  world.pass(Millis(7'000));

  const Json list = phone.get(wire::DeviceList{});

  CHECK(list.text("/devices/0/device") == laptop.device().text());  // newest first
  const Json other = line_of(list, laptop.device());
  CHECK_FALSE(other.flag("/online"));
  CHECK_FALSE(other.flag("/this"));
  CHECK(other.number("/last_seen") == static_cast<std::uint64_t>(left));
  const Json own = line_of(list, phone.device());
  CHECK(own.flag("/online"));
  CHECK(own.flag("/this"));
  CHECK(own.text("/name") == "alice's phone");
}

TEST_CASE("an account has only so many devices", "[core]") {
  Settings settings = World::default_settings();
  settings.max_devices = 2;
  World world(settings);
  Actor phone = world.sign_up("alice");
  Actor laptop = world.log_in("alice");

  CHECK(Actor(world).log_in("alice").code == "limit_reached");
  laptop.get(wire::SessionLogout{});
  CHECK(Actor(world).log_in("alice").is_ok());
}

TEST_CASE("a device that did not connect for too long is logged out", "[core]") {
  Settings settings = World::default_settings();
  settings.device_idle = 30 * kDay;
  settings.max_devices = 2;
  World world(settings);
  Actor phone = world.sign_up("alice");
  Actor laptop = world.log_in("alice");
  laptop.hang_up();
  world.pass(29 * kDay);
  phone.get(wire::SessionPing{});

  Actor early(world);
  early.use_token(laptop.token());
  CHECK(early.resume().is_ok());
  early.hang_up();
  world.pass(31 * kDay);
  phone.get(wire::SessionPing{});
  Actor late(world);
  late.use_token(laptop.token());
  CHECK(late.resume().code == "unauthenticated");

  CHECK(phone.get(wire::DeviceList{}).size("/devices") == 1);
  CHECK(Actor(world).log_in("alice").is_ok());
}

TEST_CASE("a device that stays connected, or a bot over http, is never idle", "[core]") {
  Settings settings = World::default_settings();
  settings.device_idle = 30 * kDay;
  World world(settings);
  Actor phone = world.sign_up("alice");
  Actor bot = world.log_in("alice");
  bot.hang_up();
  for (int i = 0; i < 40; ++i) {
    world.pass(2 * kDay);
    phone.get(wire::SessionPing{});
    CHECK(world.post(wire::RoomList{}, bot.token()).is_ok());
  }

  // The power goes: when the phone was here last must not be forgotten with it.
  world.restart();
  phone.reconnect();
  CHECK(world.post(wire::RoomList{}, bot.token()).is_ok());
}

TEST_CASE("idle devices make room for a new login", "[core]") {
  Settings settings = World::default_settings();
  settings.device_idle = 30 * kDay;
  settings.max_devices = 1;
  World world(settings);
  Actor phone = world.sign_up("alice");
  phone.hang_up();

  CHECK(Actor(world).log_in("alice").code == "limit_reached");
  world.pass(31 * kDay);
  CHECK(Actor(world).log_in("alice").is_ok());
}

TEST_CASE("devices stay logged in for ever where the admin says nothing else", "[core]") {
  World world;
  Actor phone = world.sign_up("alice");
  phone.hang_up();

  world.pass(2000 * kDay);

  phone.reconnect();
  CHECK(phone.get(wire::SessionPing{}).has("/time"));
}

TEST_CASE("the admin sets a password and all devices must log in anew", "[core]") {
  World world;
  Actor phone = world.sign_up("alice");
  Actor laptop = world.log_in("alice");
  wire::AdminUserPasswd params;
  params.user = phone.user();
  params.password = Secret("battery staple");

  CHECK(world.admin(std::move(params)).is_ok());

  CHECK(phone.is_closed());
  CHECK(laptop.is_closed());
  CHECK(Actor(world).log_in("alice").code == "unauthenticated");
  CHECK(Actor(world).log_in("alice", "battery staple").is_ok());
}

}  // namespace
}  // namespace chatd::core
