#include "tests/unit/host/fixture.hpp"

#include <catch2/catch.hpp>

using chatd::Code;
using chatd::Millis;
using chatd::UserId;
using chatd::core::Verdict;
using chatd::tests::TestHost;

TEST_CASE("a plugin's verdict becomes the core's", "[host]") {
  TestHost t;

  CHECK(t.post("hello").kind == Verdict::Kind::pass);
  CHECK(t.post("allow").kind == Verdict::Kind::pass);
  CHECK(t.post("drop").kind == Verdict::Kind::drop);
  const Verdict denied = t.post("deny");
  CHECK(denied.kind == Verdict::Kind::deny);
  CHECK(denied.error.code == Code::denied);
  CHECK(denied.error.message == "not here");
  const Verdict limited = t.post("limit");
  CHECK(limited.error.code == Code::rate_limited);
  CHECK(limited.error.retry_after_ms == 1'500);
  const Verdict replaced = t.post("replace");
  CHECK(replaced.kind == Verdict::Kind::replace);
  CHECK(replaced.content == R"({"text":"replaced"})");
}

TEST_CASE("an answer may come from a worker, the plugin's own thread or the loop", "[host]") {
  TestHost t;

  CHECK(t.post("work").kind == Verdict::Kind::pass);
  CHECK(t.post("thread").kind == Verdict::Kind::pass);
  CHECK(t.post("post").kind == Verdict::Kind::pass);
}

TEST_CASE("what is no sensible answer refuses, unless the admin said allow", "[host]") {
  TestHost strict;
  TestHost lenient(TestHost::Settings{{"on_timeout", "allow"}});

  for (const char* text : {"throw", "nonsense", "forget", "replace badly"}) {
    CHECK(strict.post(text).kind == Verdict::Kind::deny);
    CHECK(strict.post(text).error.code == Code::unavailable);
    CHECK(lenient.post(text).kind == Verdict::Kind::pass);
  }
  CHECK(strict.status("mischief").failures == 8);
}

TEST_CASE("a refusal in bytes that are no text is told in the host's words", "[host]") {
  TestHost t;

  const Verdict verdict = t.post("deny badly");

  CHECK(verdict.kind == Verdict::Kind::deny);
  CHECK(verdict.error.message == chatd::sentence(Code::denied));
}

TEST_CASE("a question that is not answered ends at its deadline, a late answer does nothing",
          "[host]") {
  TestHost t(TestHost::Settings{{"deadline_ms", "500"}});
  std::vector<Verdict> verdicts;
  t.host->hooks().message_pre_accept(TestHost::draft("late"),
                                     [&](Verdict v) { verdicts.push_back(v); });
  t.advance(Millis(400));
  CHECK(verdicts.empty());

  t.advance(Millis(200));
  REQUIRE(verdicts.size() == 1);
  CHECK(verdicts[0].kind == Verdict::Kind::deny);
  CHECK(verdicts[0].error.code == Code::unavailable);

  CHECK(t.call("x.mischief.answer_late"));
  REQUIRE(t.loop.run_until([&] { return t.status("mischief").stray_answers == 1; }));
  CHECK(verdicts.size() == 1);
  CHECK(t.status("mischief").timeouts == 1);
}

TEST_CASE("a second answer to one question is counted and does nothing", "[host]") {
  TestHost t;

  CHECK(t.post("twice").kind == Verdict::Kind::pass);

  REQUIRE(t.loop.run_until([&] { return t.status("mischief").stray_answers == 1; }));
}

TEST_CASE("plugins are asked by order, and each sees what the one before made of it", "[host]") {
  TestHost t(TestHost::Settings{{"order", "20"}}, TestHost::Settings{{"order", "10"}});

  const Verdict verdict = t.post("replace");

  CHECK(verdict.kind == Verdict::Kind::replace);
  CHECK(t.call("x.second.seen").value() == "\"replace;\"");
  CHECK(t.call("x.mischief.seen").value() == "\"replaced;\"");
}

TEST_CASE("after a refusal, a drop or an allow no other plugin is asked", "[host]") {
  TestHost t(TestHost::Settings{{"order", "20"}}, TestHost::Settings{{"order", "10"}});

  t.post("deny");
  t.post("drop");
  t.post("allow");

  CHECK(t.call("x.mischief.seen").value() == "\"\"");
}

TEST_CASE("the last word is spoken at once, and only pass lets it through", "[host]") {
  TestHost t;
  auto& hooks = t.host->hooks();

  CHECK(hooks.room_pre_append(TestHost::draft("hello")).kind == Verdict::Kind::pass);
  const Verdict late = hooks.room_pre_append(TestHost::draft("last deny"));
  CHECK(late.kind == Verdict::Kind::deny);
  CHECK(late.error.code == Code::conflict);
  CHECK(late.error.message == "too late");
  CHECK(hooks.room_pre_append(TestHost::draft("last throw")).kind == Verdict::Kind::deny);
  CHECK(hooks.room_pre_append(TestHost::draft("last pending")).kind == Verdict::Kind::deny);
}

TEST_CASE("only the hooks that a plugin has are asked", "[host]") {
  TestHost t;
  auto& hooks = t.host->hooks();
  std::optional<Verdict> registered;

  hooks.account_pre_register(UserId::parse("spammer@one.example").value(), "192.0.2.1",
                             [&](Verdict v) { registered = v; });

  REQUIRE(t.loop.run_until([&] { return registered.has_value(); }));
  CHECK(registered->error.message == "not you");
  CHECK(hooks.wants_message_pre_accept());
  CHECK(hooks.wants_account_pre_register());
  CHECK(hooks.wants_room_pre_join());
  CHECK(hooks.wants_federation_peer_policy());
  CHECK(hooks.wants_federation_pre_receive());
  CHECK_FALSE(hooks.wants_room_pre_create());
}

TEST_CASE("a plugin says with which server there is a link, and whence", "[host]") {
  TestHost t(TestHost::Settings{{"deadline_ms", "500"}});
  std::vector<Verdict> verdicts;
  const auto ask = [&](const char* server, const char* address) {
    verdicts.clear();
    t.host->hooks().federation_peer_policy(server, address,
                                           [&](Verdict v) { verdicts.push_back(v); });
  };
  const auto verdict = [&] {
    REQUIRE(t.loop.run_until([&] { return verdicts.size() == 1; }));
    return verdicts[0];
  };
  ask("two.example", "");
  CHECK(verdict().kind == Verdict::Kind::pass);
  ask("spam.example", "192.0.2.1");
  CHECK(verdict().error.message == "not that server");
  // Neither can be dropped or replaced, and who does not answer refuses.
  for (const char* answer : {"drop", "replace", "nonsense", "throw"}) {
    ask("two.example", answer);
    CHECK(verdict().error.code == Code::unavailable);
  }
  ask("two.example", "never");
  t.advance(Millis(600));
  CHECK(verdict().error.code == Code::unavailable);
}

TEST_CASE("a plugin is not asked by hooks that are younger than it", "[host]") {
  chatd::tests::TestLoop loop;
  chatd::tests::HostClock clock;
  chatd::host::HostOptions options;
  options.dirs = {CHATD_TEST_PLUGINS};
  options.storage = {"test_store", {}};
  options.auth = {"mischief", {}};
  options.others = {{"plain_c", {}}};
  const auto host = chatd::host::Host::start(options, loop.poster(), clock);
  REQUIRE(host);
  std::optional<Verdict> got;

  (*host)->hooks().federation_peer_policy("two.example", "", [&](Verdict v) { got = v; });

  REQUIRE(loop.run_until([&] { return got.has_value(); }));
  CHECK(got->kind == Verdict::Kind::pass);
}

TEST_CASE("a plugin refuses with words what another server hands in", "[host]") {
  TestHost t;
  std::optional<Verdict> got;
  const auto ask = [&](const std::string& text) {
    got.reset();
    t.host->hooks().federation_pre_receive(TestHost::draft(text), [&](Verdict v) { got = v; });
    REQUIRE(t.loop.run_until([&] { return got.has_value(); }));
    return *got;
  };
  CHECK(ask("hello").kind == Verdict::Kind::pass);
  CHECK(ask("work").kind == Verdict::Kind::pass);
  CHECK(ask("deny").error.message == "not here");
  CHECK(ask("limit").error.retry_after_ms == 1'500);
  CHECK(ask("replace").error.code == Code::unavailable);
}

TEST_CASE("questions that are open at the stop are refused", "[host]") {
  TestHost t;
  std::optional<Verdict> got;
  t.host->hooks().message_pre_accept(TestHost::draft("never"), [&](Verdict v) { got = v; });

  t.host->stop();

  REQUIRE(got);
  CHECK(got->kind == Verdict::Kind::deny);
}
