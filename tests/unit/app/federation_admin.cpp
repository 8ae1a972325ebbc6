#include "daemon/app/federation_admin.hpp"

#include "tests/support/temp_folder.hpp"
#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chatd::app {
namespace {

// No server can be found, and none connects.
class NoLinks final : public federation::LinkPort {
 public:
  federation::LinkId dial(const federation::Target&) override {
    return federation::LinkId(++last_);
  }
  void send(federation::LinkId, std::string) override {}
  [[nodiscard]] std::size_t queued(federation::LinkId) const override { return 0; }
  void close(federation::LinkId) override {}
  void fetch_document(const federation::Target&,
                      std::function<void(Result<std::string>)>) override {}
  void look_up(const std::string&,
               std::function<void(Result<std::vector<federation::Endpoint>>)>) override {}

 private:
  std::uint64_t last_ = 0;
};

// one.example as its admin sees it.
struct Server {
  core::World world;
  tests::TempFolder folder;
  config::Config config;
  SystemRandom random;
  NoLinks links;
  std::optional<FederationAdmin> admin;
  std::unique_ptr<federation::Federation> federation;

  Server() {
    config.server.name = "one.example";
    config.server.data_dir = folder.path();
    start();
  }
  void start() {
    auto made = FederationAdmin::create(config, world.clock, random);
    REQUIRE(made);
    admin.emplace(*std::move(made));
    auto identity = admin->load_identity();
    REQUIRE(identity);
    federation =
        std::make_unique<federation::Federation>(world.core->peer_service(), links, world.clock,
                                                 random, *std::move(identity), admin->settings());
    admin->attach(*federation);
    federation->start();
    world.settle();
  }
  void restart() {
    federation.reset();
    admin.reset();
    world.restart();
    start();
  }
  template <class Question>
  [[nodiscard]] Result<typename Question::Answer> ask(Question question) {
    std::optional<Result<wire::FederationAnswer>> got;
    admin->answer(std::move(question), [&](auto answer) { got = std::move(answer); });
    REQUIRE(got);
    if (!*got) return fail(got->error());
    return std::get<typename Question::Answer>(**std::move(got));
  }
  template <class Question>
  [[nodiscard]] std::string refusal(Question question) {
    const auto answer = ask(std::move(question));
    return answer ? "" : answer.error().message;
  }
  [[nodiscard]] std::vector<std::string> rules() {
    std::vector<std::string> all;
    const auto answer = ask(wire::AdminFederationRuleList{});
    REQUIRE(answer);
    for (const wire::FederationRule& rule : answer->rules)
      all.push_back(rule.decision + " " + rule.servers);
    return all;
  }
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

using Rules = std::vector<std::string>;

TEST_CASE("what the admin decides holds at once and after a restart", "[app]") {
  Server server;
  CHECK(server.federation->admits("two.example"));

  REQUIRE(server.ask(wire::AdminFederationDeny{"*.example", "too loud", {}}));
  REQUIRE(server.ask(wire::AdminFederationPause{"three.org"}));

  for (int life = 0; life < 2; ++life) {
    CHECK(holds(server.federation->admits("two.example").error().message, "too loud"));
    CHECK(server.federation->peer("three.org")->link == "paused");
    CHECK(server.rules() == Rules{"deny *.example", "pause three.org"});
    server.restart();
  }
  REQUIRE(server.ask(wire::AdminFederationRuleRemove{"*.example"}));
  REQUIRE(server.ask(wire::AdminFederationResume{"three.org"}));
  server.restart();
  CHECK(server.federation->admits("two.example"));
  CHECK(server.rules().empty());
}

TEST_CASE("a denial ends by itself", "[app]") {
  Server server;
  REQUIRE(server.ask(wire::AdminFederationDeny{"two.example", {}, 1}));
  CHECK_FALSE(server.federation->admits("two.example"));

  server.world.pass(std::chrono::hours(25));

  CHECK(server.federation->admits("two.example"));
  CHECK(holds(server.refusal(wire::AdminFederationDeny{"two.example", {}, 0}), "0 days"));
}

TEST_CASE("what can't be decided is refused in words, and changes nothing", "[app]") {
  Server server;

  CHECK(holds(server.refusal(wire::AdminFederationAllow{"NO NAME"}), "neither a server's name"));
  CHECK(holds(server.refusal(wire::AdminFederationResume{"two.example"}), "is not paused"));
  CHECK(holds(server.refusal(wire::AdminFederationRuleRemove{"two.example"}), "no rule"));
  CHECK(holds(server.refusal(wire::AdminFederationPeerShow{"two.example"}), "nothing to do with"));
  CHECK(holds(server.refusal(wire::AdminFederationPeerShow{"NO NAME"}), "no server's name"));
  CHECK(holds(server.refusal(wire::AdminFederationPeerAccept{"two.example"}), "no other root key"));
  CHECK(holds(server.refusal(wire::AdminFederationCacheFlush{"two.example"}), "no document"));
  CHECK(server.rules().empty());
}

TEST_CASE("the configuration goes before what was decided", "[app]") {
  Server server;
  server.config.federation.mode = config::Federate::allow_list;
  server.config.federation.deny = {{"bad.example", "in the file", 0}};
  server.admin->apply(server.config);

  const auto allowed = server.ask(wire::AdminFederationAllow{"bad.example"});

  REQUIRE(allowed);
  CHECK(holds(allowed->effect, "in the file"));
  CHECK(holds(server.refusal(wire::AdminFederationRuleRemove{"nine.example"}), "no rule"));
  CHECK(server.rules() == Rules{"allow bad.example", "deny bad.example"});
}

TEST_CASE("a long list comes page by page", "[app]") {
  Server server;
  for (const char* name : {"a.example", "b.example", "c.example"})
    REQUIRE(server.ask(wire::AdminFederationAllow{name}));

  wire::AdminFederationRuleList wanted;
  wanted.limit = 2;
  const auto first = server.ask(wanted);
  REQUIRE(first);
  CHECK(first->rules.size() == 2);
  REQUIRE(first->next);
  wanted.after = first->next;
  const auto second = server.ask(wanted);
  REQUIRE(second);
  CHECK(second->rules.size() == 1);
  CHECK_FALSE(second->next);
}

TEST_CASE("a signing key is ended where the root key is, or by a request to it", "[app]") {
  Server server;
  const std::string key = server.ask(wire::AdminFederationKeysShow{})->keys[0].key;
  CHECK(holds(server.refusal(wire::AdminFederationKeysEnd{"nonsense"}), "no id of a key"));

  server.config.federation.root_key = config::RootKey::offline;
  server.admin->apply(server.config);
  const auto asked = server.ask(wire::AdminFederationKeysEnd{key});
  REQUIRE(asked);
  REQUIRE(asked->request);
  CHECK(federation::KeyRequest::parse(*asked->request)->until != 0);
  CHECK(asked->keys[0].state == "in use");  // nothing has happened yet

  server.config.federation.root_key = config::RootKey::file;
  server.admin->apply(server.config);
  const auto ended = server.ask(wire::AdminFederationKeysEnd{key});
  REQUIRE(ended);
  CHECK_FALSE(ended->request);
  REQUIRE(ended->keys.size() == 2);
  CHECK(ended->keys[0].state == "ended");
  CHECK(ended->keys[1].state == "in use");
  server.restart();
  CHECK(server.ask(wire::AdminFederationKeysShow{})->keys[0].state == "ended");
}

TEST_CASE("each restore is another life", "[app]") {
  Server server;
  const auto first = server.ask(wire::AdminFederationRestored{});
  REQUIRE(first);
  server.restart();

  const auto second = server.ask(wire::AdminFederationRestored{});

  REQUIRE(second);
  CHECK(second->restore_epoch > first->restore_epoch);
  CHECK(server.ask(wire::AdminFederationStatus{})->restore_epoch == second->restore_epoch);
}

}  // namespace
}  // namespace chatd::app
