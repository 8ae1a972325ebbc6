#include "tests/unit/net/test_server.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace chatd;
using namespace chatd::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kJson = "Content-Type: application/json\r\n";

net::Options with_pages() {
  net::Options options;
  options.routes["/healthz"] = {[] { return net::HttpReply{200, "text/plain", "ok\n"}; }, false};
  options.routes["/.well-known/chatd"] = {[] { return net::HttpReply{.body = "{}"}; }, true};
  options.routes["/large"] = {
      [] {
        return net::HttpReply{200, "text/plain", std::string(20'000'000, 'x')};
      },
      false};
  options.access.allowed_origins = {"https://web.example"};
  return options;
}

// Nothing is answered before the test says so.
void answer_nothing(SessionId, const std::string&) {}

}  // namespace

TEST_CASE("pages are served, again and again on one connection", "[net]") {
  TestServer server(with_pages());
  const auto stream = server.stream();
  for (int i = 0; i < 3; ++i) {
    const auto answer = http(*stream, "GET", "/healthz?verbose=1");
    CHECK(answer.status == 200);
    CHECK(answer.headers.at("content-type") == "text/plain");
    CHECK(answer.body == "ok\n");
  }
  const auto head = http(*stream, "HEAD", "/healthz");
  CHECK(head.headers.at("content-length") == "3");
  CHECK(http(*stream, "GET", "/healthz").body == "ok\n");
  CHECK(http(*stream, "GET", "/healthz", "", "body").body == "ok\n");
  CHECK(http(*stream, "GET", "/healthz", "Connection: close\r\n").body == "ok\n");
  CHECK(stream->read_to_end());
  CHECK(server.opened().empty());
}

