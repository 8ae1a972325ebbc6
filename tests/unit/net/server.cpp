#include "tests/unit/net/test_server.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>
#include <string>
#include <vector>

using namespace chatd;
using namespace chatd::tests;
using namespace std::chrono_literals;

namespace {

struct Deaf final : net::Sink {
  bool deliver(unsigned, std::vector<net::Inbound>&&) override { return true; }
};

// Why a server with these options can't be made; empty: it could.
std::string refusal(net::Options options) {
  Deaf deaf;
  const auto loop = *net::Loop::create();
  const auto server = net::Server::create(std::move(options), deaf, *loop);
  return server ? "" : server.error().message;
}

net::Options plain() {
  net::Options options;
  options.listen = {{.address = "127.0.0.1", .port = 0, .is_tls = false}};
  return options;
}

// Reloads with this certificate and returns the fingerprint that is told of it.
std::string renew(TestServer& server, const TestCert& cert) {
  Status status;
  std::string fingerprint;
  server.on_loop([&] {
    status = server.server().reload_tls({.certificate = cert.certificate, .key = cert.key});
    fingerprint = server.server().tls_info()->fingerprint;
  });
  REQUIRE(status);
  return fingerprint;
}

}  // namespace

TEST_CASE("a new certificate is for new clients, and old ones stay", "[net]") {
  TestServer server;
  const auto before = server.connect();
  const TestCert renewed = make_cert(server.folder().path(), "renewed");
  const std::string fingerprint = renew(server, renewed);

  const auto after = WsClient::open(server.port(), renewed.certificate);
  REQUIRE(after);
  CHECK(after->stream().fingerprint() == fingerprint);
  CHECK(before->stream().fingerprint() != fingerprint);
  before->send("still here");
  CHECK(before->read() == "still here");
  after->send("new here");
  CHECK(after->read() == "new here");
  CHECK_FALSE(server.connect());  // trusts the old one only
}

TEST_CASE("a new certificate may have a key of another kind", "[net]") {
  TestServer server;
  for (const bool is_rsa : {true, false}) {
    const TestCert renewed =
        make_cert(server.folder().path(), is_rsa ? "rsa" : "ec", {.is_rsa = is_rsa});
    const std::string fingerprint = renew(server, renewed);
    const auto after = Stream::open(server.port(), renewed.certificate);
    REQUIRE(after);
    CHECK(after->fingerprint() == fingerprint);
  }
}

TEST_CASE("a bad certificate is refused and the old one stays in use", "[net]") {
  TestServer server;
  const TestCert other = make_cert(server.folder().path(), "other");
  Status status;
  server.on_loop([&] {
    status =
        server.server().reload_tls({.certificate = server.cert().certificate, .key = other.key});
  });
  REQUIRE_FALSE(status);
  CHECK(status.error().message == "the key " + other.key + " does not belong to the certificate " +
                                      server.cert().certificate);
  CHECK(server.connect()->is_open());
}

TEST_CASE("connections are shared among I/O threads and reach each other", "[net]") {
  net::Options options;
  options.io_threads = 2;
  TestServer server(options);
  std::vector<std::unique_ptr<WsClient>> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(server.connect());
  REQUIRE(server.wait_for_guests(8));
  std::set<unsigned> threads;
  for (const Guest& guest : server.opened()) threads.insert(guest.session.io_thread());
  CHECK(threads == std::set<unsigned>{0, 1});

  for (int i = 0; i < 8; ++i) {
    clients[static_cast<std::size_t>(i)]->send(std::to_string(i));
    CHECK(clients[static_cast<std::size_t>(i)]->read() == std::to_string(i));
  }
  const wire::Packet packet = wire::Packet::text("to all");
  for (const Guest& guest : server.opened()) {
    std::vector<net::Outbound> batch;
    batch.push_back(net::Send{guest.session, packet, wire::Delivery::live});
    server.post(guest.session, std::move(batch));
  }
  for (const auto& client : clients) CHECK(client->read() == "to all");

  clients.clear();
  CHECK(server.wait_for_farewells(8));
  CHECK(server.wait_until([&] { return server.server().open_connections() == 0; }));
}

TEST_CASE("a certificate reaches every I/O thread", "[net]") {
  net::Options options;
  options.io_threads = 2;
  TestServer server(options);
  const TestCert renewed = make_cert(server.folder().path(), "renewed");
  server.on_loop([&] {
    (void)server.server().reload_tls({.certificate = renewed.certificate, .key = renewed.key});
  });
  // Two in a row go to two threads; the other thread may still have its old one for a moment.
  int in_a_row = 0;
  REQUIRE(server.wait_until([&] {
    in_a_row = Stream::open(server.port(), renewed.certificate) ? in_a_row + 1 : 0;
    return in_a_row == 4;
  }));
}

