#include "tests/unit/net/test_server.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

using namespace chatd;
using namespace chatd::tests;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

net::Options impatient() {
  net::Options options;
  options.timeouts = {.handshake = 300ms, .ping = 200ms, .hang_up = 600ms, .message = 300ms};
  return options;
}

}  // namespace

TEST_CASE("a client gets each text back from the sink", "[net]") {
  TestServer server;
  const auto romeo = server.connect();
  REQUIRE(romeo);
  REQUIRE(romeo->is_open());
  CHECK(romeo->answer().headers.at("sec-websocket-protocol") == "chatd.v1");

  CHECK(romeo->send("hello"));
  CHECK(romeo->read() == "hello");
  CHECK(romeo->send("\u00e4 \U0001f339"));
  CHECK(romeo->read() == "\u00e4 \U0001f339");

  CHECK(server.opened().at(0).kind == net::Kind::websocket);
  CHECK(server.opened().at(0).peer == "127.0.0.1");
}

TEST_CASE("each opened session is closed exactly once, whoever ends it", "[net]") {
  TestServer server;
  {
    const auto polite = server.connect();
    polite->send_frame({.opcode = Frame::close, .payload = "\x03\xe8"});
    CHECK(polite->read_close()->close_code() == 1000);
    const auto rude = server.connect();
    rude->stream().drop();
    const auto dismissed = server.connect();
    REQUIRE(server.wait_for_guests(3));
    const SessionId third = server.opened()[2].session;
    std::vector<net::Outbound> batch;
    batch.push_back(net::Send{third, wire::Packet::text("last words")});
    batch.push_back(net::Close{third, 4001, "logged in elsewhere"});
    batch.push_back(net::Send{third, wire::Packet::text("too late")});
    server.post(third, std::move(batch));

    CHECK(dismissed->read_frame()->payload == "last words");
    const auto close = dismissed->read_frame();
    REQUIRE(close);
    CHECK(close->opcode == Frame::close);
    CHECK(close->close_code() == 4001);
    CHECK(close->close_reason() == "logged in elsewhere");
  }

  REQUIRE(server.wait_for_farewells(3));
  REQUIRE(server.wait_until([&] { return server.server().open_connections() == 0; }));
  auto closed = server.closed();
  std::sort(closed.begin(), closed.end());
  CHECK(closed.size() == 3);
  CHECK(std::unique(closed.begin(), closed.end()) == closed.end());
  CHECK(server.server().counters(0).websockets_open.read() == 0);
}

TEST_CASE("fragments are one text, and a ping between them is answered", "[net]") {
  TestServer server;
  const auto client = server.connect();

  client->send_frame({.opcode = Frame::text, .is_final = false, .payload = "one "});
  client->send_frame({.opcode = Frame::more, .is_final = false, .payload = ""});
  client->send_frame({.opcode = Frame::ping, .payload = "?"});
  client->send_frame({.opcode = Frame::more, .is_final = true, .payload = "text"});

  std::optional<std::string> text;
  std::optional<std::string> pong;
  for (int i = 0; i < 2; ++i) {
    const auto frame = client->read_frame();
    REQUIRE(frame);
    (frame->opcode == Frame::pong ? pong : text) = frame->payload;
  }
  CHECK(text == "one text");
  CHECK(pong == "?");
}

TEST_CASE("a frame of exactly 512 KiB passes both ways, also in fragments", "[net]") {
  TestServer server;
  const auto client = server.connect();
  std::string large(512 * 1024, 'x');
  large.front() = 'a';
  large.back() = 'z';

  CHECK(client->send(large));
  CHECK((client->read() == large));

  client->send_frame({.opcode = Frame::text, .is_final = false, .payload = large.substr(0, 7)});
  client->send_frame({.opcode = Frame::more, .is_final = true, .payload = large.substr(7)});
  CHECK((client->read() == large));
}

