#include "daemon/app/links.hpp"

#include "daemon/net/loop.hpp"
#include "federation/limits.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace chatd::app {
namespace {

using federation::LinkId;

const SessionId kSession(7);
const LinkId kLink(7);

// What federation is told, in words.
class Told final : public federation::LinkSink {
 public:
  void opened(LinkId, const Hash256&) override { words.emplace_back("opened"); }
  void accepted(LinkId link, std::string address, const Hash256& exporter) override {
    CHECK(link == kLink);
    words.push_back("accepted from " + address + " with " + std::to_string(exporter[0]));
  }
  void received(LinkId, std::string_view frame) override {
    words.push_back("received " + std::string(frame));
  }
  void drained(LinkId) override { words.emplace_back("drained"); }
  void closed(LinkId, std::string why) override { words.push_back("closed: " + why); }
  std::vector<std::string> words;
};

// The links of a daemon, without a network on the side of those that were let in.
struct World {
  std::unique_ptr<net::Loop> loop = *net::Loop::create();
  Told told;
  std::vector<net::Outbound> posted;
  unsigned turns = 0;
  std::unique_ptr<Links> links;

  World() {
    auto made = Links::create({.loop = loop.get(),
                               .post =
                                   [this](SessionId to, net::Outbound message) {
                                     CHECK(to == kSession);
                                     posted.push_back(std::move(message));
                                   },
                               .wake =
                                   [this] {
                                     ++turns;
                                     loop->stop();
                                   }});
    REQUIRE(made);
    links = *std::move(made);
    links->set_sink(told);
  }
  void accept() {
    Hash256 exporter{};
    exporter[0] = 9;
    links->take(net::LinkOpened{kSession, "192.0.2.1", exporter});
  }
};

using Words = std::vector<std::string>;

TEST_CASE("a link that the network let in is federation's", "[app]") {
  World world;
  world.accept();
  world.links->take(net::LinkReceived{kSession, "hello"});
  CHECK(world.links->open() == 1);

  world.links->send(kLink, "hello yourself");
  world.links->close(kLink);
  world.links->take(net::LinkClosed{kSession, "it went away"});

  CHECK(world.told.words ==
        Words{"accepted from 192.0.2.1 with 9", "received hello", "closed: it went away"});
  REQUIRE(world.posted.size() == 2);
  CHECK(std::holds_alternative<net::Send>(world.posted[0]));
  CHECK(std::holds_alternative<net::Close>(world.posted[1]));
  CHECK(world.links->open() == 0);
}

TEST_CASE("what has not left yet is counted, and told once when it is little again", "[app]") {
  World world;
  world.accept();
  const std::string frame(federation::kLinkQueueBytes / 4, 'x');
  for (int i = 0; i < 3; ++i) world.links->send(kLink, frame);
  const std::size_t queued = world.links->queued(kLink);
  CHECK(queued > 3 * frame.size());  // with the headers of WebSocket

  world.links->take(net::LinkSent{kSession, queued / 3});
  world.links->take(net::LinkSent{kSession, queued / 3});
  world.links->take(net::LinkSent{kSession, queued - 2 * (queued / 3)});

  CHECK(world.links->queued(kLink) == 0);
  CHECK(world.told.words.size() == 2);  // accepted, and drained once
  CHECK(world.told.words.back() == "drained");
}

TEST_CASE("a link that is gone takes nothing", "[app]") {
  World world;
  world.accept();
  world.links->take(net::LinkClosed{kSession, ""});
  world.told.words.clear();

  world.links->send(kLink, "too late");
  world.links->close(kLink);
  world.links->take(net::LinkSent{kSession, 10});

  CHECK(world.links->queued(kLink) == 0);
  CHECK(world.posted.empty());
  CHECK(world.told.words.empty());
}

TEST_CASE("a server where nobody listens is told closed, with the reason", "[app]") {
  World world;
  const federation::Target target{.server = "two.example",
                                  .at = {"127.0.0.1", 1},
                                  .checks_certificate = false,
                                  .may_be_private = true};

  const LinkId link = world.links->dial(target);
  CHECK(link != kLink);
  CHECK(world.links->open() == 1);
  world.loop->run();
  world.links->end_turn();

  REQUIRE(world.told.words.size() == 1);
  CHECK(world.told.words[0].starts_with("closed: "));
  CHECK(world.told.words[0].size() > std::string("closed: ").size());
  CHECK(world.links->open() == 0);
}

TEST_CASE("a document that nobody serves is an error, also of an address that may not be",
          "[app]") {
  World world;
  std::vector<Status> ends;
  const auto note = [&](const Result<std::string>& page) {
    ends.push_back(page ? Status() : Status(fail(page.error())));
  };
  federation::Target target{.server = "two.example",
                            .at = {"127.0.0.1", 1},
                            .checks_certificate = false,
                            .may_be_private = true};

  world.links->fetch_document(target, note);
  target.may_be_private = false;
  world.links->fetch_document(target, note);
  while (ends.size() < 2) world.loop->run();
  world.links->end_turn();

  for (const Status& end : ends) {
    REQUIRE_FALSE(end);
    CHECK_FALSE(end.error().message.empty());
  }
}

}  // namespace
}  // namespace chatd::app