TEST_CASE("what is not served is refused in words", "[net]") {
  struct Case {
    std::string method;
    std::string path;
    std::string headers;
    int status;
  };
  const auto [method, path, headers, status] = GENERATE(values<Case>({
      {"GET", "/nothing", "", 404},
      {"GET", "/ws", "", 426},
      {"POST", "/healthz", "Content-Length: 2\r\n", 405},
      {"DELETE", "/healthz", "", 405},
      {"GET", "/rpc", "", 405},
      {"PUT", "/rpc", "Content-Length: 2\r\n", 405},
      {"POST", "/rpc", std::string(kJson), 411},
      {"POST", "/rpc", std::string(kJson) + "Transfer-Encoding: chunked\r\n", 411},
      {"POST", "/rpc", std::string(kJson) + "Content-Length: -1\r\n", 400},
      {"POST", "/rpc", std::string(kJson) + "Content-Length: 524289\r\n", 413},
      {"POST", "/rpc", std::string(kJson) + "Content-Length: 99999999999999999999\r\n", 400},
      {"POST", "/rpc", "Content-Type: text/plain\r\nContent-Length: 2\r\n", 415},
      {"POST", "/rpc", std::string(kJson) + "Origin: https://evil.example\r\nContent-Length: 2\r\n",
       403},
      {"POST", "/rpc",
       std::string(kJson) + "Content-Length: 2\r\nAuthorization: Bearer " +
           std::string(5'000, 'x') + "\r\n",
       431},
  }));
  TestServer server(with_pages());
  const auto stream = server.stream();
  const auto answer = http(*stream, method, path, headers);
  CHECK(answer.status == status);
  CHECK(answer.headers.at("content-type") == "application/json");
  CHECK(answer.body.find("\"message\":\"") != std::string::npos);
  CHECK(stream->read_to_end());
  CHECK(server.opened().empty());
}

TEST_CASE("POST /rpc is a session with one request and one answer", "[net]") {
  TestServer server;
  const auto stream = server.stream();
  const auto first = http(*stream, "POST", "/rpc",
                          std::string(kJson) + "Authorization: Bearer secret\r\n", R"({"id":1})");
  CHECK(first.status == 200);
  CHECK(first.body == R"({"id":1})");
  const auto second = http(*stream, "POST", "/rpc", kJson, R"({"id":2})");
  CHECK(second.body == R"({"id":2})");

  REQUIRE(server.wait_for_farewells(2));
  const auto guests = server.opened();
  REQUIRE(guests.size() == 2);
  CHECK(guests[0].kind == net::Kind::http);
  CHECK(guests[0].bearer == "secret");
  CHECK(guests[0].peer == "127.0.0.1");
  CHECK(guests[1].bearer.empty());
  CHECK(guests[0].session != guests[1].session);
  CHECK(server.server().counters(0).https_open.read() == 0);
}

TEST_CASE("a request of 512 KiB passes, also from a client that asks first", "[net]") {
  TestServer server;
  const auto stream = server.stream();
  const std::string large(512 * 1024, 'x');
  const auto answer = http(*stream, "POST", "/rpc", kJson, large);
  CHECK((answer.body == large));

  stream->write("POST /rpc HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n" +
                std::string(kJson) + "\r\n");
  CHECK(stream->read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  stream->write("{}");
  CHECK(read_http(*stream).body == "{}");
}

TEST_CASE("a long poll is answered when there is something to say", "[net]") {
  TestServer server({}, answer_nothing);
  const auto stream = server.stream();
  stream->write("POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" + std::string(kJson) +
                "\r\n{}");
  REQUIRE(server.wait_until([&] { return server.received().size() == 1; }));
  stream->set_patience(100ms);
  CHECK_FALSE(stream->read_some());

  stream->set_patience(20s);
  const SessionId session = server.opened()[0].session;
  server.send(session, "live packets are not for it", wire::Delivery::live);
  server.send(session, "news");
  server.send(session, "nobody hears this");
  CHECK(read_http(*stream).body == "news");
  CHECK(server.wait_for_farewells(1));
}

TEST_CASE("a long poll ends when the client goes, time is up or the core closes it", "[net]") {
  net::Options options;
  options.timeouts.http_answer = 200ms;
  TestServer server(options, answer_nothing);
  const std::string request =
      "POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" + std::string(kJson) + "\r\n{}";
  const auto gone = server.stream();
  gone->write(request);
  REQUIRE(server.wait_for_guests(1));
  gone->drop();
  CHECK(server.wait_for_farewells(1));

  const auto patient = server.stream();
  patient->write(request);
  const auto timeout = read_http(*patient);
  CHECK(timeout.status == 504);
  CHECK(server.wait_for_farewells(2));
  const auto again = http(*patient, "GET", "/");
  CHECK(again.status == 426);

  const auto dismissed = server.stream();
  dismissed->write(request);
  REQUIRE(server.wait_for_guests(3));
  std::vector<net::Outbound> batch;
  batch.push_back(net::Close{.session = server.opened()[2].session, .reason = ""});
  server.post(server.opened()[2].session, std::move(batch));
  CHECK(read_http(*dismissed).status == 503);
  CHECK(dismissed->read_to_end());
}

TEST_CASE("a second request before the answer ends the connection", "[net]") {
  TestServer server({}, answer_nothing);
  const auto stream = server.stream();
  const std::string request =
      "POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" + std::string(kJson) + "\r\n{}";
  stream->write(request);
  REQUIRE(server.wait_for_guests(1));
  stream->write(request);
  CHECK(stream->read_to_end());
  CHECK(server.wait_for_farewells(1));
  CHECK(server.opened().size() == 1);
}

TEST_CASE("a slow reader gets the whole of a long answer", "[net]") {
  TestServer server({}, [&](SessionId, const std::string&) {});
  const auto stream = server.stream();
  stream->write("POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n" + std::string(kJson) +
                "\r\n{}");
  REQUIRE(server.wait_for_guests(1));
  const std::string large(20'000'000, 'x');
  server.send(server.opened()[0].session, large);
  REQUIRE(server.wait_for_farewells(1));
  const auto answer = read_http(*stream);
  CHECK((answer.body == large));
  CHECK(http(*stream, "GET", "/").status == 426);
}

TEST_CASE("a long page is served whole and then the connection ends", "[net]") {
  TestServer server(with_pages());
  const auto stream = server.stream();
  const auto answer = http(*stream, "GET", "/large");
  CHECK(answer.body.size() == 20'000'000);
}

TEST_CASE("whoever is slow with a request or idle after one is turned away", "[net]") {
  net::Options options;
  options.timeouts.http_body = 200ms;
  options.timeouts.http_idle = 200ms;
  TestServer server(options);
  const auto slow = server.stream();
  slow->write("POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n" + std::string(kJson) +
              "\r\nbegun");
  const auto idle = server.stream();
  CHECK(http(*idle, "POST", "/rpc", kJson, "{}").status == 200);
  CHECK(slow->read_to_end());
  CHECK(idle->read_to_end());
  CHECK(server.opened().size() == 1);
}

TEST_CASE("browsers are told which pages may read and post", "[net]") {
  TestServer server(with_pages());
  const auto stream = server.stream();
  const std::string origin = "Origin: https://web.example\r\n";
  const auto preflight = http(*stream, "OPTIONS", "/rpc", origin);
  CHECK(preflight.status == 204);
  CHECK(preflight.headers.at("access-control-allow-origin") == "https://web.example");
  CHECK(preflight.headers.at("access-control-allow-headers") == "Authorization, Content-Type");
  CHECK(http(*stream, "POST", "/rpc", std::string(kJson) + origin, "{}")
            .headers.at("access-control-allow-origin") == "https://web.example");
  CHECK(http(*stream, "GET", "/.well-known/chatd", origin)
            .headers.at("access-control-allow-origin") == "https://web.example");
  CHECK(http(*stream, "GET", "/.well-known/chatd", "Origin: https://evil.example\r\n")
            .headers.count("access-control-allow-origin") == 0);
  CHECK(http(*stream, "GET", "/healthz", origin).headers.count("access-control-allow-origin") == 0);
}

TEST_CASE("a page for this machine is not there for whom a proxy brings", "[net]") {
  net::Options options;
  options.listen = {{.address = "127.0.0.1", .port = 0, .is_tls = false, .is_behind_proxy = true},
                    {.address = "127.0.0.1", .port = 0}};
  options.routes["/metrics"] = {[] { return net::HttpReply{.body = "{}"}; }, false, true};
  TestServer server(options);
  for (const std::size_t door : {std::size_t{0}, std::size_t{1}}) {
    const auto open = [&] {
      return Stream::open(server.port(door), door == 0 ? "" : server.cert().certificate);
    };
    CHECK(http(*open(), "GET", "/metrics").status == 200);
    CHECK(http(*open(), "GET", "/metrics", "X-Forwarded-For: 10.9.9.9\r\n").status == 404);
    CHECK(http(*open(), "GET", "/metrics", "X-Forwarded-For: 127.0.0.1\r\n").status == 404);
  }
}

TEST_CASE("behind a proxy the client's address is what the proxy says", "[net]") {
  net::Options options;
  options.listen = {{.address = "127.0.0.1", .port = 0, .is_tls = false, .is_behind_proxy = true},
                    {.address = "127.0.0.1", .port = 0, .is_tls = false}};
  options.access.max_per_address = 1;
  TestServer server(options);
  const std::string forwarded = "X-Forwarded-For: 10.9.9.9, 2001:db8::7\r\n";
  const auto first = WsClient::open(server.port(0), "", {.headers = forwarded});
  const auto second = WsClient::open(server.port(0), "", {.headers = forwarded});
  REQUIRE(first);
  REQUIRE(second);
  CHECK(second->is_open());
  CHECK(server.opened()[0].peer == "2001:db8::7");

  const auto direct = Stream::open(server.port(1), "");
  CHECK(http(*direct, "POST", "/rpc", std::string(kJson) + forwarded, "{}").status == 200);
  CHECK(server.opened()[2].peer == "127.0.0.1");
}
