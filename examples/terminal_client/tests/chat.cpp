#include "driver.hpp"

using namespace client;

namespace {

std::vector<std::uint64_t> numbers(std::uint64_t to) {
  std::vector<std::uint64_t> list;
  for (std::uint64_t i = 1; i <= to; ++i) list.push_back(i);
  return list;
}

}  // namespace

TEST_CASE("the first sync fills the cache and asks from nothing", "[chat]") {
  Stage stage;
  stage.server.say("a", "one", false);
  stage.server.say("b", "two", false);

  stage.start();

  const json params = stage.server.last("sync")["params"];
  CHECK(number_of(params, "account_version") == 0);
  CHECK(list_of(params, "rooms").empty());
  CHECK(stage.cache->rooms().size() == 2);
  CHECK(stage.cache->messages("b", 0, 9)[0].text == "two");
}

TEST_CASE("after a restart history is there at once and only what is new is fetched", "[chat]") {
  Stage stage;
  for (int i = 0; i < 30; ++i) stage.server.say("r", "old " + std::to_string(i), false);
  stage.start();
  stage.restart();
  stage.server.say("r", "new", false);

  CHECK(stage.cache->messages("r", 0, 100).size() == 30);
  stage.start();

  const json params = stage.server.last("sync")["params"];
  CHECK(number_of(params, "account_version") == 1);
  CHECK(list_of(params, "rooms")[0] == json({{"room", "r"}, {"seq", 30}}));
  CHECK(stage.witness->texts == std::vector<std::string>{"new"});
  CHECK(stage.server.count("history.get") == 0);
}

TEST_CASE("a record that comes twice is shown once", "[chat]") {
  Stage stage;
  stage.server.say("r", "one", false);
  stage.start();

  stage.server.say("r", "two");
  stage.server.tell("r", 2);
  stage.server.tell("r", 1);
  stage.server.say("r", "three");
  stage.until([&] { return stage.witness->seen.size() == 3; });
  stage.settle();

  CHECK(stage.witness->seen == numbers(3));
  CHECK(stage.server.count("history.get") == 0);
}

TEST_CASE("a gap between live records is read", "[chat]") {
  Stage stage;
  stage.server.say("r", "one", false);
  stage.start();

  for (int i = 0; i < 5; ++i) stage.server.say("r", "lost", false);
  stage.server.say("r", "seven");
  stage.server.say("r", "eight");
  stage.until([&] { return stage.witness->seen.size() == 8; });

  CHECK(stage.witness->seen == numbers(8));
  CHECK(stage.server.count("history.get") == 1);
  CHECK(number_of(stage.server.last("history.get")["params"], "after") == 1);
}

TEST_CASE("a long gap after time away is read page by page", "[chat]") {
  Stage stage;
  stage.server.say("r", "one", false);
  stage.start();
  stage.restart();
  for (int i = 0; i < 40; ++i) stage.server.say("r", "missed", false);
  stage.server.page_records = 7;

  stage.start();

  CHECK(stage.witness->seen.size() == 40);
  CHECK(stage.witness->seen.front() == 2);
  CHECK(stage.cache->room("r")->first == 1);
  CHECK(stage.cache->room("r")->last == 41);
  CHECK(stage.server.count("history.get") == 6);
}

TEST_CASE("a gap that breaks off is read on after the connection is back", "[chat]") {
  Stage stage;
  stage.server.say("r", "one", false);
  stage.start();
  stage.restart();
  for (int i = 0; i < 20; ++i) stage.server.say("r", "missed", false);
  stage.server.page_records = 5;
  stage.chat->start();
  stage.until([&] { return stage.witness->seen.size() >= 5; });

  stage.server.web.drop();
  stage.until([&] { return !stage.witness->offline.empty(); });
  stage.time.ms += 1000;
  stage.until([&] { return stage.chat->is_online(); });

  CHECK(stage.cache->messages("r", 0, 100).size() == 21);
  std::vector<std::uint64_t> seen = stage.witness->seen;
  CHECK(std::is_sorted(seen.begin(), seen.end()));
  CHECK(seen.size() == 20);
}

TEST_CASE("someone who missed very much starts afresh and reads back on demand", "[chat]") {
  Stage stage;
  stage.server.say("r", "one", false);
  stage.start();
  stage.restart();
  for (int i = 0; i < 6000; ++i) stage.server.say("r", "missed", false);
  stage.server.page_records = 50;

  stage.start();
  CHECK(stage.cache->room("r")->first == 5952);
  CHECK(stage.witness->seen.size() == 50);

  std::size_t got = 0;
  stage.chat->load_older("r", [&](std::size_t count) { got = count; });
  stage.until([&] { return got > 0; });
  CHECK(got == 50);
  CHECK(stage.cache->room("r")->first == 5902);
  CHECK(stage.cache->messages("r", 0, 1000).size() == 100);
}

TEST_CASE("sync.behind makes it sync", "[chat]") {
  Stage stage;
  stage.server.say("r", "one", false);
  stage.start();
  stage.server.say("r", "two", false);

  stage.server.event("sync.behind", json::object());
  stage.until([&] { return stage.witness->texts.size() == 2; });

  CHECK(stage.server.count("sync") == 2);
}

