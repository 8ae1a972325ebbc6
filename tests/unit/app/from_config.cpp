#include "daemon/app/from_config.hpp"

#include "daemon/config/load.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace chatd::app {
namespace {

config::Config config(const std::string& more) {
  auto config = config::parse(
      "[server]\nname = \"one.example\"\ndata_dir = \"/d\"\n"
      "[tls]\ncertificate = \"c\"\nkey = \"k\"\n" +
          more,
      "/etc/chatd/chatd.toml");
  if (!config) FAIL(config.error().front().text());
  return *std::move(config);
}

TEST_CASE("a server federates with everybody unless it is told otherwise", "[app]") {
  const federation::Settings settings = federation_settings(config(""));

  CHECK(federation::admit(settings.policy, "two.example", 0));
  CHECK(settings.endpoints == std::vector<federation::Endpoint>{{"one.example", 8443}});
  CHECK(settings.limits.room_members == 100);
}

TEST_CASE("what the configuration says of other servers holds", "[app]") {
  const config::Config given = config(R"([federation]
mode = "allow_list"
allow = ["*.friends.example"]
deny = [{ servers = "bad.friends.example", reason = "spam", until = 1970-01-02 }]
endpoints = ["link.example:443"]
submits_per_minute = 7
probation_days = 3
notices_waiting_per_server = 8
notices_waiting = 9
[[federation.peers]]
server = "two.friends.example"
endpoints = ["127.0.0.1:9000"]
root_key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI"
)");
  const federation::Settings settings = federation_settings(given);

  CHECK(federation::admit(settings.policy, "two.friends.example", 0));
  CHECK(!federation::admit(settings.policy, "two.example", 0));
  CHECK(!federation::admit(settings.policy, "bad.friends.example", 86'399'999));
  CHECK(federation::admit(settings.policy, "bad.friends.example", 86'400'000));
  CHECK(settings.endpoints == std::vector<federation::Endpoint>{{"link.example", 443}});
  const federation::Pin& pin = settings.pins.at("two.friends.example");
  CHECK(pin.endpoints == std::vector<federation::Endpoint>{{"127.0.0.1", 9000}});
  REQUIRE(pin.root);
  CHECK(pin.root->bytes.back() == 2);
  CHECK(settings.quotas[static_cast<std::size_t>(federation::Spend::submit)].count == 7);
  CHECK(settings.probation == std::chrono::hours(3 * 24));
  CHECK(core_settings(given).max_notices_per_server == 8);
  CHECK(core_settings(given).max_notices == 9);
}

TEST_CASE("what other servers can't be told is left out", "[app]") {
  const federation::Settings settings =
      federation_settings(config("[listen]\ntls = [\"[::]:0\"]\n"));
  config::Config foreign = config("");
  foreign.server.contact = "grüße@one.example";

  CHECK(settings.endpoints.empty());
  CHECK(federation_settings(foreign).contact.empty());
}

}  // namespace
}  // namespace chatd::app
