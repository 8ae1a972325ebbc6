#include "daemon/config/describe.hpp"

#include "daemon/config/change.hpp"
#include "daemon/config/load.hpp"
#include "daemon/config/setting.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace chatd::config {
namespace {

constexpr const char* kFile = "/etc/chatd/chatd.toml";
const MayShow kShowAll = [](std::string_view, std::string_view) { return true; };

TEST_CASE("the documented file in the tree is the one the code describes", "[config]") {
  std::ifstream file(CHATD_TOML_FILE);
  const std::string committed{std::istreambuf_iterator<char>(file), {}};

  // Otherwise: build the target config_file, which writes it anew.
  CHECK(committed == default_config());
}

TEST_CASE("the documented file can be used as it is and means the defaults", "[config]") {
  std::string all = default_config();
  for (std::size_t at = 0; (at = all.find("\n# ", at)) != std::string::npos;) {
    const std::size_t end = all.find('\n', at + 1);
    const std::string line = all.substr(at + 3, end - at - 3);
    const bool is_setting = line.substr(0, line.find(" = ")).find(' ') == std::string::npos &&
                            line.find(" = ") != std::string::npos;
    if (is_setting)
      all.erase(at + 1, 2);
    else
      ++at;
  }

  const auto as_it_is = parse(default_config(), kFile);
  const auto with_all_lines = parse(all, kFile);

  if (!as_it_is) FAIL(as_it_is.error().front().text());
  if (!with_all_lines) FAIL(with_all_lines.error().front().text());
  CHECK(all.find("\nio_threads = 1\n") != std::string::npos);
  CHECK(changes(*as_it_is, *with_all_lines).empty());
}

TEST_CASE("what is in effect reads back as the same configuration", "[config]") {
  const auto config = parse(
      "[server]\nname = \"chat.example\"\ndata_dir = \"/d \\\" \\\\ \\u0007\"\n"
      "[listen]\ntls = []\nplain = [\"127.0.0.1:0\", \"[::1]:81\"]\n"
      "[log]\nlevel = \"debug\"\n"
      "[federation]\ndeny = [{ servers = \"*.bad.example\", reason = \"a \\\"b\\\"\", until = "
      "2030-12-31T01:02:03Z }, { servers = \"worse.example\" }]\n"
      "peers = [{ server = \"two.example\", endpoints = [\"127.0.0.1:1\", \"b.example:2\"], "
      "root_key = \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\" }]\n"
      "[plugin.auth_password]\nm = \"19MiB\"\n\"odd key\" = [1, 2]\nin.side = true\n",
      kFile);
  REQUIRE(config);

  const auto again = parse(effective(*config, kShowAll), kFile);

  REQUIRE(again);
  CHECK(changes(*config, *again).empty());
  CHECK(effective(*again, kShowAll) == effective(*config, kShowAll));
}

TEST_CASE("a list reads back however long it is", "[config]") {
  std::string text =
      "[server]\nname = \"chat.example\"\ndata_dir = \"/d\"\n"
      "[listen]\ntls = []\nplain = [\"127.0.0.1:0\"]\n[federation]\ndeny = [\n";
  for (int i = 0; i < 1000; ++i)
    text += "{ servers = \"spam" + std::to_string(i) + ".example\" },\n";
  const auto config = parse(text + "]\n", kFile);
  REQUIRE(config);

  const auto again = parse(effective(*config, kShowAll), kFile);

  REQUIRE(again);
  CHECK(changes(*config, *again).empty());
}

TEST_CASE("of a plugin's value that may not be shown only its name is", "[config]") {
  const auto config = parse(
      "[server]\nname = \"chat.example\"\ndata_dir = \"/d\"\n"
      "[listen]\ntls = []\nplain = [\"127.0.0.1:0\"]\n"
      "[plugins]\nload = [\"push\"]\n"
      "[plugin.push]\nurl = \"https://push.example\"\ntoken = \"0xdeadbeef\"\n",
      kFile);
  REQUIRE(config);

  const std::string text = effective(*config, [](std::string_view plugin, std::string_view key) {
    return plugin == "push" && key == "url";
  });

  CHECK(text.find("[plugin.push]\n# token: set, not shown\nurl = \"https://push.example\"\n") !=
        std::string::npos);
  CHECK(text.find("deadbeef") == std::string::npos);
  CHECK(parse(text, kFile));
}

TEST_CASE("each setting is explained with its range, its default and when it takes effect",
          "[config]") {
  const auto text = explain("listen.io_threads");

  REQUIRE(text);
  CHECK(text->find("listen.io_threads\n") == 0);
  CHECK(text->find("a whole number from 1 to 64") != std::string::npos);
  CHECK(text->find("after a restart") != std::string::npos);
  CHECK(text->find("Default: 1\n") != std::string::npos);
  for (const Setting& setting : settings()) CHECK(explain(setting.name()));
}

TEST_CASE("a section is explained as all its settings", "[config]") {
  const auto text = explain("presence");

  REQUIRE(text);
  CHECK(text->find("presence.grace_seconds") != std::string::npos);
  CHECK(text->find("presence.coalesce_ms") != std::string::npos);
}

TEST_CASE("explaining what is not there names the nearest setting", "[config]") {
  const auto text = explain("listen.io_thread");

  REQUIRE_FALSE(text);
  CHECK(text.error().code == Code::not_found);
  CHECK(text.error().message ==
        "there is no setting \"listen.io_thread\", did you mean \"listen.io_threads\"?");
}

TEST_CASE("every setting has its own name, its section and a sentence that ends", "[config]") {
  std::set<std::string> names;
  std::set<std::string_view> known;
  for (const Section& section : sections()) known.insert(section.name);
  for (const Setting& setting : settings()) {
    CAPTURE(setting.name());
    CHECK(names.insert(setting.name()).second);
    CHECK(known.count(setting.section) == 1);
    CHECK(setting.meaning.ends_with('.'));
    CHECK(setting.example.empty() == (setting.is_needed == nullptr));
  }
}

}  // namespace
}  // namespace chatd::config
