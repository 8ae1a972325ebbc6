#include "daemon/host/host.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/host/fixture.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using chatd::host::Host;
using chatd::host::HostOptions;
using chatd::host::Mistakes;

namespace {

HostOptions options(chatd::host::WantedPlugin auth) {
  HostOptions all;
  all.dirs = {CHATD_TEST_PLUGINS};
  all.storage = {"test_store", {}};
  all.auth = std::move(auth);
  return all;
}

using Texts = std::vector<std::string>;

Texts start(const HostOptions& options) {
  chatd::tests::TestLoop loop;
  chatd::tests::HostClock clock;
  auto host = Host::start(options, loop.poster(), clock);
  Texts texts;
  if (!host)
    for (const auto& mistake : host.error()) texts.push_back(mistake.message);
  return texts;
}

}  // namespace

TEST_CASE("a plugin that is nowhere is refused with where it was looked for", "[host]") {
  auto wanted = options({"mischeif", {}});
  wanted.dirs = {"/no/such/folder", CHATD_TEST_PLUGINS};

  CHECK(start(wanted) == Texts{std::string("plugin mischeif is refused: there is no "
                                           "mischeif.so in /no/such/folder, ") +
                               CHATD_TEST_PLUGINS});
}

TEST_CASE("a file that is no library is refused in the loader's words", "[host]") {
  const chatd::tests::TempFolder folder;
  std::ofstream(folder.path() / "text.so") << "this is no library";
  auto wanted = options({"text", {}});
  wanted.dirs.push_back(folder.path());

  const Texts mistakes = start(wanted);

  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].find("plugin text is refused: the file can't be loaded: ") == 0);
}

TEST_CASE("a plugin under another's name is refused", "[host]") {
  const std::string file = std::string(CHATD_TEST_PLUGINS) + "/mischief.so";

  CHECK(start(options({"other", {{"file", file}}})) ==
        Texts{"plugin other is refused: it calls itself mischief, not other"});
  CHECK(start(options({"other", {{"file", "mischief.so"}}})) ==
        Texts{"plugin other is refused: its file must be an absolute path: mischief.so"});
}

TEST_CASE("a plugin that can't be made is refused with its reason, and the others are taken down",
          "[host]") {
  CHECK(start(options({"mischief", {{"fail_create", "true"}}})) ==
        Texts{"plugin mischief is refused: told to fail"});
}

TEST_CASE("a plugin without the role it is wanted for is refused", "[host]") {
  auto no_auth = options({"test_store", {}});
  auto no_store = options({"mischief", {}});
  no_store.storage = {"second", {}};

  CHECK(start(no_auth) == Texts{"test_store does not serve chatd.auth.v1"});
  CHECK(start(no_store) ==
        Texts{"plugin second is refused: second does not serve chatd.storage.v1"});
}

TEST_CASE("configs are checked without starting anything, all mistakes at once", "[host]") {
  auto wanted = options({"mischief", {{"fail_create", "true"}}});
  CHECK(Host::check(wanted).empty());

  wanted.auth.settings = {{"subscrbe", "true"}};
  wanted.others.push_back({"second", {{"refuse_events", "-1"}}});

  CHECK((
      Host::check(wanted) ==
      Mistakes{{"mischief", "subscrbe",
                "there is no setting subscrbe in [plugin.mischief], did you mean "
                "\"subscribe\"?"},
               {"second", "refuse_events", "refuse_events must be a whole number (int:0..1000)"}}));
}

TEST_CASE("of a plugin's settings those that it knows may be shown, but no secret", "[host]") {
  const chatd::tests::TestHost t;

  CHECK(t.host->may_show("mischief", "limit"));
  CHECK(t.host->may_show("mischief", "deadline_ms"));
  CHECK_FALSE(t.host->may_show("mischief", "token"));
  CHECK_FALSE(t.host->may_show("mischief", "tokne"));
  CHECK_FALSE(t.host->may_show("nobody", "limit"));
}

TEST_CASE("what is known about a plugin is there to be listed", "[host]") {
  chatd::tests::TestHost t;

  const auto status = t.status("mischief");

  CHECK(status.version == "0.1.0");
  CHECK(status.summary == "does what no plugin should");
  CHECK(status.file == std::string(CHATD_TEST_PLUGINS) + "/mischief.so");
  CHECK(status.roles ==
        std::vector<std::string>{"chatd.auth.v1", "chatd.hooks.v1", "chatd.methods.v1"});
  CHECK(t.host->plugins().front().name == "test_store");
}