TEST_CASE("the number of connections is bounded in total", "[net]") {
  net::Options options;
  options.max_connections = 3;
  TestServer server(options);
  const auto first = server.connect();
  const auto second = server.connect();
  const auto third = server.connect();
  CHECK_FALSE(server.stream());
  CHECK(server.server().accept_counters().refused_total.read() == 1);

  second->stream().drop();
  REQUIRE(server.wait_until([&] { return server.server().open_connections() == 2; }));
  CHECK(server.connect()->is_open());
}

TEST_CASE("the number of connections is bounded per address", "[net]") {
  net::Options options;
  options.access.max_per_address = 2;
  TestServer server(options);
  const auto first = server.connect();
  const auto second = server.connect();
  CHECK_FALSE(server.stream());
  CHECK(server.server().accept_counters().refused_per_address.read() == 1);
  CHECK(first->send("hello"));
  CHECK(first->read() == "hello");
}

TEST_CASE("who listens on all IPv6 addresses is reached over IPv4, as an IPv4 address", "[net]") {
  net::Options options;
  options.listen = {{.address = "::"}};
  net::Options loopback = plain();
  loopback.listen[0].address = "::1";
  if (!refusal(loopback).empty()) {
    WARN("this machine has no IPv6");
    return;
  }
  options.access.max_per_address = 1;
  TestServer server(options);
  const auto romeo = server.connect();  // to 127.0.0.1
  REQUIRE(romeo);
  CHECK(romeo->is_open());
  REQUIRE(server.wait_for_guests(1));
  CHECK(server.opened()[0].peer == "127.0.0.1");
  CHECK_FALSE(server.connect());
}

TEST_CASE("too many half-open connections keep nobody out: the oldest goes", "[net]") {
  net::Options options;
  options.max_unfinished = 4;
  options.timeouts.handshake = 1h;
  TestServer server(options);
  std::vector<std::unique_ptr<Stream>> silent;
  for (int i = 0; i < 10; ++i) silent.push_back(Stream::open(server.port(), ""));

  const auto honest = server.connect();
  REQUIRE(honest);
  honest->send("hello");
  CHECK(honest->read() == "hello");

  CHECK(silent.front()->read_to_end());
  CHECK(server.server().counters(0).crowded_out.read() == 7);
  CHECK(server.wait_until([&] { return server.server().open_connections() == 4; }));
}

TEST_CASE("one address has few half-open connections, and room again when one ends", "[net]") {
  net::Options options;
  options.max_unfinished_per_address = 2;
  options.timeouts.handshake = 1h;
  TestServer server(options);
  const auto first = Stream::open(server.port(), "");
  const auto second = Stream::open(server.port(), "");
  REQUIRE(server.wait_until([&] { return server.server().open_connections() == 2; }));
  CHECK_FALSE(server.stream());
  CHECK(server.server().accept_counters().refused_per_address.read() == 1);

  first->drop();
  REQUIRE(server.wait_until([&] { return server.server().open_connections() == 1; }));
  CHECK(server.connect()->is_open());
  CHECK(server.connect()->is_open());
}

TEST_CASE("draining says goodbye to everybody and lets nobody in", "[net]") {
  TestServer server;
  const auto romeo = server.connect();
  const auto waiting = server.stream();
  REQUIRE(server.wait_for_guests(1));
  std::vector<net::Outbound> batch;
  const SessionId session = server.opened()[0].session;
  batch.push_back(net::Send{session, wire::Packet::text("server.draining")});
  // As the core does it, on the loop: what other threads post comes when it comes.
  server.on_loop([&] {
    REQUIRE(server.server().post(session.io_thread(), std::move(batch)));
    server.server().stop_accepting();
    server.server().close_all(1001, "the server restarts");
  });

  CHECK(romeo->read_frame()->payload == "server.draining");
  const auto close = romeo->read_frame();
  REQUIRE(close);
  CHECK(close->close_code() == 1001);
  CHECK(close->close_reason() == "the server restarts");
  romeo->send_frame(*close);
  CHECK(romeo->stream().read_to_end());
  CHECK(waiting->read_to_end());
  CHECK(server.wait_until([&] { return server.server().open_connections() == 0; }));
  CHECK_FALSE(server.stream());
}