TEST_CASE("a frame over the bound is refused by its header alone", "[net]") {
  TestServer server;
  const auto client = server.connect();
  // Announces 2^40 bytes and sends one.
  client->stream().write(std::string_view("\x81\xff\0\0\1\0\0\0\0\0\1\2\3\4x", 15));

  const auto close = client->read_close();
  REQUIRE(close);
  CHECK(close->close_code() == 1009);
  CHECK(close->close_reason() == "a frame may have 512 KiB at most");
  CHECK(server.received().empty());
}

TEST_CASE("fragments over the bound are refused when they pass it", "[net]") {
  TestServer server;
  const auto client = server.connect();
  const std::string half(300 * 1024, 'x');
  client->send_frame({.opcode = Frame::text, .is_final = false, .payload = half});
  client->send_frame({.opcode = Frame::more, .is_final = false, .payload = half});

  const auto close = client->read_close();
  REQUIRE(close);
  CHECK(close->close_code() == 1009);
}

TEST_CASE("partial frames of all together are bounded", "[net]") {
  net::Options options;
  options.max_partial_bytes = 100 * 1024;
  TestServer server(options);
  const auto first = server.connect();
  const auto second = server.connect();
  const std::string part(60 * 1024, 'x');
  first->send_frame({.opcode = Frame::text, .is_final = false, .payload = part});
  first->send_frame({.opcode = Frame::ping, .payload = "seen?"});
  REQUIRE(first->read_frame());
  second->send_frame({.opcode = Frame::text, .is_final = false, .payload = part});
  const auto close = second->read_close();
  REQUIRE(close);
  CHECK(close->close_code() == 1013);

  first->send_frame({.opcode = Frame::more, .is_final = true, .payload = "y"});
  CHECK((first->read() == part + "y"));
  const auto third = server.connect();
  third->send_frame({.opcode = Frame::text, .is_final = false, .payload = part});
  third->send_frame({.opcode = Frame::more, .is_final = true, .payload = "z"});
  CHECK((third->read() == part + "z"));
}

TEST_CASE("a binary frame is refused", "[net]") {
  TestServer server;
  const auto client = server.connect();
  client->send_frame({.opcode = Frame::binary, .payload = "\x01\x02"});
  const auto close = client->read_close();
  REQUIRE(close);
  CHECK(close->close_code() == 1003);
}

TEST_CASE("frames that break the protocol end the connection", "[net]") {
  TestServer server;
  const std::string bad = GENERATE(std::string("\x83\x80\0\0\0\0", 6),   // unknown opcode
                                   std::string("\xc1\x80\0\0\0\0", 6),   // reserved bit
                                   std::string("\x80\x80\0\0\0\0", 6),   // nothing to continue
                                   std::string("\x09\x80\0\0\0\0", 6));  // ping in fragments
  const auto client = server.connect();
  client->stream().write(bad);
  const auto close = client->read_close();
  REQUIRE(close);
  CHECK(close->close_code() == 1002);
  client->stream().drop();
  CHECK(server.wait_for_farewells(1));
  CHECK(server.received().empty());
}

TEST_CASE("a ping longer than pings may be ends the connection", "[net]") {
  TestServer server;
  const auto client = server.connect();
  client->stream().write(std::string_view("\x89\xfe\1\0\0\0\0\0", 8));
  CHECK(client->stream().read_to_end());
  CHECK(server.wait_for_farewells(1));
}

TEST_CASE("an upgrade that is not ours is refused in words", "[net]") {
  struct Case {
    WsOptions options;
    int status;
    std::string words;
  };
  const auto [options, status, words] = GENERATE(values<Case>({
      {{.protocol = ""}, 400, "Sec-WebSocket-Protocol must offer chatd.v1"},
      {{.protocol = "chat, chatd.v2"}, 400, "Sec-WebSocket-Protocol must offer chatd.v1"},
      {{.path = "/elsewhere"}, 404, "the WebSocket is at /ws"},
      {{.headers = "Origin: https://evil.example\r\n"}, 403, "not allowed"},
  }));
  TestServer server;
  const auto client = server.connect(options);
  REQUIRE(client);
  CHECK(client->answer().status == status);
  CHECK(client->answer().body.find(words) != std::string::npos);
  CHECK(client->stream().read_to_end());
  CHECK(server.opened().empty());
  CHECK(
      server.wait_until([&] { return server.server().counters(0).handshakes_failed.read() == 1; }));
}

