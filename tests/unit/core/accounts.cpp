#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

wire::AccountSignUp newcomer(const std::string& name) {
  wire::AccountSignUp params;
  params.name = name;
  params.password = Secret("correct horse");
  params.device_name = "phone";
  return params;
}

Settings by_invite() {
  Settings settings = World::default_settings();
  settings.sign_up = SignUp::invite;
  return settings;
}

TEST_CASE("where sign-up is open, anybody gets an account and a device at once", "[core]") {
  World world;
  Actor alice(world);

  const Reply reply = alice.sign_up("alice");

  REQUIRE(reply.is_ok());
  CHECK(alice.user().text() == "alice@test.example");
  CHECK_FALSE(alice.token().empty());
  CHECK(alice.get(wire::ProfileGet{alice.user()}).text("/display_name") == "alice");
  CHECK(world.core->context().accounts == 1);
}

TEST_CASE("a name is taken once, also while its account is still being made", "[core]") {
  World world;
  Actor one(world);
  Actor other(world);

  const std::string first = one.begin(newcomer("alice"));
  const std::string second = other.begin(newcomer("alice"));
  world.settle();

  CHECK(one.answer<wire::AccountSignUp>(first)->is_ok());
  CHECK(other.answer<wire::AccountSignUp>(second)->code == "conflict");
  CHECK(Actor(world).sign_up("alice").code == "conflict");
}

TEST_CASE("a name that is no local part, or not acceptable to others, is refused", "[core]") {
  World world;
  Actor device(world);

  CHECK(device.sign_up("Alice").code == "invalid_params");
  CHECK(device.sign_up("").code == "invalid_params");
  auto params = newcomer("alice");
  params.display_name = "Alice\x01";
  CHECK(device.ask(std::move(params)).code == "invalid_params");
  auto unnamed = newcomer("alice");
  unnamed.device_name = "  ";
  CHECK(device.ask(std::move(unnamed)).code == "invalid_params");
}

TEST_CASE("a password that the auth plugin does not like makes no account", "[core]") {
  World world;
  Actor device(world);
  auto params = newcomer("alice");
  params.password = Secret("abc");

  const Reply reply = device.ask(std::move(params));

  CHECK(reply.code == "invalid_params");
  CHECK(reply.message == "a password has at least 4 characters");
  CHECK(device.sign_up("alice").is_ok());
}

TEST_CASE("where sign-up is closed, only the admin makes accounts", "[core]") {
  Settings settings = World::default_settings();
  settings.sign_up = SignUp::closed;
  World world(settings);

  CHECK(Actor(world).sign_up("alice").code == "forbidden");

  wire::AdminUserCreate params;
  params.name = "alice";
  params.password = Secret("correct horse");
  CHECK(world.admin(std::move(params)).is_ok());
  CHECK(Actor(world).log_in("alice").is_ok());
}

TEST_CASE("an invite works as often as it was made for, and not longer", "[core]") {
  World world(by_invite());
  wire::AdminInviteCreate params;
  params.uses = 2;
  params.days = 1;
  const std::string invite = world.admin(params).result.text("/invite");

  CHECK(Actor(world).sign_up("alice").code == "forbidden");
  CHECK(Actor(world).sign_up("alice", "no such invite").code == "forbidden");
  CHECK(Actor(world).sign_up("alice", invite).is_ok());
  CHECK(Actor(world).sign_up("bob", invite).is_ok());
  CHECK(Actor(world).sign_up("carol", invite).code == "forbidden");

  const std::string other = world.admin(params).result.text("/invite");
  world.pass(Millis(25 * 3'600'000));
  CHECK(Actor(world).sign_up("carol", other).code == "forbidden");
}

TEST_CASE("a sign-up that fails leaves its invite as it was", "[core]") {
  World world(by_invite());
  const std::string invite = world.admin(wire::AdminInviteCreate{}).result.text("/invite");
  auto params = newcomer("alice");
  params.password = Secret("abc");
  params.invite = invite;
  CHECK(Actor(world).ask(std::move(params)).code == "invalid_params");

  CHECK(Actor(world).sign_up("alice", invite).is_ok());
}

TEST_CASE("two who use the last of an invite at once do not both get in", "[core]") {
  World world(by_invite());
  const std::string invite = world.admin(wire::AdminInviteCreate{}).result.text("/invite");
  Actor one(world);
  Actor other(world);
  auto first = newcomer("alice");
  first.invite = invite;
  auto second = newcomer("bob");
  second.invite = invite;

  const std::string id_one = one.begin(std::move(first));
  const std::string id_other = other.begin(std::move(second));
  world.settle();

  CHECK(one.answer<wire::AccountSignUp>(id_one)->is_ok());
  CHECK(other.answer<wire::AccountSignUp>(id_other)->code == "forbidden");
}

TEST_CASE("a login makes a new device, by local part or full id", "[core]") {
  World world;
  Actor phone = world.sign_up("alice");
  Actor laptop(world);
  Actor desk(world);

  CHECK(laptop.log_in("alice").is_ok());
  CHECK(desk.log_in("alice@test.example").is_ok());

  CHECK(laptop.device() != phone.device());
  CHECK(phone.get(wire::DeviceList{}).size("/devices") == 3);
}

