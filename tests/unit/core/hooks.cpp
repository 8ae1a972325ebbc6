#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

Verdict denied(const std::string& words, Code code = Code::denied) {
  return {Verdict::Kind::deny, {code, words, 0}, {}};
}
Verdict dropped() { return {Verdict::Kind::drop, {}, {}}; }
Verdict replaced(const std::string& content) { return {Verdict::Kind::replace, {}, content}; }

struct Pair {
  explicit Pair(const Settings& settings = World::default_settings()) : world(settings) {
    bob.forget_events();
  }
  World world;
  TestHooks& hooks = world.hooks;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  RoomId room = alice.found_group("garden", {&bob});
};

TEST_CASE("a plugin that refuses a message says why, and nothing happens", "[core]") {
  Pair pair;
  pair.hooks.pre_accept = [](const Draft& draft) {
    return draft.content.find("spam") == std::string::npos ? Verdict() : denied("no spam here");
  };

  const Reply reply = pair.alice.try_send(pair.room, "spam");

  CHECK(reply.code == "denied");
  CHECK(reply.message == "no spam here");
  CHECK(pair.bob.link().events.empty());
  CHECK(pair.alice.try_send(pair.room, "hello").is_ok());
}

TEST_CASE("a dropped message is refused without the plugin's words", "[core]") {
  Pair pair;
  pair.hooks.pre_accept = [](const Draft&) { return dropped(); };

  CHECK(pair.alice.try_send(pair.room, "hello").code == "denied");

  CHECK(pair.bob.link().events.empty());
}

TEST_CASE("a plugin may change a message; a resend gets the same number", "[core]") {
  Pair pair;
  int asked = 0;
  pair.hooks.pre_accept = [&](const Draft&) {
    ++asked;
    return replaced(R"({"text":"****"})");
  };
  const wire::MessageSend params{pair.room, pair.alice.new_id(), text_content("darn")};
  const Json first = pair.alice.get(params);

  CHECK(pair.alice.get(params).raw() == first.raw());

  CHECK(asked == 1);
  const auto told = pair.bob.events("room.record");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/record/content/text") == "****");
}

TEST_CASE("plugins see who says what where, for each kind of record", "[core]") {
  Pair pair;
  std::vector<Draft> seen;
  pair.hooks.pre_accept = [&](const Draft& draft) {
    seen.push_back(draft);
    return Verdict();
  };
  const Seq seq = pair.alice.send(pair.room, "hello");
  pair.alice.get(wire::MessageEdit{pair.room, pair.alice.new_id(), seq, text_content("hello!")});
  pair.bob.get(wire::MessageReact{pair.room, pair.bob.new_id(), seq, "!", true});
  pair.alice.get(wire::MessageRedact{pair.room, pair.alice.new_id(), seq, {}});

  REQUIRE(seen.size() == 4);
  CHECK(seen[0].kind == wire::RecordKind::message);
  CHECK(seen[0].room == pair.room);
  CHECK(seen[0].sender == pair.alice.user());
  CHECK(seen[0].device == pair.alice.device());
  CHECK(seen[1].kind == wire::RecordKind::edit);
  CHECK(seen[1].target == seq);
  CHECK(seen[2].sender == pair.bob.user());
  CHECK(seen[3].kind == wire::RecordKind::redact);
}

TEST_CASE("a slow plugin delays its message and nobody else's", "[core]") {
  Pair pair;
  pair.hooks.pre_accept = [](const Draft&) { return Verdict(); };
  pair.hooks.is_slow = true;
  const std::string slow =
      pair.alice.begin(wire::MessageSend{pair.room, pair.alice.new_id(), text_content("slow")});
  pair.world.settle();
  CHECK(pair.hooks.asked() == 1);
  pair.hooks.is_slow = false;
  const Seq quick = pair.bob.send(pair.room, "quick");

  CHECK_FALSE(pair.alice.answer<wire::MessageSend>(slow).has_value());
  pair.hooks.answer_all();
  pair.world.settle();

  CHECK(pair.alice.answer<wire::MessageSend>(slow)->result.number("/seq") == quick + 1);
}

