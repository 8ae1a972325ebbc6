#include "tests/unit/net/test_server.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace chatd;
using namespace chatd::tests;
using namespace std::string_literals;

TEST_CASE("TLS records that arrive together are all read, though nothing follows", "[net]") {
  TestServer server;
  const auto client = server.connect();
  const std::string half(8'000, 'h');
  const auto arrive = [&](const std::vector<Frame>& frames) {
    client->stream().hold(true);
    for (const Frame& frame : frames) client->send_frame(frame);
    client->stream().hold(false);
  };
  const Frame ping{.opcode = Frame::ping, .payload = "are you there?"};

  arrive(std::vector<Frame>(50, {.payload = "short"}));
  for (int i = 0; i < 50; ++i) REQUIRE(client->read() == "short");

  // Pings are answered below us, and frames longer than one read come in pieces.
  arrive({ping,
          ping,
          {.payload = half},
          ping,
          {.payload = half + half + half},
          ping,
          ping,
          {.payload = "last"}});
  std::vector<std::string> texts;
  int pongs = 0;
  while (texts.size() < 3 || pongs == 0) {  // of pings in a row one may be answered for all
    const auto frame = client->read_frame();
    REQUIRE(frame);
    if (frame->opcode == Frame::pong) ++pongs;
    if (frame->opcode == Frame::text) texts.push_back(frame->payload);
  }
  CHECK(texts == std::vector{half, half + half + half, "last"s});

  // While the sink has no room nobody is read from; then all are.
  server.set_full(true);
  arrive(std::vector<Frame>(20, {.payload = half}));
  server.set_full(false);
  for (int i = 0; i < 20; ++i) REQUIRE(client->read() == half);
}
