// How files leave: in pieces, to slow readers, across a reload.

#include "tests/unit/net/test_server.hpp"
#include "tests/unit/net/web_root.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace chatd;
using namespace chatd::tests;
using namespace std::chrono_literals;

TEST_CASE("a long file comes whole to a slow reader, and so does the one after", "[net]") {
  WebRoot web;
  const std::string large = pattern(8'000'000);
  web.write("large.bin", large);
  TestServer server(web.options());
  const auto stream = server.stream();
  for (const std::uint64_t sent : {1U, 2U}) {
    stream->write("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(
        server.wait_until([&] { return server.server().counters(0).files_sent.read() == sent; }));
    CHECK((read_http(*stream).body == large));
  }
  CHECK(http(*stream, "GET", "/", "Connection: close\r\n").status == 200);
  CHECK(stream->read_to_end());
}

TEST_CASE("whoever sends on before a long file has left is turned away", "[net]") {
  WebRoot web;
  web.write("large.bin", pattern(30'000'000));
  net::Options options = web.options();
  options.listen = {{.address = "127.0.0.1", .port = 0, .is_tls = false}};
  TestServer server(std::move(options));
  const auto stream = Stream::open(server.port(), "");
  const std::string request = "GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n";
  stream->write(request);
  REQUIRE(server.wait_until([&] { return server.server().counters(0).files_sent.read() == 1; }));
  stream->write(request);
  CHECK(server.wait_until([&] { return server.server().open_connections() == 0; }));
  CHECK(server.server().counters(0).files_sent.read() == 1);
}

TEST_CASE("short files may be asked for all at once", "[net]") {
  WebRoot web;
  web.write("a.txt", "a");
  TestServer server(web.options());
  const auto stream = server.stream();
  const std::string request = "GET /a.txt HTTP/1.1\r\nHost: x\r\n\r\n";
  stream->write(request + request + request);
  for (int i = 0; i < 3; ++i) CHECK(read_http(*stream).body == "a");
}

TEST_CASE("a file for one who asks to close comes whole before the end", "[net]") {
  WebRoot web;
  const std::string large = pattern(3'000'000);
  web.write("large.bin", large);
  TestServer server(web.options());
  const auto stream = server.stream();
  CHECK((http(*stream, "GET", "/large.bin", "Connection: close\r\n").body == large));
  CHECK(stream->read_to_end());
}

TEST_CASE("whoever does not read a file is turned away, and costs no copy of it", "[net]") {
  WebRoot web;
  web.write("large.bin", pattern(30'000'000));
  net::Options options = web.options();
  options.timeouts.http_body = 200ms;
  const auto files = options.files;
  const auto& bytes = files->find("/large.bin")->bodies.back().bytes;
  TestServer server(std::move(options));
  std::vector<std::unique_ptr<Stream>> readers;
  for (int i = 0; i < 5; ++i) {
    readers.push_back(server.stream());
    readers.back()->write("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  CHECK(server.wait_until([&] { return bytes.use_count() == 6; }));
  CHECK(server.wait_until([&] { return server.server().counters(0).timed_out.read() == 5; }));
  CHECK(server.wait_until([&] { return server.server().open_connections() == 0; }));
  CHECK(bytes.use_count() == 1);
}

TEST_CASE("new files are served from one request to the next, begun ones to their end", "[net]") {
  WebRoot web;
  const std::string large = pattern(20'000'000);
  web.write("large.bin", large);
  net::Options options = web.options();
  options.io_threads = 2;
  TestServer server(std::move(options));
  const auto slow = server.stream();
  slow->write("GET /large.bin HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(server.wait_until([&] {
    return server.server().counters(0).files_sent.read() +
               server.server().counters(1).files_sent.read() ==
           1;
  }));
  const auto stream = server.stream();
  const std::string before = http(*stream, "GET", "/").headers.at("etag");

  web.write("index.html", "<title>new</title>");
  std::filesystem::remove(web.path() / "large.bin");
  CHECK(http(*stream, "GET", "/").body == "<title>chat</title>");
  server.on_loop([&, files = web.load()] { server.server().show(files); });

  REQUIRE(
      server.wait_until([&] { return http(*stream, "GET", "/").body == "<title>new</title>"; }));
  CHECK(http(*stream, "GET", "/", "If-None-Match: " + before + "\r\n").status == 200);
  CHECK(http(*stream, "GET", "/large.bin").status == 404);
  CHECK((read_http(*slow).body == large));

  server.on_loop([&] { server.server().show(nullptr); });
  REQUIRE(server.wait_until([&] {
    const auto other = server.stream();
    return http(*other, "GET", "/").status == 426;
  }));
}