TEST_CASE("a record of an unknown room makes it sync", "[chat]") {
  Stage stage;
  stage.start();

  stage.server.say("new", "hello");
  stage.until([&] { return stage.witness->texts.size() == 1; });

  CHECK(stage.cache->room("new").has_value());
}

TEST_CASE("a change that did not come makes it sync", "[chat]") {
  Stage stage;
  stage.start();
  stage.server.version = 3;

  stage.server.event(
      "account.changed",
      {{"account_version", 3}, {"contact", {{"user", "nurse@test"}, {"state", "received"}}}});
  stage.until([&] { return stage.server.count("sync") == 2; });
  stage.until([&] { return stage.chat->is_online(); });

  CHECK(stage.cache->contacts()[0].user == "nurse@test");
  CHECK(stage.cache->value("account_version") == "3");
}

TEST_CASE("a redacted message is erased here too, with its edits", "[chat]") {
  Stage stage;
  stage.server.say("r", "a secret", false);
  stage.start();
  stage.server.add("r", {{"kind", "edit"},
                         {"sender", "juliet@test"},
                         {"target", 1},
                         {"content", {{"text", "a worse secret"}}}});
  stage.until([&] { return stage.witness->seen.size() == 2; });
  CHECK(stage.cache->message("r", 1)->text == "a worse secret");

  stage.server.add("r", {{"kind", "redact"}, {"sender", "juliet@test"}, {"target", 1}});
  stage.until([&] { return stage.witness->seen.size() == 3; });

  stage.restart();
  CHECK(stage.cache->message("r", 1)->is_erased);
  CHECK(stage.cache->message("r", 1)->text.empty());
}

TEST_CASE("own edits, redactions and reactions are seen like those of others", "[chat]") {
  Stage stage;
  stage.server.say("r", "hello", false);
  stage.start();

  stage.chat->send("r", "but sofd");
  stage.chat->edit("r", 2, "but soft");
  stage.chat->react("r", 1, "+1", true);
  stage.until([&] { return stage.cache->outbox().empty(); });
  CHECK(stage.cache->message("r", 2)->text == "but soft");
  CHECK(stage.cache->message("r", 1)->reactions.contains("+1"));

  stage.chat->redact("r", 2);
  stage.until([&] { return stage.cache->outbox().empty(); });
  CHECK(stage.cache->message("r", 2)->is_erased);
}

TEST_CASE("a room that is gone is forgotten with all that was in it", "[chat]") {
  Stage stage;
  stage.server.say("r", "hello", false);
  stage.start();

  stage.server.gone = {"r"};
  stage.server.version = 2;
  stage.server.event("account.changed", {{"account_version", 2}, {"gone", "r"}});
  stage.until([&] { return !stage.witness->gone.empty(); });

  CHECK(stage.cache->rooms().empty());
  CHECK_FALSE(stage.cache->message("r", 1).has_value());
}

TEST_CASE("records of kinds from later versions are kept and break nothing", "[chat]") {
  Stage stage;
  stage.server.say("r", "one", false);
  stage.start();

  stage.server.add("r", {{"kind", "unknown"}, {"content", {1, 2, 3}}});
  stage.server.say("r", "three");
  stage.until([&] { return stage.witness->seen.size() == 3; });

  CHECK(stage.cache->messages("r", 0, 9).size() == 2);
}

TEST_CASE("reading moves this account's marker on all its devices", "[chat]") {
  Stage stage;
  stage.server.say("r", "one", false);
  stage.server.say("r", "two", false);
  stage.start();
  CHECK(stage.cache->unread(*stage.cache->room("r"), "romeo@test") == 2);

  stage.server.event("room.read", {{"room", "r"}, {"user", "romeo@test"}, {"seq", 1}});
  stage.settle();
  CHECK(stage.cache->unread(*stage.cache->room("r"), "romeo@test") == 1);

  stage.chat->mark_read("r");
  stage.settle();
  CHECK(stage.cache->unread(*stage.cache->room("r"), "romeo@test") == 0);
  CHECK(number_of(stage.server.last("receipt.read")["params"], "seq") == 2);
}

TEST_CASE("a read marker is sent until the server has it, and then no more", "[chat]") {
  Stage stage;
  stage.server.say("r", "one", false);
  stage.start();

  SECTION("the server dies before it answers") {
    stage.server.is_mute = true;
    stage.chat->mark_read("r");
    stage.until([&] { return stage.server.count("receipt.read") == 1; });
    stage.server.is_mute = false;
  }
  SECTION("it was read without a connection") {
    stage.server.web.drop();
    stage.until([&] { return !stage.witness->offline.empty(); });
    stage.chat->mark_read("r");
    CHECK(stage.server.count("receipt.read") == 0);
  }
  const int before = stage.server.count("receipt.read");
  for (int start = 0; start < 2; ++start) {
    stage.restart();
    stage.start();
    stage.settle();
    CHECK(stage.server.count("receipt.read") == before + 1);
  }
  CHECK(number_of(stage.server.last("receipt.read")["params"], "seq") == 1);
}
