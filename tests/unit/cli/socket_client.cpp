#include "cli/socket_client.hpp"

#include "tests/unit/cli/fake_daemon.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace chatd::cli {
namespace {

Monotonic soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(20); }
Monotonic already() { return std::chrono::steady_clock::now(); }

Code connect_code(const std::string& path) {
  const auto client = SocketClient::connect(path);
  REQUIRE(!client);
  return client.error().code;
}

SocketClient connected(const FakeDaemon& daemon) {
  auto client = SocketClient::connect(daemon.socket());
  REQUIRE(client);
  return *std::move(client);
}

TEST_CASE("a socket that is not there means that the daemon does not run", "[cli]") {
  const TempFolder folder;

  CHECK(connect_code((folder.path() / "none").string()) == Code::unavailable);
}

TEST_CASE("a socket that nobody listens at means that the daemon does not run", "[cli]") {
  const TempFolder folder;
  const std::string file = (folder.path() / "left-over").string();
  std::ofstream(file).flush();

  CHECK(connect_code(file) == Code::unavailable);
}

TEST_CASE("a socket that may not be opened is told from one that is not there", "[cli]") {
  if (geteuid() == 0) return;  // root may open everything
  FakeDaemon daemon([](const std::string&) { return std::string(); });
  REQUIRE(chmod(daemon.socket().c_str(), 0) == 0);

  CHECK(connect_code(daemon.socket()) == Code::forbidden);
}

TEST_CASE("a path that no socket can have is refused", "[cli]") {
  CHECK(connect_code("") == Code::invalid_params);
  CHECK(connect_code("/" + std::string(200, 'x')) == Code::invalid_params);
}

TEST_CASE("frames come one by one however they are cut", "[cli]") {
  FakeDaemon daemon([](const std::string& frame) { return frame + "\n" + frame + "!\n\nrest"; });
  SocketClient client = connected(daemon);
  const std::string big(300'000, 'x');

  REQUIRE(client.send(big, soon()));

  CHECK(client.receive(soon(), 400'000).value() == big);
  CHECK(client.receive(soon(), 400'000).value() == big + "!");
  CHECK(client.receive(soon(), 400'000).value().empty());
}

TEST_CASE("a frame of the greatest length is taken, one byte more is not", "[cli]") {
  FakeDaemon daemon([](const std::string& frame) { return frame + "\n"; });
  SocketClient client = connected(daemon);

  REQUIRE(client.send(std::string(1000, 'x'), soon()));
  CHECK(client.receive(soon(), 1000).has_value());
  REQUIRE(client.send(std::string(1001, 'x'), soon()));
  CHECK(client.receive(soon(), 1000).error().code == Code::internal);
}

TEST_CASE("a frame that never ends costs no more memory than its bound", "[cli]") {
  FakeDaemon daemon([](const std::string&) { return std::string(1'000'000, 'x'); });
  SocketClient client = connected(daemon);

  REQUIRE(client.send("", soon()));

  CHECK(client.receive(soon(), 200'000).error().code == Code::internal);
}

TEST_CASE("the other side's end is told from its silence", "[cli]") {
  FakeDaemon daemon([](const std::string&) { return std::string(); });
  SocketClient client = connected(daemon);

  CHECK(client.receive(already(), 100).error().code == Code::timeout);
  REQUIRE(client.send("bye", soon()));
  CHECK(client.receive(soon(), 100).error().code == Code::unavailable);
}

}  // namespace
}  // namespace chatd::cli