TEST_CASE("a server goes down with everything still open", "[net]") {
  const TempFolder folder;
  net::Options options;
  options.io_threads = 2;
  options.control_socket = (folder.path() / "control.sock").string();
  auto server = std::make_unique<TestServer>(options, [](SessionId, const std::string&) {});
  const auto half_open = Stream::open(server->port(), "");
  const auto silent = server->stream();
  const auto romeo = server->connect();
  const auto juliet = server->connect();
  juliet->send_frame({.opcode = Frame::text, .is_final = false, .payload = "begun"});
  const auto poll = server->stream();
  poll->write(
      "POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Content-Length: 2\r\n\r\n{}");
  const auto admin = Stream::open_unix(options.control_socket);
  REQUIRE(server->wait_for_guests(4));
  for (const Guest& guest : server->opened())
    for (int i = 0; i < 40; ++i) server->send(guest.session, std::string(100'000, 'x'));

  server.reset();

  CHECK(half_open->read_to_end());
  CHECK(romeo->stream().read_to_end());
  CHECK(poll->read_to_end());
  CHECK(admin->read_to_end());
}

TEST_CASE("options that can't work are refused in words", "[net]") {
  net::Options options = plain();
  options.io_threads = 0;
  CHECK(refusal(options) == "io_threads is 0, but must be 1 to 64");

  options = plain();
  options.listen[0].address = "0.0.0.0";
  CHECK(refusal(options) == "0.0.0.0:0 without TLS: only loopback addresses may do that");

  options = plain();
  options.listen[0].address = "localhost";
  CHECK(refusal(options) == "\"localhost\" is not a numeric IP address");

  options = plain();
  options.max_connections = 20'000'000;
  CHECK(refusal(options) == "max_connections is 20000000, which is too many");

  TestServer server(plain());
  options = plain();
  options.listen[0].port = server.port();
  CHECK(refusal(options).find("can't listen on 127.0.0.1:" + std::to_string(server.port())) == 0);
}

TEST_CASE("a certificate that can't serve is refused in words", "[net]") {
  const TempFolder folder;
  const auto path = [&](const char* name) { return (folder.path() / name).string(); };
  const TestCert good = make_cert(folder.path(), "good");
  const auto load = [](const std::string& certificate, const std::string& key) {
    const auto loaded = net::TlsIdentity::load({.certificate = certificate, .key = key});
    return loaded ? std::string() : loaded.error().message;
  };
  CHECK(load(good.certificate, good.key).empty());
  CHECK(load(path("none"), good.key) ==
        "can't read the certificate " + path("none") + ": No such file or directory");
  CHECK(load(good.certificate, path("none")) ==
        "can't read the key " + path("none") + ": No such file or directory");
  std::ofstream(path("junk")) << "junk";
  CHECK(load(path("junk"), good.key).find("holds no PEM certificate") != std::string::npos);
  CHECK(load(good.certificate, path("junk")).find("holds no PEM key") != std::string::npos);
  const TestCert old = make_cert(folder.path(), "old", {.valid_from = -48h, .valid_until = -24h});
  CHECK(load(old.certificate, old.key).find(" expired on 20") != std::string::npos);
  const TestCert early = make_cert(folder.path(), "early", {.valid_from = 24h});
  CHECK(load(early.certificate, early.key).find(" is not valid before 20") != std::string::npos);
}

TEST_CASE("TLS 1.2 prefers AES-128 and ends with AES-256", "[net]") {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()),
                                                                  &SSL_CTX_free);
  REQUIRE(net::configure_tls(context.get()));
  std::vector<std::string> names;
  const STACK_OF(SSL_CIPHER)* const ciphers = SSL_CTX_get_ciphers(context.get());
  for (int i = 0; i < sk_SSL_CIPHER_num(ciphers); ++i) {
    const std::string name = SSL_CIPHER_get_name(sk_SSL_CIPHER_value(ciphers, i));
    if (!name.starts_with("TLS_")) names.push_back(name);  // those are of TLS 1.3
  }
  REQUIRE(names.size() == 6);
  CHECK(names.front() == "ECDHE-ECDSA-AES128-GCM-SHA256");
  CHECK(names.back() == "ECDHE-RSA-AES256-GCM-SHA384");
}

TEST_CASE("pongs do not put off the end", "[net]") {
  net::Options options;
  options.timeouts.closing = 300ms;
  options.behind = wire::Packet::text("behind");
  TestServer server(std::move(options));
  const auto client = server.connect();
  REQUIRE(server.wait_for_guests(1));
  const SessionId session = server.opened()[0].session;
  SECTION("of who takes nothing of what was sent before") {
    const std::string text(60'000, 'x');
    while (server.server().counters(0).fell_behind.read() == 0)
      server.send(session, text, wire::Delivery::live);
  }
  SECTION("of who does not agree to it") {}
  std::vector<net::Outbound> batch;
  batch.emplace_back(net::Close{session, 1000, "that is all"});
  server.post(session, std::move(batch));

  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (server.server().open_connections() > 0 && std::chrono::steady_clock::now() < deadline)
    client->send_frame({.opcode = Frame::pong, .payload = "here"});
  CHECK(server.server().open_connections() == 0);
}

TEST_CASE("a certificate tells who it is", "[net]") {
  const TempFolder folder;
  const TestCert cert = make_cert(folder.path(), "cert", {.common_name = "chat.example"});
  const auto identity = net::TlsIdentity::load({.certificate = cert.certificate, .key = cert.key});
  REQUIRE(identity);
  const net::TlsInfo& info = (*identity)->info();
  CHECK(info.subject == "CN = chat.example");
  CHECK(info.issuer == "CN = chat.example");
  CHECK(info.names == std::vector<std::string>{"localhost", "127.0.0.1", "::1"});
  CHECK(info.not_after_ms - info.not_before_ms == 25 * 3600 * 1000);
  CHECK(info.fingerprint.size() == 64);
}