TEST_CASE("an upgrade finds our protocol among others and allows our own pages", "[net]") {
  net::Options options;
  options.access.allowed_origins = {"https://web.example"};
  TestServer server(options);
  const std::string origin =
      GENERATE("", "Origin: https://localhost\r\n", "Origin: https://WEB.example\r\n");
  const auto client =
      server.connect({.path = "/", .protocol = "other, chatd.v1", .headers = origin});
  REQUIRE(client);
  REQUIRE(client->is_open());
  client->send("hello");
  CHECK(client->read() == "hello");
}

TEST_CASE("malformed handshakes end without a session", "[net]") {
  TestServer server;
  const std::string upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  const std::string rest = "Sec-WebSocket-Protocol: chatd.v1\r\n\r\n";
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const std::string request = GENERATE_COPY(
      "GET /ws HTTP/1.1\r\n" + upgrade + key + "Sec-WebSocket-Version: 13\r\n" + rest,  // no Host
      "GET /ws HTTP/1.1\r\nHost: x\r\n" + upgrade + "Sec-WebSocket-Version: 13\r\n" + rest,
      "GET /ws HTTP/1.1\r\nHost: x\r\n" + upgrade + key + "Sec-WebSocket-Version: 8\r\n" + rest,
      "POST /ws HTTP/1.1\r\nHost: x\r\n" + upgrade + key + "Sec-WebSocket-Version: 13\r\n" + rest,
      "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n" + key +
          "Sec-WebSocket-Version: 13\r\n" + rest,
      std::string("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n"
                  "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n"),
      std::string("GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tls\r\n\r\n"),
      std::string("CONNECT other.example:443 HTTP/1.1\r\nHost: x\r\n\r\nhello"),
      std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "\x16\x03\x01\x02\x00\x01"s,
      std::string("GET /%zz HTTP/1.1\r\n\r\n"), std::string("NONSENSE\r\n\r\n"),
      "GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n",
      "GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\n\r\n");
  const auto stream = server.stream();
  REQUIRE(stream);
  stream->write(request);
  CHECK(stream->read_to_end());
  CHECK(server.opened().empty());
  REQUIRE(server.wait_until([&] { return server.server().open_connections() == 0; }));
}

TEST_CASE("whoever is slow with the handshake is turned away", "[net]") {
  TestServer server(impatient());
  const auto silent = Stream::open(server.port(), "");  // no TLS hello
  const auto half = server.stream();                    // no request
  const auto slow = server.stream();                    // no end of the request
  slow->write("GET /ws HTTP/1.1\r\nHost: ");

  CHECK(silent->read_to_end());
  CHECK(half->read_to_end());
  CHECK(slow->read_to_end());
  CHECK(server.server().counters(0).timed_out.read() == 3);
  CHECK(server.opened().empty());
}

TEST_CASE("a silent client is pinged and stays, a dead one is hung up on", "[net]") {
  TestServer server(impatient());
  const auto alive = server.connect();
  const auto dead = server.connect();

  for (int i = 0; i < 4; ++i) {
    const auto ping = alive->read_frame();
    REQUIRE(ping);
    REQUIRE(ping->opcode == Frame::ping);
    REQUIRE(!ping->payload.empty());
    alive->send_frame({.opcode = Frame::pong, .payload = ping->payload});
  }
  CHECK(dead->stream().read_to_end());
  alive->send("still here");
  CHECK(alive->read() == "still here");
  CHECK(server.closed().size() == 1);
}