TEST_CASE("messages of one device keep their order behind a slow plugin", "[core]") {
  Pair pair;
  pair.hooks.pre_accept = [](const Draft&) { return Verdict(); };
  pair.hooks.is_slow = true;
  std::vector<std::string> ids;
  for (const char* const text : {"one", "two", "three"})
    ids.push_back(
        pair.alice.begin(wire::MessageSend{pair.room, pair.alice.new_id(), text_content(text)}));
  for (int i = 0; i < 3; ++i) {
    pair.world.settle();
    CHECK(pair.hooks.asked() == 1);  // one by one
    pair.hooks.answer_all();
  }
  pair.world.settle();

  std::vector<Seq> seqs;
  for (const std::string& id : ids)
    seqs.push_back(pair.alice.answer<wire::MessageSend>(id)->result.number("/seq"));
  CHECK(seqs[1] == seqs[0] + 1);
  CHECK(seqs[2] == seqs[1] + 1);
}

TEST_CASE("a resend while the plugin thinks waits for the first and is the same", "[core]") {
  Pair pair;
  pair.hooks.pre_accept = [](const Draft&) { return Verdict(); };
  pair.hooks.is_slow = true;
  const wire::MessageSend params{pair.room, pair.alice.new_id(), text_content("once")};
  const std::string first = pair.alice.begin(params);
  const std::string second = pair.alice.begin(params);
  pair.world.settle();
  pair.hooks.answer_all();
  pair.world.settle();
  pair.hooks.answer_all();
  pair.world.settle();

  const auto one = pair.alice.answer<wire::MessageSend>(first);
  const auto other = pair.alice.answer<wire::MessageSend>(second);
  REQUIRE((one && other));
  CHECK(one->result.raw() == other->result.raw());
  CHECK(pair.bob.events("room.record").size() == 1);
}

TEST_CASE("who is thrown out while the plugin thinks posts nothing", "[core]") {
  Pair pair;
  pair.hooks.pre_accept = [](const Draft&) { return Verdict(); };
  pair.hooks.is_slow = true;
  const std::string id =
      pair.bob.begin(wire::MessageSend{pair.room, pair.bob.new_id(), text_content("late")});
  pair.world.settle();
  pair.alice.get(wire::RoomKick{pair.room, pair.bob.user(), {}});
  pair.hooks.answer_all();
  pair.world.settle();

  CHECK(pair.bob.answer<wire::MessageSend>(id)->code == "not_found");
}

TEST_CASE("an edit that a plugin holds until nobody remembers the erasure is not taken", "[core]") {
  Settings settings = World::default_settings();
  settings.rooms_in_memory = 1;
  Pair pair(settings);
  const Seq seq = pair.alice.send(pair.room, "secret one");
  pair.hooks.pre_accept = [](const Draft&) { return Verdict(); };
  pair.hooks.is_slow = true;
  const std::string id = pair.alice.begin(
      wire::MessageEdit{pair.room, pair.alice.new_id(), seq, text_content("secret two")});
  pair.world.settle();
  pair.hooks.is_slow = false;
  Actor alice_too = pair.world.log_in("alice");
  alice_too.get(wire::MessageRedact{pair.room, alice_too.new_id(), seq, std::nullopt});
  for (int i = 0; i < 300; ++i) pair.bob.send(pair.room, "more");  // the room is kept as it is now
  for (const char* const name : {"orchard", "tomb"}) pair.bob.found_group(name, {});
  pair.bob.history(pair.room);  // and read anew
  pair.hooks.answer_all();
  pair.world.settle();

  CHECK(pair.alice.answer<wire::MessageEdit>(id)->code == "unavailable");
  CHECK(pair.alice.history(pair.room).raw().find("secret") == std::string::npos);
}

TEST_CASE("a client that goes while the plugin thinks has still said it", "[core]") {
  Pair pair;
  pair.hooks.pre_accept = [](const Draft&) { return Verdict(); };
  pair.hooks.is_slow = true;
  pair.alice.begin(wire::MessageSend{pair.room, pair.alice.new_id(), text_content("bye")});
  pair.world.settle();
  pair.alice.hang_up();
  pair.hooks.answer_all();
  pair.world.settle();

  CHECK(pair.bob.events("room.record").size() == 1);
}

