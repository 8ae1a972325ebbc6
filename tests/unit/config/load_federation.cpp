#include "tests/unit/config/parsing.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace chatd::config {
namespace {

TEST_CASE("other servers are named, denied and pinned", "[config]") {
  const Config config = right(kLeast + R"([federation]
mode = "allow_list"
allow = ["two.example", "*.friends.example"]
deny = [{ servers = "*.bad.example" }]
endpoints = ["chat.example:443", "10.0.0.1:8443"]
root_key = "offline"
submits_per_minute = 10
[[federation.peers]]
server = "three.example"
endpoints = ["127.0.0.1:9000"]
root_key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)");

  const Config::Federation& federation = config.federation;
  CHECK(federation.mode == Federate::allow_list);
  CHECK(federation.allow == std::vector<std::string>{"two.example", "*.friends.example"});
  REQUIRE(federation.deny.size() == 1);
  CHECK(federation.deny[0].servers == "*.bad.example");
  CHECK(federation.deny[0].until == 0);
  CHECK(federation.endpoints == std::vector<Endpoint>{{"chat.example", 443}, {"10.0.0.1", 8443}});
  CHECK(federation.root_key == RootKey::offline);
  REQUIRE(federation.peers.size() == 1);
  CHECK(federation.peers[0].server == "three.example");
  CHECK(federation.peers[0].endpoints == std::vector<Endpoint>{{"127.0.0.1", 9000}});
  CHECK(federation.peers[0].root_key.size() == 43);
}

TEST_CASE("a denial ends at a date in UTC, or at a time with its offset", "[config]") {
  const auto [text, until] = GENERATE(table<std::string, TimeMs>({
      {"2030-12-31", 1'924'905'600'000},
      {"2030-12-31T01:00:00+01:00", 1'924'905'600'000},
      {"2030-12-31T00:00:01", 1'924'905'601'000},
  }));

  const Config config = right(kLeast + "[[federation.deny]]\nservers = \"bad.example\"\n" +
                              "reason = \"spam\"\nuntil = " + text + "\n");

  REQUIRE(config.federation.deny.size() == 1);
  CHECK(config.federation.deny[0].reason == "spam");
  CHECK(config.federation.deny[0].until == until);
}

TEST_CASE("a mistake about other servers is named at its place", "[config]") {
  const auto [line, mistake] = GENERATE(table<std::string, std::string>({
      {"mode = \"opne\"", "did you mean \"open\""},
      {"mode = \"allow_list\"\nallow = [\"Two\"]", "each item a server's name, or \"*.\""},
      {"allow = [\"two.example\"]", "restricts nothing unless federation.mode is"},
      {"deny = [\"bad.example\"]", "each item a table such as { servers ="},
      {"deny = [{ reason = \"spam\" }]", "an item of federation.deny has no servers"},
      {"deny = [{ servers = \"a.b\", resaon = \"x\" }]", "did you mean \"reason\"?"},
      {"deny = [{ servers = \"*\" }]", "servers in federation.deny must be a server's name"},
      {"deny = [{ servers = \"a.b\", until = \"soon\" }]", "must be a date after 1970"},
      {"deny = [{ servers = \"a.b\", until = 1930-01-01 }]", "must be a date after 1970"},
      {"deny = [{ servers = \"a.b\", until = 12:00:00 }]", "must be a date after 1970"},
      {"deny = [{ servers = \"a.b\", until = 9999-12-31T23:00:00-23:00 }]", "must be a date"},
      {"deny = [{ servers = \"a.b\" }, { servers = \"a.b\" }]", "names this twice"},
      {"peers = [{ server = \"*.b\" }]", "server in federation.peers must be a domain name"},
      {"peers = [{ server = \"a.b\", endpoints = [] }]", "must be a list of 1 to 8 names"},
      {"peers = [{ server = \"a.b\", endpoints = [\"a.b\"] }]", "must be a list of 1 to 8 names"},
      {"peers = [{ server = \"a.b\", endpoints = [\"a.b:0\"] }]", "must be a list of 1 to 8"},
      {"peers = [{ server = \"a.b\", root_key = \"AAAA\" }]", "must be a public key"},
      {"peers = [{ server = \"chat.example\" }]", "names this server itself"},
      {"endpoints = [\"[::1]:8443\"]", "each item a name or an IPv4 address with a port"},
      {"root_key = \"usb\"", "must be \"file\" or \"offline\""},
      {"submits_per_minute = 0", "from 1 to 10,000,000"},
  }));
  CAPTURE(line);

  const std::string found = only_mistake(kLeast + "[federation]\n" + line + "\n");

  CHECK(found.find(mistake) != std::string::npos);
  CHECK(found.find(line.find('\n') == std::string::npos ? "8:" : "9:") == 0);
}

}  // namespace
}  // namespace chatd::config
