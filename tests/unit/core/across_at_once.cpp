#include "tests/unit/core/across.hpp"

#include <chrono>
#include <optional>

// What is said at a hub that answers: its sender waits for that, and nothing is pending.
namespace chatd::core {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The pair, who have spoken, with a link between their servers.
struct Linked : Pair {
  Linked() {
    for (const std::size_t i : {hub, other}) town.peers(i).shown.is_linked = true;
    at_hub.send(room, "What's in a name?");
    town.settle();
    at_other.forget_events();
  }
  [[nodiscard]] World& world() { return town[other]; }
  [[nodiscard]] wire::MessageSend saying(const std::string& text) {
    return {room, at_other.new_id(), text_content(text)};
  }
  // Begun, and with its own server.
  std::string begin(const wire::MessageSend& message) {
    const std::string id = at_other.begin(message);
    world().settle();
    return id;
  }
  [[nodiscard]] std::optional<Reply> answer(const std::string& id) {
    return at_other.answer<wire::MessageSend>(id);
  }
  [[nodiscard]] std::string hub_name() const { return hub == 0 ? kMontague : kCapulet; }
  [[nodiscard]] bool are_logs_of(std::size_t records) {
    return town.log(0, room) == town.log(1, room) && town.log(0, room).size() == records;
  }
};

TEST_CASE("what is said at a hub that answers is a record for its sender, and never pending",
          "[core]") {
  Linked pair;
  Actor second = pair.world().log_in(std::string(pair.at_other.user().localpart()));
  const std::uint64_t version = second.sync().number("/account_version");
  pair.at_other.forget_events();

  const std::string id = pair.begin(pair.saying("Art thou not Romeo?"));
  CHECK_FALSE(pair.answer(id));
  CHECK_FALSE(second.sync(version).has("/pending"));
  pair.town.settle();

  const auto reply = pair.answer(id);
  REQUIRE(reply);
  CHECK(reply->result.number("/seq") == 3);
  CHECK_FALSE(reply->result.has("/pending"));
  CHECK(pair.at_other.events("room.record").empty());
  CHECK(pair.at_other.events("account.changed").empty());
  CHECK(second.events("room.record").size() == 1);
  CHECK(second.events("account.changed").empty());
  CHECK(second.sync(version).number("/account_version") == version);
  CHECK(pair.are_logs_of(3));
}

TEST_CASE("what a hub has not answered in a second is pending", "[core]") {
  Linked pair;
  Actor second = pair.world().log_in(std::string(pair.at_other.user().localpart()));
  pair.at_other.forget_events();
  pair.town.cut();
  const std::string id = pair.begin(pair.saying("Anon"));

  pair.world().pass(milliseconds(900));
  CHECK_FALSE(pair.answer(id));
  const std::string later = pair.begin(pair.saying("I come"));
  pair.world().pass(milliseconds(200));

  const auto reply = pair.answer(id);
  REQUIRE(reply);
  const std::uint64_t number = reply->result.number("/pending");
  CHECK(second.sync().number("/pending/0/number") == number);
  const auto told = second.events("account.changed");
  REQUIRE(told.size() == 1);
  CHECK(told[0].number("/pending/number") == number);
  CHECK_FALSE(pair.answer(later));
  pair.world().pass(seconds(1));
  CHECK(pair.answer(later).value().result.number("/pending") > number);
  pair.town.restart(pair.other);
  pair.at_other.reconnect();
  pair.town.mend();
  pair.town.settle();
  CHECK(pair.at_other.sync().size("/pending") == 0);
  CHECK(pair.are_logs_of(4));
}

TEST_CASE("what a hub had not answered when the link ended is pending", "[core]") {
  Linked pair;
  pair.town.cut();
  const std::string one = pair.begin(pair.saying("Anon"));
  const std::string two = pair.begin(pair.saying("I come"));

  pair.town.service(pair.other).unlinked(pair.hub_name());
  pair.world().settle();

  CHECK(pair.answer(one).value().result.number("/pending") <
        pair.answer(two).value().result.number("/pending"));
  pair.town.mend();
  pair.town.settle();
  CHECK(pair.are_logs_of(4));
  CHECK(pair.at_other.events("account.changed").size() == 2);
}

TEST_CASE("the hub's no is the answer, and nothing is left of what was said", "[core]") {
  Ball ball;
  ball.town.peers(1).shown.is_linked = true;
  ball.town.cut();
  ball.romeo.get(wire::RoomKick{ball.room, ball.juliet.user(), {}});
  const std::string id = ball.juliet.begin(
      wire::MessageSend{ball.room, ball.juliet.new_id(), text_content("am I still here?")});
  ball.town[1].settle();
  ball.town.mend();
  ball.town.settle();

  const auto reply = ball.juliet.answer<wire::MessageSend>(id);
  REQUIRE(reply);
  CHECK(reply->code == "not_found");
  CHECK(ball.juliet.sync().size("/pending") == 0);
  CHECK(ball.are_logs_equal());
}

TEST_CASE("what is said again while the hub is asked is said once", "[core]") {
  Linked pair;
  const wire::MessageSend message = pair.saying("Anon");
  const std::string id = pair.begin(message);
  const Reply early = pair.at_other.ask(message);
  CHECK(early.code == "unavailable");
  CHECK(early.retry_after_ms > 0);
  pair.town.settle();

  CHECK(pair.answer(id).value().result.number("/seq") == 3);
  CHECK(pair.at_other.get(message).number("/seq") == 3);
  CHECK(pair.are_logs_of(3));
}

TEST_CASE("what a server forgot before the hub's answer came is no other when it is said again",
          "[core]") {
  Linked pair;
  const wire::MessageSend message = pair.saying("Anon");
  pair.town.hold_feeds(true);
  pair.begin(message);
  pair.town.settle();
  pair.town.restart(pair.other);
  pair.at_other.reconnect();
  CHECK_FALSE(pair.at_other.sync().has("/pending/0"));

  const std::string id = pair.begin(message);
  pair.town.hold_feeds(false);
  pair.town.settle();

  CHECK(pair.answer(id).value().result.number("/seq") == 3);
  CHECK(pair.are_logs_of(3));
}

TEST_CASE("what can't be written down is refused, and is no other when it is said again",
          "[core]") {
  Linked pair;
  const wire::MessageSend message = pair.saying("Anon");
  pair.town.cut();
  const std::string id = pair.begin(message);
  pair.world().store.fail_commits(1, Code::read_only);
  pair.world().pass(seconds(1));
  CHECK(pair.answer(id).value().code == "read_only");
  CHECK_FALSE(pair.at_other.sync().has("/pending/0"));

  pair.town.pass(seconds(10));
  pair.town.mend();
  const std::string again = pair.begin(message);
  pair.town.settle();
  CHECK(pair.answer(again).value().result.number("/seq") == 3);
  CHECK(pair.are_logs_of(3));
}

TEST_CASE("what is being written down is pending for nobody before it is on disk", "[core]") {
  Linked pair;
  const wire::MessageSend message = pair.saying("Anon");
  pair.town.cut();
  const std::string id = pair.begin(message);
  pair.world().store.fail_commits(1, Code::read_only);
  pair.town.service(pair.other).unlinked(pair.hub_name());
  const std::string again = pair.begin(message);

  CHECK(pair.answer(id).value().code == "read_only");
  CHECK_FALSE(pair.answer(again).value().result.has("/pending"));
  CHECK_FALSE(pair.at_other.sync().has("/pending/0"));
}

TEST_CASE("a record that does not reach the disk is not the answer", "[core]") {
  Linked pair;
  const wire::MessageSend message = pair.saying("Anon");
  const std::string id = pair.begin(message);
  pair.town.hold_feeds(true);
  pair.town.settle();
  pair.world().store.fail_commits(1, Code::read_only);
  pair.town.hold_feeds(false);
  const auto records = pair.town.records(pair.hub, pair.room, 3);
  CHECK_FALSE(pair.town.follow(pair.other, pair.hub_name(), records));
  CHECK(pair.answer(id).value().code == "read_only");

  pair.town.pass(seconds(10));
  pair.town.settle();
  CHECK(pair.at_other.get(message).number("/seq") == 3);
  CHECK(pair.are_logs_of(3));
}

TEST_CASE("what is said at once does not overtake what is being written down", "[core]") {
  Linked pair;
  Actor second = pair.world().log_in(std::string(pair.at_other.user().localpart()));
  pair.town.peers(pair.other).shown.is_linked = false;
  const std::string first =
      second.begin(wire::MessageSend{pair.room, second.new_id(), text_content("one")});
  pair.town.peers(pair.other).shown.is_linked = true;
  const std::string behind = pair.begin(pair.saying("two"));
  const std::string direct = pair.begin(pair.saying("three"));
  CHECK(second.answer<wire::MessageSend>(first).value().result.has("/pending"));
  CHECK(pair.answer(behind).value().result.has("/pending"));
  CHECK_FALSE(pair.answer(direct));
  pair.town.settle();

  const auto records = pair.town.records(0, pair.room, 3);
  REQUIRE(records.size() == 3);
  CHECK(Json(records[0].content).text("/text") == "one");
  CHECK(Json(records[1].content).text("/text") == "two");
  CHECK(Json(records[2].content).text("/text") == "three");
  CHECK(pair.answer(direct).value().result.number("/seq") == 5);
}

TEST_CASE("what is said while the room moves to its sender's server is said there", "[core]") {
  Ball ball;
  ball.town.peers(1).shown.is_linked = true;
  ball.town.peers(0).ask_to_take_over = [&](const auto&, const auto&, const auto& done) {
    ball.town[0].later.add([done] { done(Status()); });
  };
  ball.town.hold_feeds(true);
  REQUIRE(ball.town[0].admin(wire::AdminRoomHubMove{ball.room, kCapulet}).is_ok());
  const std::string id =
      ball.juliet.begin(wire::MessageSend{ball.room, ball.juliet.new_id(), text_content("Anon")});
  ball.town[1].settle();
  ball.town.hold_feeds(false);
  ball.town.settle();
  ball.town.pass(seconds(5));

  const auto reply = ball.juliet.answer<wire::MessageSend>(id);
  REQUIRE(reply);
  CHECK(ball.are_logs_equal());
  const auto records = ball.town.records(0, ball.room);
  CHECK(std::count_if(records.begin(), records.end(), [](const wire::Record& record) {
          return record.kind == wire::RecordKind::message;
        }) == (reply->is_ok() ? 1 : 0));
  CHECK(ball.juliet.sync().size("/pending") == 0);
}

}  // namespace
}  // namespace chatd::core
