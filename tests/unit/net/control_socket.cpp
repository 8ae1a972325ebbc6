#include "tests/unit/net/test_server.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace chatd;
using namespace chatd::tests;

namespace {

net::Options with_control(const TempFolder& folder) {
  net::Options options;
  options.control_socket = (folder.path() / "control.sock").string();
  options.behind = wire::Packet::text("behind");
  return options;
}

// Why a second server can't be made beside this folder's first one; empty: it could.
std::string refusal(net::Options options) {
  struct Deaf final : net::Sink {
    bool deliver(unsigned, std::vector<net::Inbound>&&) override { return true; }
  } deaf;
  const auto loop = *net::Loop::create();
  const auto server = net::Server::create(std::move(options), deaf, *loop);
  return server ? "" : server.error().message;
}

}  // namespace

TEST_CASE("the admin speaks in lines, and the kernel says who it is", "[net]") {
  const TempFolder folder;
  const net::Options options = with_control(folder);
  TestServer server(options);
  struct stat file {};
  REQUIRE(stat(options.control_socket.c_str(), &file) == 0);
  CHECK((file.st_mode & 0777) == 0600);

  const auto admin = Stream::open_unix(options.control_socket);
  REQUIRE(admin);
  admin->write("first\r\n\nsecond\nth");
  CHECK(admin->read_until("\n") == "first\n");
  CHECK(admin->read_until("\n") == "second\n");
  admin->write("ird\n");
  CHECK(admin->read_until("\n") == "third\n");

  const Guest guest = server.opened().at(0);
  CHECK(guest.kind == net::Kind::control);
  CHECK(guest.uid == getuid());
  CHECK(server.server().counters(0).controls_open.read() == 1);
  admin->drop();
  CHECK(server.wait_for_farewells(1));
}

TEST_CASE("the admin gets long answers and streams, and is let go after the last word", "[net]") {
  const TempFolder folder;
  TestServer server(with_control(folder), [](SessionId, const std::string&) {});
  const auto admin = Stream::open_unix((folder.path() / "control.sock").string());
  REQUIRE(server.wait_for_guests(1));
  const SessionId session = server.opened()[0].session;
  const std::string large(16 * 1024 * 1024, 'x');
  server.send(session, large);
  for (int i = 0; i < 10; ++i) server.send(session, std::to_string(i), wire::Delivery::live);
  std::vector<net::Outbound> batch;
  batch.push_back(net::Close{.session = session, .reason = ""});
  server.post(session, std::move(batch));

  CHECK((admin->read_until("\n") == large + "\n"));
  for (int i = 0; i < 10; ++i) CHECK(admin->read_until("\n") == std::to_string(i) + "\n");
  CHECK(admin->read_to_end());
  CHECK(server.wait_for_farewells(1));
}

TEST_CASE("a line over the bound ends the admin's connection", "[net]") {
  const TempFolder folder;
  TestServer server(with_control(folder));
  const auto admin = Stream::open_unix((folder.path() / "control.sock").string());
  admin->write(std::string(600 * 1024, 'x'));
  CHECK(admin->read_to_end());
  CHECK(server.wait_for_farewells(1));
  CHECK(server.received().empty());
}

TEST_CASE("the number of admins at once is bounded", "[net]") {
  const TempFolder folder;
  net::Options options = with_control(folder);
  options.max_controls = 2;
  TestServer server(options);
  const auto first = Stream::open_unix(options.control_socket);
  const auto second = Stream::open_unix(options.control_socket);
  const auto third = Stream::open_unix(options.control_socket);
  REQUIRE(third);
  CHECK(third->read_to_end());
  second->write("hello\n");
  CHECK(second->read_until("\n") == "hello\n");
}

TEST_CASE("an admin who doesn't read a stream falls behind", "[net]") {
  const TempFolder folder;
  TestServer server(with_control(folder), [](SessionId, const std::string&) {});
  const auto admin = Stream::open_unix((folder.path() / "control.sock").string());
  REQUIRE(server.wait_for_guests(1));
  const SessionId session = server.opened()[0].session;
  const std::string line(10'000, 'x');
  while (server.server().counters(0).fell_behind.read() == 0)
    server.send(session, line, wire::Delivery::live);
  std::optional<std::string> read;
  do {
    read = admin->read_until("\n");
  } while (read == line + "\n");
  CHECK(read == "behind\n");
}

TEST_CASE("the socket file is replaced only when nobody answers on it", "[net]") {
  const TempFolder folder;
  net::Options options = with_control(folder);
  {
    TestServer server(options);
    net::Options second;
    second.control_socket = options.control_socket;
    CHECK(refusal(second) == "another process answers on " + options.control_socket);
    CHECK(Stream::open_unix(options.control_socket));
  }
  CHECK_FALSE(std::filesystem::exists(options.control_socket));

  // What a killed server leaves behind.
  const int dead = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  options.control_socket.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  close(dead);
  TestServer server(options);
  const auto admin = Stream::open_unix(options.control_socket);
  REQUIRE(admin);
  admin->write("hello\n");
  CHECK(admin->read_until("\n") == "hello\n");
}

TEST_CASE("a path that can't be a control socket is refused in words", "[net]") {
  const TempFolder folder;
  net::Options options;
  options.control_socket = (folder.path() / std::string(200, 'x')).string();
  CHECK(refusal(options).find("the path of the control socket is too long") == 0);

  options.control_socket = (folder.path() / "notes.txt").string();
  std::ofstream(options.control_socket) << "mine";
  CHECK(refusal(options) == options.control_socket + " exists and is no socket");
  CHECK(std::filesystem::exists(options.control_socket));

  options.control_socket = "/nonexistent/control.sock";
  CHECK(refusal(options).find("can't open the control socket /nonexistent/control.sock") == 0);
}
