#include "daemon/wire/limits.hpp"
#include "tests/support/name_server.hpp"
#include "tests/unit/net/test_caller.hpp"
#include "tests/unit/net/test_server.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <semaphore>
#include <sys/socket.h>

using namespace chatd;
using namespace chatd::tests;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace {

net::Options taking_links() {
  net::Options options;
  options.takes_links = true;
  return options;
}

// Its certificate is looked at, its address is not.
net::Place place_of(const TestServer& server) {
  return {.server = "localhost",
          .host = "127.0.0.1",
          .port = server.port(),
          .checks_certificate = true,
          .may_be_private = true};
}

template <class Event>
std::vector<Event> events(const TestServer& server) {
  std::vector<Event> found;
  for (const net::LinkEvent& event : server.link_events())
    if (const auto* const one = std::get_if<Event>(&event)) found.push_back(*one);
  return found;
}

template <class Event>
bool wait_for(const TestServer& server, std::size_t count) {
  return server.wait_until([&] { return events<Event>(server).size() >= count; });
}

// What another server hears.
void send(TestServer& server, const std::vector<std::string>& messages) {
  const SessionId link = events<net::LinkOpened>(server).at(0).link;
  std::vector<net::Outbound> batch;
  for (const std::string& message : messages)
    batch.emplace_back(net::Send{link, wire::Packet::binary(message)});
  server.post(link, std::move(batch));
}

// A port of 127.0.0.1 behind which somebody lets everybody in and says nothing.
class SilentPort {
 public:
  SilentPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_storage native{};
    socklen_t size = net::Address::parse("127.0.0.1", 0)->fill(native);
    REQUIRE(bind(socket_.fd(), reinterpret_cast<sockaddr*>(&native), size) == 0);
    REQUIRE(listen(socket_.fd(), 8) == 0);
    size = sizeof native;
    getsockname(socket_.fd(), reinterpret_cast<sockaddr*>(&native), &size);
    port_ = net::Address::from(native).port();
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  net::Socket socket_;
  std::uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("two servers talk both ways, and share the secret of their connection", "[net]") {
  TestServer server(taking_links());
  TestCaller caller(server.cert().certificate);
  auto call = caller.call(place_of(server));

  const auto exporter = call.exporter();
  REQUIRE(exporter);
  REQUIRE(wait_for<net::LinkOpened>(server, 1));
  CHECK(events<net::LinkOpened>(server).at(0).exporter == *exporter);
  CHECK(events<net::LinkOpened>(server).at(0).peer == "127.0.0.1");

  call.send({"one", "", "three"});
  REQUIRE(wait_for<net::LinkReceived>(server, 3));
  CHECK(events<net::LinkReceived>(server).at(0).bytes == "one");
  CHECK(events<net::LinkReceived>(server).at(1).bytes.empty());
  CHECK(events<net::LinkReceived>(server).at(2).bytes == "three");

  send(server, {"four", "", "six"});
  REQUIRE(call.receives(3));
  CHECK(call.received() == std::vector<std::string>{"four", "", "six"});
  CHECK(server.opened().empty());
  CHECK(server.server().counters(0).links_open.read() == 1);
}

TEST_CASE("the longest frames between servers arrive whole, both ways", "[net]") {
  TestServer server(taking_links());
  TestCaller caller(server.cert().certificate);
  auto call = caller.call(place_of(server));
  REQUIRE(call.exporter());
  std::string longest(wire::kMaxLinkFrameBytes, '\0');
  for (std::size_t i = 0; i < longest.size(); ++i) longest[i] = static_cast<char>(i * 7);

  call.send({longest, longest});
  REQUIRE(wait_for<net::LinkReceived>(server, 2));
  CHECK(events<net::LinkReceived>(server).at(1).bytes == longest);
  send(server, {longest, longest});
  REQUIRE(call.receives(2));
  CHECK(call.received().at(1) == longest);

  call.send({longest + "!"});
  CHECK(call.end() == "it ended the connection: a frame may have 516 KiB at most");
  REQUIRE(wait_for<net::LinkClosed>(server, 1));
}

TEST_CASE("a server is told how much of what it sent on a link has left", "[net]") {
  TestServer server(taking_links());
  TestCaller caller(server.cert().certificate);
  auto call = caller.call(place_of(server));
  REQUIRE(call.exporter());
  REQUIRE(wait_for<net::LinkOpened>(server, 1));

  const std::vector<std::string> messages(20, std::string(10'000, 'x'));
  send(server, messages);
  REQUIRE(call.receives(20));
  CHECK(server.wait_until([&] {
    std::size_t sent = 0;
    for (const auto& event : events<net::LinkSent>(server)) sent += event.bytes;
    return sent == 20 * wire::Packet::binary(messages[0]).frame().size();
  }));
}

TEST_CASE("what was sent before a link is closed arrives", "[net]") {
  TestServer server(taking_links());
  TestCaller caller(server.cert().certificate);
  const std::vector<std::string> messages(50, std::string(30'000, 'x'));
  SECTION("by who called") {
    auto call = caller.call(place_of(server));
    REQUIRE(call.exporter());
    call.send(messages);
    call.close();
    CHECK(call.end() == "this server ended the connection");
    REQUIRE(wait_for<net::LinkClosed>(server, 1));
    CHECK(events<net::LinkReceived>(server).size() == 50);
    CHECK(events<net::LinkClosed>(server).at(0).why == "it ended the connection");
  }
  SECTION("by who was called") {
    auto call = caller.call(place_of(server));
    REQUIRE(call.exporter());
    REQUIRE(wait_for<net::LinkOpened>(server, 1));
    send(server, messages);
    const SessionId link = events<net::LinkOpened>(server).at(0).link;
    std::vector<net::Outbound> batch;
    batch.emplace_back(net::Close{link, 1000, "good night"});
    server.post(link, std::move(batch));
    CHECK(call.end() == "it ended the connection: good night");
    CHECK(call.received().size() == 50);
    REQUIRE(wait_for<net::LinkClosed>(server, 1));
  }
}

TEST_CASE("a server is who its certificate says, wherever it is", "[net]") {
  TestServer server(taking_links());
  net::Place place = place_of(server);
  SECTION("another name") {
    TestCaller caller(server.cert().certificate);
    place.server = "other.example";
    CHECK(caller.call(place).end() == "its certificate: hostname mismatch");
  }
  SECTION("an authority that nobody knows") {
    const TestCert stranger = make_cert(server.folder().path(), "stranger");
    TestCaller caller(stranger.certificate);
    CHECK_THAT(caller.call(place).end(), Contains("its certificate: self-signed certificate"));
    CHECK_THAT(caller.get(place, "/").error().message, Contains("its certificate"));
    place.checks_certificate = false;
    place.server = "other.example";
    CHECK(caller.call(place).exporter());
  }
  CHECK(events<net::LinkReceived>(server).empty());
}

TEST_CASE("a link is a WebSocket of the protocol between servers and nothing else", "[net]") {
  SECTION("where other servers are not let in") {
    TestServer server;
    TestCaller caller(server.cert().certificate);
    CHECK(caller.call(place_of(server)).end() == "it refuses the WebSocket with status 400");
  }
  SECTION("without TLS") {
    net::Options options = taking_links();
    options.listen = {{.address = "127.0.0.1", .port = 0, .is_tls = false}};
    TestServer server(std::move(options));
    const auto client = WsClient::open(server.port(), "", {.protocol = "chatd.federation.v1"});
    CHECK(client->answer().status == 400);
    CHECK_THAT(client->answer().body, Contains("servers talk over TLS 1.3"));
  }
  SECTION("with text") {
    TestServer server(taking_links());
    const auto client = server.connect({.protocol = "chatd.federation.v1"});
    REQUIRE(client->is_open());
    client->send("text");
    CHECK(client->read_close()->close_code() == 1003);
    REQUIRE(wait_for<net::LinkClosed>(server, 1));
    CHECK(events<net::LinkReceived>(server).empty());
  }
  SECTION("and a client's is none") {
    TestServer server(taking_links());
    const auto client = server.connect({.protocol = "chatd.v1, chatd.federation.v1"});
    REQUIRE(client->is_open());
    client->send("text");
    CHECK(client->read() == "text");
    client->send_frame({.opcode = Frame::binary, .payload = "binary"});
    CHECK(client->read_close()->close_code() == 1003);
    CHECK(server.link_events().empty());
  }
}

TEST_CASE("who reads too slowly loses the link, and nobody else's memory grows", "[net]") {
  TestServer server(taking_links());
  TestCaller caller(server.cert().certificate);
  auto call = caller.call(place_of(server));
  REQUIRE(call.exporter());
  REQUIRE(wait_for<net::LinkOpened>(server, 1));
  const std::vector<std::string> messages(20, std::string(500'000, 'x'));
  SECTION("who was called") {
    server.set_full(true);
    for (int i = 0; i < 4; ++i) call.send(messages);
    CHECK(call.end() == "it reads too slowly");
    server.set_full(false);
  }
  SECTION("who called") {
    std::binary_semaphore is_sent(0);
    std::thread busy([&] { caller.on_loop([&] { is_sent.acquire(); }); });
    for (int i = 0; i < 4; ++i) send(server, messages);
    CHECK(wait_for<net::LinkClosed>(server, 1));
    is_sent.release();
    busy.join();
    CHECK(events<net::LinkClosed>(server).at(0).why == "it reads too slowly");
  }
}

TEST_CASE("while the sink has no room another server waits and nothing is lost", "[net]") {
  TestServer server(taking_links());
  TestCaller caller(server.cert().certificate);
  auto call = caller.call(place_of(server));
  REQUIRE(call.exporter());
  server.set_full(true);
  // Each goes on in the middle of a TLS record.
  const std::vector<std::string> messages(30, std::string(30'000, 'x'));
  call.send(messages);
  REQUIRE(server.wait_until([&] { return server.server().counters(0).stalled.read() > 0; }));
  call.send(messages);
  server.set_full(false);
  CHECK(wait_for<net::LinkReceived>(server, 60));
}

TEST_CASE("who reads nothing loses the link, whatever it says meanwhile", "[net]") {
  net::Options options = taking_links();
  options.timeouts.stalled = 300ms;
  TestServer server(std::move(options));
  // The system takes all of it.
  const std::vector<std::string> messages(4, std::string(500'000, 'x'));
  SECTION("who called") {
    const auto client = server.connect({.protocol = "chatd.federation.v1"});
    REQUIRE(wait_for<net::LinkOpened>(server, 1));
    send(server, messages);
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (events<net::LinkClosed>(server).empty() && std::chrono::steady_clock::now() < deadline)
      client->send_frame({.opcode = Frame::pong, .payload = "here"});
    REQUIRE(wait_for<net::LinkClosed>(server, 1));
    CHECK(events<net::LinkClosed>(server).at(0).why == "it takes nothing of what is sent to it");
    CHECK(server.server().counters(0).overflowed.read() == 1);
  }
  SECTION("who was called") {
    TestCaller caller(server.cert().certificate);
    net::Place place = place_of(server);
    place.stalled = 300ms;
    auto call = caller.call(place);
    REQUIRE(call.exporter());
    std::binary_semaphore is_busy(0);
    std::binary_semaphore is_over(0);
    std::thread busy([&] {
      server.on_loop([&] {
        is_busy.release();
        is_over.acquire();
      });
    });
    is_busy.acquire();
    call.send(messages);
    CHECK(call.end() == "it takes nothing of what is sent to it");
    is_over.release();
    busy.join();
  }
}

TEST_CASE("a server that dies, or was never there, ends a link with a reason", "[net]") {
  auto server = std::make_unique<TestServer>(taking_links());
  const TestCert cert = make_cert(server->folder().path(), "other");
  TestCaller caller(server->cert().certificate);
  net::Place place = place_of(*server);
  auto call = caller.call(place);
  REQUIRE(call.exporter());
  server.reset();
  CHECK_FALSE(call.end().empty());
  CHECK(caller.call(place).end() == "Connection refused");
  CHECK(caller.get(place, "/").error().message == "Connection refused");

  const SilentPort silent;
  place.port = silent.port();
  place.patience = 200ms;
  CHECK(caller.call(place).end() == "it did not answer in time");
}

TEST_CASE("a caller that vanishes ends its link", "[net]") {
  TestServer server(taking_links());
  const auto client = server.connect({.protocol = "chatd.federation.v1"});
  REQUIRE(wait_for<net::LinkOpened>(server, 1));
  client->stream().drop();
  REQUIRE(wait_for<net::LinkClosed>(server, 1));
  CHECK(events<net::LinkClosed>(server).at(0).why == "the connection broke off");
  CHECK(server.server().counters(0).links_open.read() == 0);
}

TEST_CASE("a link on which nothing comes ends", "[net]") {
  net::Options options = taking_links();
  options.timeouts.ping = 100ms;
  options.timeouts.hang_up = 300ms;
  TestServer server(std::move(options));
  const auto client = server.connect({.protocol = "chatd.federation.v1"});
  REQUIRE(wait_for<net::LinkClosed>(server, 1));
  CHECK(events<net::LinkClosed>(server).at(0).why == "it said nothing for too long");
}

TEST_CASE("nobody is led to an address inside by what a name server says", "[net]") {
  TestServer server(taking_links());
  NameServer names;
  names.hosts["inside.example"] = {"127.0.0.1"};
  names.hosts["both.example"] = {"127.0.0.9", "127.0.0.1"};
  TestCaller caller(server.cert().certificate, names.address());
  net::Place place = place_of(server);
  place.may_be_private = false;

  CHECK(caller.call(place).end() == "127.0.0.1 is no address of the public internet");
  place.host = "inside.example";
  CHECK(caller.call(place).end() == "127.0.0.1 is no address of the public internet");
  CHECK(caller.get(place, "/").error().message == "127.0.0.1 is no address of the public internet");
  place.host = "nowhere.example";
  CHECK_THAT(caller.call(place).end(), Contains("DNS: nowhere.example: "));
  CHECK(events<net::LinkOpened>(server).empty());

  // Each address is tried.
  place.may_be_private = true;
  place.host = "both.example";
  CHECK(caller.call(place).exporter());
}

TEST_CASE("targets of a service come in the order in which to try them", "[net]") {
  NameServer names;
  names.services["_chatd._tcp.one.example"] = {
      {20, 0, 1, "last.example"}, {10, 0, 2, "seldom.example"}, {10, 100, 3, "First.example"}};
  names.services["_chatd._tcp.none.example"] = {{0, 0, 0, ""}};
  TestCaller caller("", names.address());

  const auto services = caller.find_services("_chatd._tcp.one.example");
  REQUIRE(services);
  REQUIRE(services->size() == 3);
  CHECK(services->at(2).host == "last.example");
  CHECK(services->at(2).port == 1);
  for (const auto& service : *services) {
    CHECK(service.port == (service.host == "last.example"    ? 1
                           : service.host == "first.example" ? 3
                                                             : 2));
  }
  CHECK(caller.find_services("_chatd._tcp.none.example")->empty());
  CHECK(caller.find_services("_chatd._tcp.two.example").error().code == Code::not_found);
}

TEST_CASE("a page of another server is read over HTTPS", "[net]") {
  net::Options options;
  options.routes["/page"] = {[] { return net::HttpReply{200, "text/plain", "a page"}; }};
  options.routes["/empty"] = {[] { return net::HttpReply{200, "text/plain", ""}; }};
  options.routes["/book"] = {[] {
    return net::HttpReply{200, "text/plain", std::string(200'000, 'x')};
  }};
  TestServer server(std::move(options));
  TestCaller caller(server.cert().certificate);
  const net::Place place = place_of(server);

  CHECK(caller.get(place, "/page") == "a page");
  CHECK(caller.get(place, "/empty") == "");
  CHECK(caller.get(place, "/book").error().message == "its answer is too long");
  CHECK(caller.get(place, "/nothing").error().message == "it answers with status 404");
}
