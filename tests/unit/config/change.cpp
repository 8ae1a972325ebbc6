#include "daemon/config/change.hpp"

#include "daemon/config/load.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace chatd::config {
namespace {

Config config(const std::string& more) {
  const auto config = parse(
      "[server]\nname = \"chat.example\"\ndata_dir = \"/d\"\n"
      "[tls]\ncertificate = \"c\"\nkey = \"k\"\n" +
          more,
      "/etc/chatd/chatd.toml");
  if (!config) FAIL(config.error().front().text());
  return *config;
}

TEST_CASE("a reload tells what changes now and what waits for a restart", "[config]") {
  const Config running = config("");
  const Config next = config("[limits]\nmessages_per_minute = 60\n[listen]\nio_threads = 2\n");

  const auto found = changes(running, next);

  REQUIRE(found.size() == 2);
  CHECK(found[0].text == "listen.io_threads: 1 -> 2");
  CHECK_FALSE(found[0].is_live);
  CHECK(found[1].text == "limits.messages_per_minute: 120 -> 60");
  CHECK(found[1].is_live);
}

TEST_CASE("after a reload only what may change live has changed", "[config]") {
  const Config running = config("");
  const Config next = config("[limits]\nmessages_per_minute = 60\n[listen]\nio_threads = 2\n");

  const Config after = after_reload(running, next);

  CHECK(after.limits.messages_per_minute == 60);
  CHECK(after.listen.io_threads == 1);
  CHECK(changes(after, next).size() == 1);
}

TEST_CASE("the same file twice is no change, wherever its lines stand", "[config]") {
  const Config one = config("[plugin.storage_lmdb]\na = 1\n[log]\nlevel = \"info\"\n");
  const Config other = config("# moved\n[log]\n[plugin.storage_lmdb]\n\na = 1\n");

  CHECK(changes(one, other).empty());
}

TEST_CASE("a plugin's changed settings are named without their values", "[config]") {
  const Config running = config("[plugin.auth_password]\nold = 1\nsame = 2\nsecret = \"aaa\"\n");
  const Config next = config(
      "[plugin.auth_password]\nsame = 2\nsecret = \"bbb\"\n[plugin.storage_lmdb]\nword = \"a\"\n");

  const auto found = changes(running, next);

  REQUIRE(found.size() == 3);
  CHECK(found[0].text == "plugin.auth_password.old");
  CHECK(found[1].text == "plugin.auth_password.secret");
  CHECK(found[2].text == "plugin.storage_lmdb.word");
  CHECK_FALSE(found[0].is_live);
  CHECK(after_reload(running, next).plugin.at("auth_password").size() == 3);
}

}  // namespace
}  // namespace chatd::config
