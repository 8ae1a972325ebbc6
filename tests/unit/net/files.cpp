#include "tests/unit/net/test_server.hpp"
#include "tests/unit/net/web_root.hpp"

#include <map>
#include <string>
#include <vector>

using namespace chatd;
using namespace chatd::tests;

namespace {

const std::string kPage = "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\n";
const std::string kScript = "/assets/index-Bq3x_9aZ.js";

}  // namespace

TEST_CASE("a browser gets the page and what belongs to it, on one connection", "[net]") {
  WebRoot web;
  web.write("sw.js", "self.onfetch = null;");
  web.write("manifest.webmanifest", "{}");
  web.write("assets/logo-0123abcd.svg", "<svg/>");
  web.write("assets/sound.xyz", "?");
  TestServer server(web.options());
  const auto stream = server.stream();
  struct Case {
    std::string path, type, body;
  };
  for (const auto& [path, type, body] :
       std::vector<Case>{{"/", "text/html; charset=utf-8", "<title>chat</title>"},
                         {"/?from=mail", "text/html; charset=utf-8", "<title>chat</title>"},
                         {"/index.html", "text/html; charset=utf-8", "<title>chat</title>"},
                         {"/sw.js", "text/javascript; charset=utf-8", "self.onfetch = null;"},
                         {"/manifest.webmanifest", "application/manifest+json", "{}"},
                         {"/assets/logo-0123abcd.svg", "image/svg+xml", "<svg/>"},
                         {"/assets/sound.xyz", "application/octet-stream", "?"}}) {
    CAPTURE(path);
    const auto answer = http(*stream, "GET", path);
    CHECK(answer.status == 200);
    CHECK(answer.headers.at("content-type") == type);
    CHECK(answer.body == body);
  }
  CHECK(server.server().counters(0).files_sent.read() == 7);
  CHECK(server.opened().empty());
}

TEST_CASE("a page may load from its own server only, and nobody may frame it", "[net]") {
  WebRoot web;
  web.write("assets/index-Bq3x_9aZ.js", "1");
  TestServer server(web.options());
  const auto stream = server.stream();
  for (const std::string& path : {std::string("/"), kScript}) {
    const auto headers = http(*stream, "GET", path).headers;
    const std::string policy = headers.at("content-security-policy");
    for (const char* directive :
         {"default-src 'self'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
          "worker-src 'self'", "img-src 'self' data: blob:", "object-src 'none'", "base-uri 'none'",
          "form-action 'self'", "frame-ancestors 'none'"})
      CHECK((policy + ";").find(std::string(directive) + ";") != std::string::npos);
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(headers.at("x-content-type-options") == "nosniff");
    CHECK(headers.at("referrer-policy") == "no-referrer");
    CHECK(headers.at("cross-origin-opener-policy") == "same-origin");
    CHECK(headers.at("cross-origin-resource-policy") == "same-origin");
    CHECK(headers.at("permissions-policy").find("microphone=()") != std::string::npos);
    CHECK(headers.at("strict-transport-security") == "max-age=31536000");
    CHECK(headers.count("access-control-allow-origin") == 0);
  }
}

TEST_CASE("without TLS nobody is told to insist on it", "[net]") {
  WebRoot web;
  net::Options options = web.options();
  options.listen = {{.address = "127.0.0.1", .port = 0, .is_tls = false}};
  TestServer server(std::move(options));
  const auto stream = Stream::open(server.port(), "");
  const auto answer = http(*stream, "GET", "/");
  CHECK(answer.status == 200);
  CHECK(answer.headers.count("strict-transport-security") == 0);
}

TEST_CASE("a file with a hash in its name is kept for a year, any other is asked for", "[net]") {
  WebRoot web;
  const std::string year = "public, max-age=31536000, immutable";
  const std::map<std::string, std::string> expected = {
      {"index.html", "no-cache"},
      {"sw.js", "no-cache"},
      {"index-Bq3x_9aZ.js", "no-cache"},
      {"assets/index-Bq3x_9aZ.js", year},
      {"assets/a/style-9a--_-zZ.css", year},
      {"assets/font-DEADBEEF.woff2", year},
      {"assets/user-settings.js", "no-cache"},
      {"assets/index-Bq3x_9a.js", "no-cache"},
      {"assets/index-Bq3x 9aZ.js", "no-cache"},
      {"assets/Bq3x_9aZ.js", "no-cache"},
      {"assets/app.js", "no-cache"},
  };
  for (const auto& [name, unused] : expected) web.write(name, name);
  const auto files = web.load();
  for (const auto& [name, cached] : expected) {
    CAPTURE(name);
    REQUIRE(files->find("/" + name) != nullptr);
    CHECK(files->find("/" + name)->is_immutable == (cached == year));
  }
  TestServer server(web.options());
  const auto stream = server.stream();
  CHECK(http(*stream, "GET", "/").headers.at("cache-control") == "no-cache");
  CHECK(http(*stream, "GET", kScript).headers.at("cache-control") == year);
}

