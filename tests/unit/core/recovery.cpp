#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

// A server was put back from a backup, and others have what it has forgotten.
namespace chatd::core {
namespace {

using namespace std::chrono_literals;

const std::string kCapulet = "capulet.example";

// A group of Romeo's at montague.example with Juliet of capulet.example in it. Montague was backed
// up when little had been said.
struct Ball {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  RoomId room = romeo.found_group("the ball", {});
  sim::ModelMedium::Backup backup;

  Ball() {
    invite(juliet);
    romeo.send(room, "before the backup");
    town.settle();
    backup = town[0].medium.back_up();
  }
  void invite(Actor& guest) {
    romeo.get(wire::RoomInvite{room, guest.user()});
    town.settle();
    guest.get(wire::RoomJoin{room});
    town.settle();
  }
  void put_back() {
    town.settle();
    town[0].put_back(backup);
    romeo.reconnect();
  }
  // What Capulet has and Montague lacks.
  [[nodiscard]] std::vector<wire::Record> lost(const RoomId& of) {
    auto records = town.records(1, of);
    const auto here = static_cast<std::ptrdiff_t>(town.log(0, of).size());
    records.erase(records.begin(), records.begin() + here);
    return records;
  }
  Result<Seq> recover(std::vector<wire::Record> records) {
    std::optional<Result<Seq>> answer;
    town.service(0).recover(std::move(records), [&](const Result<Followed>& heads) {
      answer.emplace(heads.map([](const Followed& here) { return here.log; }));
    });
    town[0].settle();
    REQUIRE(answer.has_value());
    return *answer;
  }
  [[nodiscard]] std::string kept(std::size_t server) {
    std::string proof;
    town.service(server).proof(room, [&](auto row) { proof = row.value(); });
    town[server].settle();
    return proof;
  }
};

}  // namespace

TEST_CASE("after a backup a shared room takes nothing new before its followers were heard",
          "[core]") {
  Ball ball;
  const RoomId own = ball.romeo.found_group("at home", {});
  ball.backup = ball.town[0].medium.back_up();
  ball.romeo.send(ball.room, "lost");
  ball.put_back();

  const Reply refused = ball.romeo.try_send(ball.room, "too early");
  CHECK(refused.code == "unavailable");
  CHECK(refused.retry_after_ms > 0);
  CHECK(ball.romeo.ask(wire::RoomSet{ball.room, "too early", {}, {}, {}}).code == "unavailable");
  CHECK(ball.romeo.ask(wire::RoomInvite{ball.room, ball.town[0].sign_up("paris").user()}).code ==
        "unavailable");
  CHECK(ball.romeo.try_send(own, "nobody else has this room").is_ok());

  ball.town.service(0).heard("verona.example");
  CHECK(ball.romeo.try_send(ball.room, "too early").code == "unavailable");
  REQUIRE(ball.recover(ball.lost(ball.room)));
  ball.town.service(0).heard(kCapulet);
  CHECK(ball.romeo.try_send(ball.room, "now").is_ok());
  CHECK(ball.town.service(0).recovery().is_finished());

  ball.town[0].restart();
  ball.romeo.reconnect();
  CHECK(ball.romeo.try_send(ball.room, "and for good").is_ok());
}

TEST_CASE("what waits after a backup waits again after a restart, for an hour at most", "[core]") {
  Ball ball;
  ball.put_back();
  ball.town[0].restart();
  ball.romeo.reconnect();
  CHECK(ball.romeo.try_send(ball.room, "too early").code == "unavailable");
  ball.town[0].pass(59min);
  CHECK(ball.romeo.try_send(ball.room, "too early").code == "unavailable");
  ball.town[0].pass(2min);
  CHECK(ball.romeo.try_send(ball.room, "now").is_ok());
}

TEST_CASE("an admin may go on without servers that were not heard", "[core]") {
  Ball ball;
  ball.put_back();
  ball.town.service(0).go_on();
  ball.town[0].settle();
  CHECK(ball.romeo.try_send(ball.room, "now").is_ok());
  ball.town[0].restart();
  ball.romeo.reconnect();
  CHECK(ball.romeo.try_send(ball.room, "and for good").is_ok());
}

TEST_CASE("that a backup was put back may turn out later", "[core]") {
  Ball ball;
  ball.put_back();
  ball.town.service(0).go_on();
  ball.town.service(0).restored(7);
  ball.town[0].settle();
  CHECK(ball.romeo.try_send(ball.room, "too early").code == "unavailable");
  ball.town.service(0).heard(kCapulet);
  ball.town[0].settle();
  CHECK(ball.romeo.try_send(ball.room, "now").is_ok());
}

TEST_CASE("records that come back are what they were", "[core]") {
  Ball ball;
  const ClientMsgId id = ball.romeo.new_id();
  const wire::MessageSend said{ball.room, id, text_content("after the backup")};
  const auto seq = ball.romeo.get(said).number("/seq");
  ball.juliet.send(ball.room, "I heard it");
  ball.town.settle();
  const auto log = ball.town.log(0, ball.room);
  ball.put_back();
  REQUIRE(ball.town.log(0, ball.room).size() < log.size());

  CHECK(ball.recover(ball.lost(ball.room)) == log.size());
  ball.town.service(0).heard(kCapulet);

  CHECK(ball.town.log(0, ball.room) == log);
  // Said again it is the same message.
  CHECK(ball.romeo.get(said).number("/seq") == seq);
  CHECK(ball.romeo.history(ball.room).size("/records") == log.size());
  ball.romeo.send(ball.room, "new");
  ball.town.settle();
  CHECK(ball.town.log(0, ball.room) == ball.town.log(1, ball.room));
}

TEST_CASE("who came after the backup comes back with the records, and what was erased goes",
          "[core]") {
  Ball ball;
  Actor paris = ball.town[0].sign_up("paris");
  ball.backup = ball.town[0].medium.back_up();
  ball.invite(paris);
  const Seq secret = ball.romeo.send(ball.room, "a secret");
  ball.town.settle();
  ball.romeo.get(wire::MessageRedact{ball.room, ball.romeo.new_id(), secret, {}});
  ball.romeo.send(ball.room, "nothing");
  ball.town.settle();
  const auto log = ball.town.log(0, ball.room);
  ball.put_back();
  paris.reconnect();
  CHECK(paris.get(wire::RoomList{}).size("/rooms") == 0);

  CHECK(ball.recover(ball.lost(ball.room)) == log.size());
  CHECK(ball.town.log(0, ball.room) == log);
  CHECK(paris.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");
}

TEST_CASE("a room that was founded after the backup comes back to those who are in it", "[core]") {
  Ball ball;
  const RoomId later = ball.romeo.found_group("later", {});
  ball.romeo.get(wire::RoomInvite{later, ball.juliet.user()});
  ball.town.settle();
  ball.juliet.get(wire::RoomJoin{later});
  ball.town.settle();
  const auto log = ball.town.log(0, later);
  ball.put_back();
  CHECK(ball.romeo.get(wire::RoomList{}).size("/rooms") == 1);
  ball.romeo.forget_events();

  CHECK(ball.recover(ball.lost(later)) == log.size());
  CHECK_FALSE(ball.romeo.events("account.changed").empty());
  CHECK(ball.town.log(0, later) == log);
  CHECK(ball.romeo.get(wire::RoomList{}).size("/rooms") == 2);
  ball.town.service(0).heard(kCapulet);
  ball.romeo.send(later, "who is there?");
  ball.town.settle();
  CHECK(ball.town.log(1, later) == ball.town.log(0, later));
}

TEST_CASE("what comes back and does not follow what is here changes nothing", "[core]") {
  Ball ball;
  ball.romeo.send(ball.room, "one");
  ball.romeo.send(ball.room, "two");
  ball.town.settle();
  ball.put_back();
  const auto before = ball.town.log(0, ball.room);
  auto records = ball.lost(ball.room);
  records[0].prev_hash = blake2b_256("another log");
  CHECK(ball.recover(records).error().code == Code::conflict);
  CHECK(ball.recover({records[1]}) == before.size());  // there is a gap
  CHECK(ball.town.log(0, ball.room) == before);
}

TEST_CASE("who says to have more of a room and never proves it holds it up once", "[core]") {
  Ball ball;
  ball.town.service(0).claimed(kCapulet, ball.room, 1000);
  CHECK(ball.romeo.try_send(ball.room, "maybe it is so").code == "unavailable");
  ball.town[0].pass(31s);
  CHECK(ball.romeo.try_send(ball.room, "it is not").is_ok());
  ball.town.service(0).claimed(kCapulet, ball.room, 1000);
  CHECK(ball.romeo.try_send(ball.room, "nor now").is_ok());

  ball.town.service(0).proven(kCapulet, ball.room, 1000);
  CHECK(ball.romeo.try_send(ball.room, "now it is").code == "unavailable");
  ball.town.service(0).give_up(ball.room);
  CHECK(ball.romeo.try_send(ball.room, "no more").is_ok());
}

TEST_CASE("what a hub signed is kept with the newest records until the room is left", "[core]") {
  Ball ball;
  ball.romeo.send(ball.room, "one");
  const auto records = ball.town.records(0, ball.room);
  CHECK(ball.kept(1).empty());
  REQUIRE(ball.town.follow(1, "montague.example", {records.back()}, "signed"));
  CHECK(ball.kept(1) == "signed");

  // With what leaves a gap nothing is kept.
  auto later =
      next_record(records, ball.romeo.user(), wire::RecordKind::message, R"({"text":"two"})");
  ++later.seq;
  CHECK(ball.town.follow(1, "montague.example", {later}, "too early") == records.back().seq);
  CHECK(ball.kept(1) == "signed");

  ball.juliet.get(wire::RoomLeave{ball.room});
  ball.town.settle();
  CHECK(ball.kept(1).empty());
}

}  // namespace chatd::core
