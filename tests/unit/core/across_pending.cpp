#include "tests/unit/core/across.hpp"

// What waits for another server: until it is a record, is refused, or is taken back.
namespace chatd::core {
namespace {

TEST_CASE("what waits for its hub is pending for all devices until it is a record", "[core]") {
  Pair pair;
  World& world = pair.town[pair.other];
  Actor second = world.log_in(std::string(pair.at_other.user().localpart()));
  const std::uint64_t version = second.sync().number("/account_version");
  pair.town.cut();
  pair.at_other.forget_events();

  const ClientMsgId id = pair.at_other.new_id();
  const Json sent =
      pair.at_other.get(wire::MessageSend{pair.room, id, text_content("Art thou not Romeo?")});
  const std::uint64_t number = sent.number("/pending");
  const auto told = second.events("account.changed");
  REQUIRE(told.size() == 1);
  CHECK(told[0].number("/pending/number") == number);
  CHECK(told[0].text("/pending/client_msg_id") == id.text());
  CHECK(told[0].text("/pending/content/text") == "Art thou not Romeo?");
  CHECK(pair.at_other.events("account.changed").empty());

  const Json synced = second.sync(version);
  CHECK(synced.number("/pending/0/number") == number);
  CHECK_FALSE(second.sync(synced.number("/account_version")).has("/pending"));
  CHECK(pair.at_other.get(wire::RoomGet{pair.room}).has("/unreachable_since"));

  // Said again it is still the same one, also after a restart.
  pair.town.restart(pair.other);
  pair.at_other.reconnect();
  pair.at_other.forget_events();
  CHECK(pair.at_other.get(wire::MessageSend{pair.room, id, text_content("Art thou not Romeo?")})
            .number("/pending") == number);

  pair.town.mend();
  pair.town.settle();
  const auto settled = pair.at_other.events("account.changed");
  REQUIRE(settled.size() == 1);
  CHECK(settled[0].number("/settled") == number);
  CHECK(pair.at_other.sync().size("/pending") == 0);
  CHECK(pair.at_other.get(wire::MessageSend{pair.room, id, text_content("Art thou not Romeo?")})
            .number("/seq") == 2);
  CHECK(pair.town.log(0, pair.room) == pair.town.log(1, pair.room));
}

TEST_CASE("what is pending can be taken back, and the hub never sees it", "[core]") {
  Pair pair;
  pair.town.cut();
  const std::uint64_t number =
      require_ok(pair.at_other.try_send(pair.room, "Deny thy father"), "message.send")
          .number("/pending");

  pair.at_other.get(wire::MessageCancel{number});

  CHECK(pair.at_other.ask(wire::MessageCancel{number}).code == "not_found");
  CHECK(pair.at_hub.events("account.changed").empty());
  pair.town.mend();
  pair.town.settle();
  CHECK(pair.town.log(pair.hub, pair.room).size() == 1);
}

TEST_CASE("what a hub does not answer for a week is given up, and its sender is told", "[core]") {
  Pair pair;
  pair.town.cut();
  const std::uint64_t number =
      require_ok(pair.at_other.try_send(pair.room, "Anon"), "message.send").number("/pending");

  pair.town.pass(std::chrono::hours(24 * 7 - 1));
  CHECK_FALSE(pair.at_other.sync().has("/pending/0/refused"));
  pair.town.pass(std::chrono::hours(3));

  CHECK(pair.at_other.sync().text("/pending/0/refused") == "timeout");
  pair.town.mend();
  pair.town.settle();
  CHECK(pair.town.log(pair.hub, pair.room).size() == 1);
  pair.at_other.get(wire::MessageCancel{number});
  CHECK(pair.at_other.sync().size("/pending") == 0);
}

TEST_CASE("what the hub may have taken is not given up, and comes as a record", "[core]") {
  Pair pair;
  const std::string hub = pair.hub == 0 ? "montague.example" : "capulet.example";
  const std::string other = pair.hub == 0 ? "capulet.example" : "montague.example";
  pair.town.cut();
  const std::uint64_t number =
      require_ok(pair.at_other.try_send(pair.room, "Anon"), "message.send").number("/pending");
  PeerService& service = pair.town.service(pair.other);
  for (const auto& [entry, waiting] : service.outbox(hub)) {
    service.handed_in(hub, entry);
    CHECK(pair.town.submit(pair.hub, other, signed_by(other, waiting.draft)).has_value());
  }

  pair.town.pass(std::chrono::hours(24 * 8));

  CHECK(pair.at_other.sync().number("/pending/0/number") == number);
  CHECK_FALSE(pair.at_other.sync().has("/pending/0/refused"));
  pair.town.mend();
  pair.town.settle();
  CHECK(pair.at_other.sync().size("/pending") == 0);
  CHECK(pair.town.log(0, pair.room) == pair.town.log(1, pair.room));
  CHECK(pair.town.log(0, pair.room).size() == 2);
}

TEST_CASE("numbers of what is pending grow over a restart with a clock that was set back",
          "[core]") {
  Pair pair;
  pair.town.cut();
  const std::uint64_t first =
      require_ok(pair.at_other.try_send(pair.room, "Anon"), "message.send").number("/pending");
  pair.at_other.get(wire::MessageCancel{first});
  pair.town[pair.other].clock.set_back(std::chrono::hours(1));
  pair.town.restart(pair.other);
  pair.at_other.reconnect();

  CHECK(require_ok(pair.at_other.try_send(pair.room, "Anon"), "message.send").number("/pending") >
        first);
}

TEST_CASE("no message overtakes another at a plugin that is slow", "[core]") {
  Pair pair;
  TestHooks& hooks = pair.town[pair.other].hooks;
  hooks.pre_accept = [](const Draft&) { return Verdict(); };
  hooks.is_slow = true;
  const auto say = [&](const std::string& text) {
    return wire::MessageSend{pair.room, pair.at_other.new_id(), text_content(text)};
  };
  const auto first = say("first");
  const std::string one = pair.at_other.begin(first);
  const std::string two = pair.at_other.begin(say("second"));
  pair.town[pair.other].settle();
  CHECK(hooks.asked() == 1);
  hooks.is_slow = false;
  hooks.answer_all();
  pair.town.settle();

  const auto number = [&](const std::string& id) {
    return pair.at_other.answer<wire::MessageSend>(id).value().result.number("/pending");
  };
  CHECK(number(one) < number(two));
  // What was taken is not asked about again, and not refused any more.
  hooks.pre_accept = [](const Draft&) {
    return Verdict{Verdict::Kind::deny, {Code::denied, "no", 0}, {}};
  };
  CHECK(pair.at_other.ask(first).is_ok());
  CHECK(pair.town.log(0, pair.room) == pair.town.log(1, pair.room));
}

TEST_CASE("what a member says while the hub takes them out is refused, and they are told",
          "[core]") {
  Ball ball;
  ball.town.cut();
  CHECK(ball.juliet.try_send(ball.room, "am I still here?").is_ok());
  ball.romeo.get(wire::RoomKick{ball.room, ball.juliet.user(), {}});
  ball.juliet.forget_events();
  ball.town.mend();
  ball.town.settle();

  CHECK(ball.juliet.sync().text("/pending/0/refused") == "not_found");
  CHECK(ball.are_logs_equal());
}

}  // namespace
}  // namespace chatd::core
