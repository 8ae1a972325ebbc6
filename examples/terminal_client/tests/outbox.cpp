#include "driver.hpp"

using namespace client;

TEST_CASE("a message is on this disk before it leaves", "[outbox]") {
  Stage stage;

  stage.chat->send("r", "but soft");

  REQUIRE(stage.cache->outbox().size() == 1);
  stage.restart();
  REQUIRE(stage.cache->outbox().size() == 1);
  CHECK(text_of(stage.cache->outbox()[0].params["content"], "text") == "but soft");
}

TEST_CASE("what was said offline goes out in order, once there is a server", "[outbox]") {
  Stage stage;
  stage.server.say("r", "hello", false);
  for (const char* text : {"one", "two", "three"}) stage.chat->send("r", text);

  stage.start();
  stage.until([&] { return stage.cache->outbox().empty(); });

  CHECK(stage.witness->texts == std::vector<std::string>{"hello", "one", "two", "three"});
  CHECK(stage.server.rooms["r"].size() == 4);
  CHECK(text_of(stage.server.rooms["r"][3]["content"], "text") == "three");
}

TEST_CASE("a message whose answer was lost is sent again under the same id and is there once",
          "[outbox]") {
  Stage stage;
  stage.server.say("r", "hello", false);
  stage.start();
  stage.server.loses_next_answer = true;

  stage.chat->send("r", "but soft");
  stage.until([&] { return !stage.witness->offline.empty(); });
  REQUIRE(stage.cache->outbox().size() == 1);
  const std::string id = stage.cache->outbox()[0].id;

  SECTION("the sync brings the record before it is sent again") {
    stage.time.ms += 1000;
    stage.until([&] { return stage.cache->outbox().empty(); });
    CHECK(stage.server.count("message.send") == 1);
  }
  SECTION("after a restart, with a server that has forgotten to tell") {
    stage.server.errors["sync"] = {"unavailable"};
    stage.restart();
    stage.chat->start();
    stage.until([&] { return stage.server.count("sync") == 2; });
    stage.time.ms += 2000;
    stage.until([&] { return stage.cache->outbox().empty(); });
  }

  REQUIRE(stage.server.rooms["r"].size() == 2);
  CHECK(text_of(stage.server.rooms["r"][1], "client_msg_id") == id);
  CHECK(stage.cache->messages("r", 0, 10).size() == 2);
  REQUIRE(stage.witness->sent.size() == 1);
  CHECK(stage.witness->sent[0] == std::pair<std::string, std::uint64_t>(id, 2));
}

TEST_CASE("a passing error is waited out, with the same id", "[outbox]") {
  Stage stage;
  stage.server.say("r", "hello", false);
  stage.start();
  stage.server.errors["message.send"] = {"rate_limited", "unavailable"};

  stage.chat->send("r", "but soft");
  stage.chat->send("r", "what light");
  for (int tries = 1; tries <= 2; ++tries) {
    stage.until([&] { return stage.server.count("message.send") == tries; });
    stage.settle();
    stage.time.ms += 1000;
  }
  stage.until([&] { return stage.cache->outbox().empty(); });

  CHECK(stage.witness->texts == std::vector<std::string>{"hello", "but soft", "what light"});
  CHECK(stage.server.rooms["r"].size() == 3);
  CHECK(stage.server.count("message.send") == 4);
}

TEST_CASE("a refused message stays, does not block the next, and can be tried again", "[outbox]") {
  Stage stage;
  stage.server.say("r", "hello", false);
  stage.start();
  stage.server.errors["message.send"] = {"denied"};

  stage.chat->send("r", "rude");
  stage.chat->send("r", "kind");
  stage.until([&] { return stage.witness->texts.size() == 2; });

  CHECK(stage.witness->not_sent == std::vector<std::string>{"denied"});
  REQUIRE(stage.cache->outbox().size() == 1);
  CHECK(stage.cache->outbox()[0].state == Outgoing::State::failed);

  stage.chat->retry_refused();
  stage.until([&] { return stage.cache->outbox().empty(); });
  CHECK(stage.witness->texts.back() == "rude");
}

TEST_CASE("what was refused can be given up, and what waits is sent all the same", "[outbox]") {
  Stage stage;
  stage.server.say("r", "hello", false);
  stage.start();
  stage.server.errors["message.send"] = {"denied", "unavailable"};
  stage.chat->send("r", "rude");
  stage.chat->send("r", "kind");
  stage.until([&] { return stage.server.count("message.send") == 2; });
  stage.settle();

  stage.chat->discard_refused();
  REQUIRE(stage.cache->outbox().size() == 1);
  stage.restart();
  stage.start();
  stage.until([&] { return stage.cache->outbox().empty(); });

  CHECK(stage.server.rooms["r"].size() == 2);
  CHECK(text_of(stage.server.rooms["r"][1]["content"], "text") == "kind");
}

TEST_CASE("ids grow over a restart", "[outbox]") {
  Stage stage;
  stage.chat->send("r", "one");
  stage.time.ms -= 5000;
  stage.restart();
  stage.chat->send("r", "two");

  const auto outbox = stage.cache->outbox();

  REQUIRE(outbox.size() == 2);
  CHECK(text_of(outbox[0].params["content"], "text") == "one");
  CHECK(text_of(outbox[1].params["content"], "text") == "two");
}

TEST_CASE("others' messages that came in between are read before one's own", "[outbox]") {
  Stage stage;
  stage.server.say("r", "hello", false);
  stage.start();
  stage.server.say("r", "not told", false);

  stage.chat->send("r", "but soft");
  stage.until([&] { return stage.witness->texts.size() == 3; });

  CHECK(stage.witness->texts == std::vector<std::string>{"hello", "not told", "but soft"});
  CHECK(stage.cache->outbox().empty());
}