// The host gives a verdict in time whatever the plugin does: on_timeout says which.
TEST_CASE("a plugin that is late counts as the admin decided: refused or let pass", "[core]") {
  Pair pair;
  pair.hooks.pre_accept = [](const Draft&) {
    return denied("this took too long", Code::unavailable);
  };
  const Reply closed = pair.alice.try_send(pair.room, "hello");
  CHECK(closed.code == "unavailable");
  pair.hooks.pre_accept = [](const Draft&) { return Verdict(); };
  CHECK(pair.alice.try_send(pair.room, "hello").is_ok());
}

TEST_CASE("the last word is had while the room is numbered", "[core]") {
  Pair pair;
  pair.hooks.pre_append = [](const Draft& draft) {
    return draft.content.find("old epoch") == std::string::npos ? Verdict()
                                                                : denied("the epoch is over");
  };

  CHECK(pair.alice.try_send(pair.room, "old epoch").message == "the epoch is over");
  CHECK(pair.alice.try_send(pair.room, "new epoch").is_ok());
}

TEST_CASE("a resend is not asked about again", "[core]") {
  Pair pair;
  const wire::MessageSend params{pair.room, pair.alice.new_id(), text_content("hello")};
  const Json first = pair.alice.get(params);
  pair.hooks.pre_accept = [](const Draft&) { return denied("no more"); };
  pair.hooks.pre_append = [](const Draft&) { return denied("no more"); };

  CHECK(pair.alice.get(params).raw() == first.raw());
}

TEST_CASE("plugins have a say in new accounts, the admin's included", "[core]") {
  World world;
  std::vector<std::string> asked;
  world.hooks.pre_register = [&](const UserId& user, const std::string& address) {
    asked.push_back(user.text() + " from " + (address.empty() ? "the admin" : address));
    return user.localpart() == "root" ? denied("not this name") : Verdict();
  };
  Actor device(world);
  CHECK(device.sign_up("root").message == "not this name");
  CHECK(device.sign_up("alice").is_ok());
  wire::AdminUserCreate params;
  params.name = "root";
  params.password = Secret("correct horse");
  CHECK(world.admin(std::move(params)).code == "denied");

  CHECK(asked == std::vector<std::string>{"root@test.example from 192.0.2.1",
                                          "alice@test.example from 192.0.2.1",
                                          "root@test.example from the admin"});
  CHECK(device.ask(wire::ProfileGet{*UserId::parse("root@test.example")}).code == "not_found");
}

TEST_CASE("plugins have a say in new rooms and new members", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {});
  alice.get(wire::RoomInvite{room, bob.user()});
  world.hooks.pre_create = [](const UserId&, const std::string& name) {
    return name == "casino" ? denied("no gambling") : Verdict();
  };
  world.hooks.pre_join = [](const RoomId&, const UserId&) { return dropped(); };
  wire::RoomCreate params;
  params.name = "casino";

  CHECK(alice.ask(std::move(params)).message == "no gambling");
  CHECK(bob.ask(wire::RoomJoin{room}).code == "denied");
  CHECK(alice.get(wire::RoomList{}).size("/rooms") == 1);
  world.hooks.pre_join = [](const RoomId&, const UserId&) { return Verdict(); };
  CHECK(bob.ask(wire::RoomJoin{room}).is_ok());
}

TEST_CASE("plugins' own methods are for who is logged in, over WebSocket and http", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  const Actor stranger(world);
  const auto call = [&](SessionId session, const std::string& method) {
    const std::string id = world.next_request_id();
    world.request(session, wire::Request{id, wire::PluginCall{method, R"({"a": 1})"}});
    world.settle();
    return Json(world.clients.link(session).answers.at(id));
  };

  const Json answer = call(alice.session(), "x.echo.say");
  CHECK(answer.text("/result/user") == alice.user().text());
  CHECK(answer.number("/result/params/a") == 1);
  CHECK(call(alice.session(), "x.echo.sing").text("/error/data/code") == "unknown_method");
  CHECK(call(stranger.session(), "x.echo.say").text("/error/data/code") == "unauthenticated");
  const SessionId http = world.open(Door::http, "192.0.2.1", alice.token());
  CHECK(call(http, "x.echo.say").text("/result/user") == alice.user().text());
}

}  // namespace
}  // namespace chatd::core