TEST_CASE("a browser gets the most compact form that it takes", "[net]") {
  WebRoot web;
  const std::string text = pattern(30'000);
  web.write_packed("app.js", text);
  TestServer server(web.options());
  const auto stream = server.stream();
  struct Case {
    std::string accepted, coding;
  };
  for (const auto& [accepted, coding] :
       std::vector<Case>{{"Accept-Encoding: gzip, deflate, br\r\n", "br"},
                         {"Accept-Encoding: gzip\r\n", "gzip"},
                         {"Accept-Encoding: br;q=0, gzip;q=0.5\r\n", "gzip"},
                         {"Accept-Encoding: *\r\n", "br"},
                         {"Accept-Encoding: *;q=0.000, GZIP\r\n", "gzip"},
                         {"Accept-Encoding: identity\r\n", ""},
                         {"Accept-Encoding: \r\n", ""},
                         {"", ""}}) {
    CAPTURE(accepted);
    const auto answer = http(*stream, "GET", "/app.js", accepted);
    CHECK((answer.headers.count("content-encoding") == 0
               ? ""
               : answer.headers.at("content-encoding")) == coding);
    CHECK((answer.body == (coding == "br" ? brotli(text) : coding == "gzip" ? gzip(text) : text)));
    CHECK(answer.headers.at("content-type") == "text/javascript; charset=utf-8");
    CHECK(answer.headers.at("vary") == "Accept-Encoding");
  }
  CHECK(http(*stream, "GET", "/").headers.count("vary") == 0);
}

TEST_CASE("a file that the browser has already is not sent again", "[net]") {
  WebRoot web;
  web.write_packed("app.js", pattern(5'000));
  TestServer server(web.options());
  const auto stream = server.stream();
  const auto tag = [&](const std::string& accepted) {
    return http(*stream, "GET", "/app.js", accepted).headers.at("etag");
  };
  const std::string plain = tag("");
  const std::string packed = tag("Accept-Encoding: br\r\n");
  CHECK(plain != packed);
  CHECK(plain.front() == '"');

  for (const std::string& known : {plain, "W/" + plain, "\"other\", " + plain, std::string("*")}) {
    CAPTURE(known);
    const auto answer = http(*stream, "GET", "/app.js", "If-None-Match: " + known + "\r\n");
    CHECK(answer.status == 304);
    CHECK(answer.body.empty());
    CHECK(answer.headers.at("etag") == plain);
    CHECK(answer.headers.at("cache-control") == "no-cache");
    CHECK(answer.headers.at("vary") == "Accept-Encoding");
    CHECK(answer.headers.count("content-type") == 0);
  }
  for (const std::string& unknown : {std::string("\"x\""), packed, std::string("junk")}) {
    CAPTURE(unknown);
    CHECK(http(*stream, "GET", "/app.js", "If-None-Match: " + unknown + "\r\n").status == 200);
  }
}

TEST_CASE("HEAD tells of a file what GET would, without the file", "[net]") {
  WebRoot web;
  web.write("large.bin", pattern(300'000));
  TestServer server(web.options());
  const auto stream = server.stream();
  auto got = http(*stream, "GET", "/large.bin").headers;
  CHECK(http(*stream, "HEAD", "/large.bin").headers == got);
  CHECK(http(*stream, "HEAD", "/none.bin").status == 404);
  CHECK(http(*stream, "GET", "/").status == 200);
}

TEST_CASE("files can only be read, and ranges of them are answered whole", "[net]") {
  WebRoot web;
  TestServer server(web.options());
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    CAPTURE(method);
    const auto stream = server.stream();
    const auto answer = http(*stream, method, "/index.html", "Content-Length: 0\r\n");
    CHECK(answer.status == 405);
    CHECK(answer.headers.at("allow") == "GET, HEAD");
  }
  const auto stream = server.stream();
  const auto answer = http(*stream, "GET", "/", "Range: bytes=0-3\r\n");
  CHECK(answer.status == 200);
  CHECK(answer.body == "<title>chat</title>");
}

TEST_CASE("a place inside the client is its page, a file that is missing is none", "[net]") {
  WebRoot web;
  TestServer server(web.options());
  const auto stream = server.stream();
  const auto place = http(*stream, "GET", "/rooms/7", kPage);
  CHECK(place.status == 200);
  CHECK(place.body == "<title>chat</title>");
  CHECK(place.headers.at("cache-control") == "no-cache");
  CHECK(http(*stream, "GET", "/rooms/", kPage).status == 200);
  CHECK(http(*stream, "GET", "/rooms/7", "Accept: */*\r\n").status == 404);
  CHECK(http(*stream, "GET", "/rooms/7", "Accept: text/html;q=0\r\n").status == 404);
  CHECK(http(*stream, "GET", "/rooms/7").status == 404);
  const auto missing = http(*stream, "GET", "/assets/index-old00000.js", kPage);
  CHECK(missing.status == 404);
  CHECK(missing.headers.at("cache-control") == "no-store");
  CHECK(http(*stream, "GET", "/").status == 200);
}

TEST_CASE("no path leads out of the folder, or to what is hidden in it", "[net]") {
  WebRoot outside;
  outside.write("secret.txt", "secret");
  WebRoot web;
  web.write(".git/config", "secret");
  web.write("assets/.env", "secret");
  web.write(".well-known/assetlinks.json", "[]");
  TestServer server(web.options());
  const std::string out = outside.path().filename().string() + "/secret.txt";
  std::vector<std::string> paths = {"/../" + out,
                                    "/assets/../../" + out,
                                    "/%2e%2e/" + out,
                                    "/..%2f" + out,
                                    "/%2e%2e%2f%2e%2e%2f" + out,
                                    "/assets/%2e%2e/%2e%2e/" + out,
                                    "/..%5c" + out,
                                    "/%252e%252e/" + out,
                                    "//" + outside.path().string() + "/secret.txt",
                                    outside.path().string() + "/secret.txt",
                                    "/index.html%00.js",
                                    "/index.html/",
                                    "/index.html/../../" + out,
                                    "/.git/config",
                                    "/%2egit/config",
                                    "/assets/.env",
                                    "/%c0%ae%c0%ae/" + out,
                                    "/" + std::string(3'000, 'x'),
                                    "/" + std::string(3'000, '/') + "x"};
  for (const std::string& path : paths) {
    CAPTURE(path);
    const auto stream = server.stream();
    const auto answer = http(*stream, "GET", path);
    CHECK((answer.status == 0 || answer.status / 100 == 4));
    CHECK(answer.body.find("secret") == std::string::npos);
  }
  const auto stream = server.stream();
  CHECK(http(*stream, "GET", "/.well-known/assetlinks.json").body == "[]");
  CHECK(http(*stream, "GET", "/assets/../index.html").status == 200);
  CHECK(http(*stream, "GET", "/%00").body != "secret");
}

TEST_CASE("a head that is too long is refused, and others are served on", "[net]") {
  WebRoot web;
  TestServer server(web.options());
  const auto greedy = server.stream();
  const auto answer = http(*greedy, "GET", "/" + std::string(20'000, 'x'));
  CHECK((answer.status == 0 || answer.status / 100 == 4));
  const auto stream = server.stream();
  CHECK(http(*stream, "GET", "/").status == 200);
}

TEST_CASE("files with odd names are found by their names", "[net]") {
  WebRoot web;
  const std::map<std::string, std::string> url_by_name = {
      {"with space.txt", "/with%20space.txt"}, {"\xc3\xbc.txt", "/%C3%BC.txt"},
      {"100%25.txt", "/100%2525.txt"},         {"quote\".txt", "/quote%22.txt"},
      {"deep/er/x.txt", "/deep/er/x.txt"},     {"UPPER.TXT", "/UPPER.TXT"},
  };
  for (const auto& [name, url] : url_by_name) web.write(name, name);
  TestServer server(web.options());
  const auto stream = server.stream();
  for (const auto& [name, url] : url_by_name) {
    CAPTURE(name);
    CHECK(http(*stream, "GET", url).body == name);
  }
}

TEST_CASE("the server's own paths come before files of that name", "[net]") {
  WebRoot web;
  for (const char* name : {"rpc", "ws", "metrics", "healthz"}) web.write(name, "file");
  net::Options options = web.options();
  options.listen = {{.address = "127.0.0.1", .port = 0, .is_tls = false, .is_behind_proxy = true}};
  options.routes["/healthz"] = {[] { return net::HttpReply{200, "text/plain", "ok\n"}; }, false};
  options.routes["/metrics"] = {[] { return net::HttpReply{.body = "{}"}; }, false, true};
  TestServer server(std::move(options));
  const auto get = [&](const std::string& path, const std::string& headers = kPage) {
    return http(*Stream::open(server.port(), ""), "GET", path, headers);
  };
  CHECK(get("/rpc").status == 405);
  CHECK(get("/ws").status == 426);
  CHECK(get("/healthz").body == "ok\n");
  CHECK(get("/metrics").body == "{}");
  CHECK(get("/metrics", kPage + "X-Forwarded-For: 10.9.9.9\r\n").status == 404);

  const std::string port = std::to_string(server.port());
  for (const char* path : {"/ws", "/"}) {
    const auto client = WsClient::open(server.port(), "", {.path = path});
    REQUIRE(client);
    CHECK(client->is_open());
  }
}

TEST_CASE("the page from here may open a WebSocket, one from elsewhere may not", "[net]") {
  WebRoot web;
  TestServer server(web.options());
  const auto open = [&](const std::string& origin) {
    return server.connect({.headers = "Origin: " + origin + "\r\n"})->answer().status;
  };
  const std::string host = http(*server.stream(), "GET", "/").status == 200 ? "localhost" : "";
  CHECK(open("https://" + host) == 101);
  CHECK(open("https://evil.example") == 403);
}