TEST_CASE("a wrong password and an unknown name are refused in the same words", "[core]") {
  World world;
  world.sign_up("alice");
  Actor stranger(world);

  const Reply wrong = stranger.log_in("alice", "battery staple");
  const Reply unknown = stranger.log_in("nobody");
  const Reply elsewhere = stranger.log_in("alice@other.example");

  CHECK(wrong.code == "unauthenticated");
  CHECK(unknown.code == "unauthenticated");
  CHECK(wrong.message == unknown.message);
  CHECK(elsewhere.message == wrong.message);
}

TEST_CASE("after too many wrong passwords the auth plugin makes everyone wait", "[core]") {
  World world;
  world.sign_up("alice");
  Actor stranger(world);
  for (int i = 0; i < 3; ++i) CHECK(stranger.log_in("alice", "guess").code == "unauthenticated");

  const Reply reply = stranger.log_in("alice");

  CHECK(reply.code == "rate_limited");
  CHECK(reply.retry_after_ms == 60'000);
}

TEST_CASE("a token brings its device back, also after a restart", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  const DeviceId device = alice.device();

  world.restart();
  alice.reconnect();

  CHECK(alice.device() == device);
  Actor stranger(world);
  stranger.use_token("made up");
  CHECK(stranger.resume().code == "unauthenticated");
}

TEST_CASE("a disabled account can neither log in nor come back, until it is enabled", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  alice.forget_events();

  CHECK(world.admin(wire::AdminUserEnable{alice.user(), false}).is_ok());

  CHECK(alice.events("session.revoked").size() == 1);
  CHECK(alice.link().closed == CloseReason::logged_out);
  Actor again(world);
  CHECK(again.log_in("alice").code == "unauthenticated");
  again.use_token(alice.token());
  CHECK(again.resume().code == "unauthenticated");
  CHECK(world.admin(wire::AdminUserEnable{alice.user(), true}).is_ok());
  CHECK(again.log_in("alice").is_ok());
}

TEST_CASE("a new password needs the old one, and logs the other devices out", "[core]") {
  World world;
  Actor phone = world.sign_up("alice");
  Actor laptop = world.log_in("alice");
  wire::AccountChangePassword wrong;
  wrong.old_password = Secret("guess");
  wrong.new_password = Secret("battery staple");
  wire::AccountChangePassword right;
  right.old_password = Secret("correct horse");
  right.new_password = Secret("battery staple");

  // Not `unauthenticated`: a client would take its session for ended.
  CHECK(phone.ask(std::move(wrong)).code == "forbidden");
  CHECK_FALSE(laptop.is_closed());
  phone.get(std::move(right));

  CHECK_FALSE(phone.is_closed());
  CHECK(laptop.is_closed());
  CHECK(Actor(world).log_in("alice").code == "unauthenticated");
  CHECK(Actor(world).log_in("alice", "battery staple").is_ok());
}

TEST_CASE("before a login only what anyone may ask is answered", "[core]") {
  World world;
  Actor stranger(world);

  CHECK(stranger.ask(wire::RoomList{}).code == "unauthenticated");
  CHECK(stranger.ask(wire::SessionPing{}).code == "unauthenticated");
  CHECK(stranger.ask(wire::SessionLogout{}).code == "unauthenticated");
  CHECK(stranger.ask(wire::Sync{}).code == "unauthenticated");
  CHECK(stranger.try_send(RoomId(), "hi").code == "unauthenticated");
}

TEST_CASE("a WebSocket that does not log in is closed", "[core]") {
  World world;
  Actor stranger(world);
  Actor alice = world.sign_up("alice");

  world.pass(world.settings.login_deadline + Millis(1));

  CHECK(stranger.link().closed == CloseReason::login_timeout);
  CHECK_FALSE(alice.is_closed());
}

TEST_CASE("a connection that logs in as someone else hears nothing of the one before", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor carol = world.sign_up("carol");
  const RoomId room = alice.found_group("garden", {&bob});
  alice.get(wire::PresenceWatch{room});

  alice.use_token(carol.token());
  CHECK(alice.resume().is_ok());
  alice.forget_events();
  bob.send(room, "for alice only");
  bob.hang_up();
  world.pass(Millis(60'000));

  CHECK(alice.user() == carol.user());
  CHECK(alice.link().events.empty());
  CHECK(alice.ask(wire::RoomGet{room}).code == "not_found");
}

TEST_CASE("over http a request brings its token along", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");

  CHECK(world.post(wire::RoomList{}, alice.token()).is_ok());
  CHECK(world.post(wire::RoomList{}).code == "unauthenticated");
  CHECK(world.post(wire::RoomList{}, "made up").code == "unauthenticated");
  CHECK(world.post(newcomer("bob")).is_ok());
}

}  // namespace
}  // namespace chatd::core