TEST_CASE("a frame that never ends is not waited for", "[net]") {
  TestServer server(impatient());
  const auto client = server.connect();
  client->send_frame({.opcode = Frame::text, .is_final = false, .payload = "begun"});
  while (const auto frame = client->read_frame()) {
    if (frame->opcode != Frame::ping) break;
    client->send_frame({.opcode = Frame::pong, .payload = frame->payload});
  }
  CHECK(client->stream().read_to_end());
  CHECK(server.wait_for_farewells(1));
}

TEST_CASE("a burst of packets for one client leaves in few writes", "[net]") {
  TestServer server;
  const auto client = server.connect();
  REQUIRE(server.wait_for_guests(1));
  const SessionId session = server.opened()[0].session;
  std::vector<net::Outbound> batch;
  for (int i = 0; i < 300; ++i)
    batch.push_back(net::Send{session, wire::Packet::text(std::to_string(i) + std::string(97, '.')),
                              wire::Delivery::live});
  server.post(session, std::move(batch));

  for (int i = 0; i < 300; ++i) {
    const auto text = client->read();
    REQUIRE(text);
    REQUIRE(text->substr(0, text->find('.')) == std::to_string(i));
  }
  const auto& counters = server.server().counters(0);
  CHECK(counters.frames_out.read() == 300);
  CHECK(counters.writes.read() == 2);  // 30 KB in records of 16 KiB
}

TEST_CASE("a reader that falls behind is told so once and may come back", "[net]") {
  net::Options options;
  options.behind = wire::Packet::text("behind");
  TestServer server(options);
  const auto client = server.connect();
  REQUIRE(server.wait_for_guests(1));
  const SessionId session = server.opened()[0].session;
  const auto& counters = server.server().counters(0);
  // As much as kernel and queue take without being read.
  const std::string text(60'000, 'x');
  while (counters.fell_behind.read() == 0) server.send(session, text, wire::Delivery::live);
  server.send(session, "dropped", wire::Delivery::live);
  server.send(session, "the answer");
  REQUIRE(server.wait_until([&] { return counters.live_dropped.read() > 0; }));

  std::vector<std::string> tail;
  do {
    auto next = client->read();
    REQUIRE(next);
    if (*next != text) tail.push_back(*std::move(next));
  } while (tail.empty() || tail.back() != "the answer");
  CHECK(tail == std::vector<std::string>{"behind", "the answer"});

  std::vector<net::Outbound> batch;
  batch.push_back(net::Send{session, wire::Packet::text("unseen"), wire::Delivery::live});
  batch.push_back(net::ResumeLive{session});
  batch.push_back(net::Send{session, wire::Packet::text("live again"), wire::Delivery::live});
  server.post(session, std::move(batch));
  CHECK(client->read() == "live again");
}

TEST_CASE("whoever asks on without reading loses the connection", "[net]") {
  TestServer server;
  const auto client = server.connect();
  REQUIRE(server.wait_for_guests(1));
  const SessionId session = server.opened()[0].session;
  const std::string page(500'000, 'x');
  const auto& overflowed = server.server().counters(0).overflowed;
  while (overflowed.read() == 0 && server.closed().empty()) server.send(session, page);
  CHECK(server.wait_for_farewells(1));
  CHECK(overflowed.read() == 1);
  CHECK(server.wait_until([&] { return server.server().open_connections() == 0; }));
}

TEST_CASE("while the sink has no room clients wait and nothing is lost", "[net]") {
  TestServer server;
  const auto client = server.connect();
  client->send("first");
  CHECK(client->read() == "first");

  server.set_full(true);
  for (int i = 0; i < 200; ++i) client->send(std::to_string(i));
  REQUIRE(server.wait_until([&] { return server.server().counters(0).stalled.read() > 0; }));
  const auto other = server.connect();
  other->send("me too");
  server.set_full(false);

  for (int i = 0; i < 200; ++i) REQUIRE(client->read() == std::to_string(i));
  CHECK(other->read() == "me too");
}
