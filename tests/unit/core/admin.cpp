#include "daemon/base/log.hpp"
#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <set>

namespace chatd::core {
namespace {

TEST_CASE("the admin's methods are for the control socket, and only they are", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  // As a client asks: there is no such method for it.
  const auto code = [&](SessionId session, auto params) {
    const std::string id = world.next_request_id();
    world.request(session, wire::Request{id, std::move(params)});
    world.settle();
    return Json(world.clients.link(session).answers.at(id)).text("/error/data/code");
  };

  CHECK(code(alice.session(), wire::AdminStatus{}) == "unknown_method");
  CHECK(code(alice.session(), wire::AdminShutdown{}) == "unknown_method");
  CHECK(code(world.open(Door::http, "192.0.2.1", alice.token()), wire::AdminStatus{}) ==
        "unknown_method");
  CHECK_FALSE(world.admin_port.is_shut_down);
  CHECK(code(world.open(Door::control, "control", ""), wire::RoomList{}) == "unknown_method");
  CHECK(code(world.open(Door::control, "control", ""), wire::AccountLogin{}) == "unknown_method");
}

TEST_CASE("a method that lives from its connection is not taken over http", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  const auto code = [&](auto params) {
    const SessionId session = world.open(Door::http, "192.0.2.1", alice.token());
    world.request(session, wire::Request{"1", std::move(params)});
    world.settle();
    return Json(world.clients.link(session).answers.at("1")).text("/error/data/code");
  };

  CHECK(code(wire::PresenceSet{}) == "invalid_request");
  CHECK(code(wire::TypingSet{}) == "invalid_request");
  CHECK(code(wire::SessionResume{}) == "invalid_request");
}

TEST_CASE("what the admin changes leaves a line in the log, what the admin looks at none",
          "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  std::vector<std::string> lines;
  log::set_level(log::Level::info);
  log::set_tap([&lines](TimeMs, log::Level, std::string_view line) { lines.emplace_back(line); });

  world.admin(wire::AdminUserShow{alice.user()});
  world.admin(wire::AdminUserPasswd{alice.user(), Secret("another horse")});
  world.admin(wire::AdminUserEnable{alice.user(), false});
  log::set_tap({});
  log::set_level(log::Level::error);

  REQUIRE(lines.size() == 2);
  CHECK(
      lines[0] ==
      "the admin changed something method=admin.user.passwd subject=alice@test.example by=control");
  CHECK(lines[1].find("alice@test.example (disabled)") != std::string::npos);
}

TEST_CASE("what is asked about other servers is passed on, and its answer back", "[core]") {
  World world;
  std::vector<std::string> lines;
  log::set_level(log::Level::info);
  log::set_tap([&lines](TimeMs, log::Level, std::string_view line) { lines.emplace_back(line); });

  const auto paused = world.admin(wire::AdminFederationPause{"two.example"});
  const auto refused = world.admin(wire::AdminFederationStatus{});
  log::set_tap({});
  log::set_level(log::Level::error);

  CHECK(paused.result.text("/link") == "paused");
  CHECK(refused.code == "unavailable");
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("method=admin.federation.pause subject=two.example") != std::string::npos);
}

TEST_CASE("the status counts who is here", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor alice_too = world.log_in("alice");
  Actor bob = world.sign_up("bob");
  const Actor stranger(world);
  bob.hang_up();
  alice.found_group("garden", {});

  const Json status = world.admin(wire::AdminStatus{}).result;

  CHECK(status.text("/server") == "test.example");
  CHECK(status.text("/version") == "1.2.3");
  CHECK(status.text("/state") == "running");
  CHECK(status.number("/accounts") == 2);
  CHECK(status.number("/sessions") == 2);  // those that are logged in
  CHECK(status.number("/users_online") == 1);
  CHECK(status.number("/records_stored") == 1);
  CHECK(status.number("/storage/disk_bytes") == 42);
  world.restart();
  CHECK(world.admin(wire::AdminStatus{}).result.number("/accounts") == 2);
}

TEST_CASE("accounts are listed in pages, in the order of their ids", "[core]") {
  World world;
  for (const char* const name : {"dora", "alice", "carol", "bob", "emil"}) world.sign_up(name);
  wire::AdminUserList params;
  params.limit = 2;
  std::string all;
  while (true) {
    const Json page = world.admin(params).result;
    for (std::size_t i = 0; i < page.size("/users"); ++i)
      all += page.text(fmt::format("/users/{}/user", i)) + " ";
    if (!page.has("/next")) break;
    params.after = page.text("/next");
  }

  CHECK(all ==
        "alice@test.example bob@test.example carol@test.example dora@test.example "
        "emil@test.example ");
}

TEST_CASE("the admin creates, shows, disables and enables accounts", "[core]") {
  World world;
  wire::AdminUserCreate params;
  params.name = "alice";
  params.password = Secret("correct horse");
  params.display_name = "Alice A.";
  const Json made = world.admin(std::move(params)).result;
  CHECK(made.text("/user") == "alice@test.example");
  CHECK(made.text("/display_name") == "Alice A.");
  CHECK(made.number("/devices") == 0);
  Actor alice = world.log_in("alice");
  alice.found_group("garden", {});

  const Json shown = world.admin(wire::AdminUserShow{alice.user()}).result;
  CHECK(shown.number("/devices") == 1);
  CHECK(shown.number("/rooms") == 1);
  CHECK(shown.flag("/online"));
  CHECK(shown.flag("/enabled"));
  const Json disabled = world.admin(wire::AdminUserEnable{alice.user(), false}).result;
  CHECK_FALSE(disabled.flag("/enabled"));
  CHECK_FALSE(disabled.flag("/online"));
  CHECK(disabled.number("/devices") == 0);

  const UserId nobody = *UserId::parse("nobody@test.example");
  CHECK(world.admin(wire::AdminUserShow{nobody}).code == "not_found");
  CHECK(world.admin(wire::AdminUserEnable{nobody, false}).code == "not_found");
  wire::AdminUserPasswd passwd;
  passwd.user = nobody;
  passwd.password = Secret("correct horse");
  CHECK(world.admin(std::move(passwd)).code == "not_found");
  wire::AdminUserCreate again;
  again.name = "alice";
  again.password = Secret("correct horse");
  CHECK(world.admin(std::move(again)).code == "conflict");
}

TEST_CASE("rooms are listed in pages and shown with all their members", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor carol = world.sign_up("carol");
  std::set<std::string> rooms;
  for (int i = 0; i < 5; ++i) rooms.insert(alice.found_group("garden", {}).text());
  const RoomId room = alice.found_group("market", {&bob, &carol});
  rooms.insert(room.text());
  alice.get(wire::RoomBan{room, carol.user(), true, {}});
  const Seq head = alice.send(room, "hello");
  wire::AdminRoomList params;
  params.limit = 2;
  std::set<std::string> listed;
  while (true) {
    const Json page = world.admin(params).result;
    for (std::size_t i = 0; i < page.size("/rooms"); ++i)
      CHECK(listed.insert(page.text(fmt::format("/rooms/{}/room", i))).second);
    if (!page.has("/next")) break;
    params.after = page.text("/next");
  }

  CHECK(listed == rooms);
  const Json shown = world.admin(wire::AdminRoomShow{room}).result;
  CHECK(shown.number("/summary/members") == 2);
  CHECK(shown.number("/summary/head_seq") == head);
  CHECK(shown.text("/summary/head_hash").size() == 64);
  CHECK(shown.size("/members") == 3);
  CHECK(world.admin(wire::AdminRoomShow{RoomId()}).code == "not_found");
  CHECK(world.admin(wire::AdminRoomVerify{RoomId()}).code == "not_found");
}

TEST_CASE("a log that was tampered with is found out", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  const RoomId room = alice.found_group("garden", {});
  for (int i = 0; i < 5; ++i) alice.send(room, "hello");
  CHECK(world.admin(wire::AdminRoomVerify{room}).result.number("/records") == 6);
  const auto stored = world.medium.read(Range{room, 3, 3, 1, 1 << 20, false});
  REQUIRE(stored.has_value());
  auto record = wire::decode_stored(room, 3, stored->front().bytes);
  record->content = R"({"text":"HELLO"})";
  record->content_hash = blake2b_256(record->content);
  REQUIRE(world.medium.commit({Replace{room, 3, wire::encode_stored(*record)}}).has_value());

  const Json report = world.admin(wire::AdminRoomVerify{room}).result;

  CHECK(report.size("/problems") == 1);
}

TEST_CASE("what is the process's to know is asked there", "[core]") {
  World world;
  CHECK(world.admin(wire::AdminMetrics{}).result.text("/text") == "up 1");
  CHECK(world.admin(wire::AdminConfigShow{}).result.text("/text") == "[server]");
  CHECK(world.admin(wire::AdminPluginList{}).result.text("/plugins/0/name") == "storage_model");
  CHECK(world.admin(wire::AdminReload{}).code == "conflict");
  CHECK(world.admin(wire::AdminCertShow{}).code == "not_found");
  CHECK(world.admin(wire::AdminCertReload{}).code == "not_found");
  CHECK(world.admin(wire::AdminLogFollow{}).is_ok());
  CHECK(world.admin_port.follower != SessionId());
  CHECK(world.admin(wire::AdminShutdown{}).is_ok());
  CHECK(world.admin_port.is_shut_down);
}

TEST_CASE("an invite is made for once and a week unless told", "[core]") {
  World world;

  const Json invite = world.admin(wire::AdminInviteCreate{}).result;

  CHECK(invite.number("/expires") ==
        static_cast<std::uint64_t>(world.clock.wall_ms()) + 7 * 24 * 3'600'000ull);
}

}  // namespace
}  // namespace chatd::core
