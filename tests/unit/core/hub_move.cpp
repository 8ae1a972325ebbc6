#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"
#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// A room gets another hub.
namespace chatd::core {
namespace {

using wire::RecordKind;

const std::string kMontague = "montague.example";
const std::string kCapulet = "capulet.example";
const std::string kVerona = "verona.example";

// A group of Romeo's at montague.example with Juliet of capulet.example and Mercutio of
// verona.example in it.
struct Ball {
  Town town{{kMontague, kCapulet, kVerona}};
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  Actor mercutio = town[2].sign_up("mercutio");
  RoomId room = romeo.found_group("the ball", {});

  Ball() {
    for (Actor* const guest : {&juliet, &mercutio}) {
      romeo.get(wire::RoomInvite{room, guest->user()});
      town.settle();
      guest->get(wire::RoomJoin{room});
      town.settle();
    }
    town.peers(0).ask_to_take_over = asks(1);
    town.peers(1).ask_to_take_over = asks(0);
  }
  // Whoever is asked answers as its rules are.
  [[nodiscard]] std::function<void(const std::string&, const SharedRoom&,
                                   std::function<void(Status)>)>
  asks(std::size_t whom) {
    return
        [this, whom](const std::string&, const SharedRoom& head, std::function<void(Status)> done) {
          town.service(whom).may_take_over(
              whom == 1 ? kMontague : kCapulet, head, [this, whom, done](const Status& status) {
                town[1 - whom].later.add([done, status] { done(status); });
              });
          town[whom].settle();
        };
  }
  Reply move(std::size_t from, const std::string& to) {
    return town[from].admin(wire::AdminRoomHubMove{room, to});
  }
  void check_logs() {
    for (std::size_t i : {1, 2}) CHECK(town.log(i, room) == town.log(0, room));
  }
  [[nodiscard]] std::vector<std::string> texts() {
    std::vector<std::string> all;
    for (const wire::Record& record : town.records(0, room))
      if (record.kind == RecordKind::message) all.push_back(record.content);
    return all;
  }
};

// The same group with Juliet in it. Paris of verona.example is invited only.
struct Feast {
  Town town{{kMontague, kCapulet, kVerona}};
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  Actor paris = town[2].sign_up("paris");
  RoomId room = romeo.found_group("the feast", {});

  Feast() {
    for (Actor* const guest : {&juliet, &paris}) romeo.get(wire::RoomInvite{room, guest->user()});
    town.settle();
    juliet.get(wire::RoomJoin{room});
    town.settle();
    town.peers(0).ask_to_take_over = [this](const auto&, const auto&, auto done) {
      town[0].later.add([done] { done(Status()); });
    };
  }
  void move() { REQUIRE(town[0].admin(wire::AdminRoomHubMove{room, kCapulet}).is_ok()); }
};

std::string said(const std::string& text) { return R"({"text":")" + text + R"("})"; }

}  // namespace

TEST_CASE("a room moves to a server that follows it, which numbers its records from then on",
          "[core]") {
  Ball ball;
  ball.romeo.send(ball.room, "one");
  ball.town.settle();
  const Reply moved = ball.move(0, kCapulet);
  REQUIRE(moved.is_ok());
  CHECK(moved.result.text("/hub") == kCapulet);
  CHECK(moved.result.number("/term") == 2);
  CHECK_FALSE(moved.result.flag("/here"));
  ball.town.settle();

  CHECK(ball.juliet.send(ball.room, "two") > 0);  // numbered at once
  CHECK(ball.romeo.get(wire::MessageSend{ball.room, ball.romeo.new_id(), text_content("three")})
            .has("/pending"));
  ball.mercutio.ask(wire::MessageSend{ball.room, ball.mercutio.new_id(), text_content("four")});
  ball.town.settle();

  ball.check_logs();
  CHECK(ball.texts().size() == 4);
  const auto records = ball.town.records(2, ball.room);
  const auto move = std::find_if(records.begin(), records.end(), [](const wire::Record& record) {
    return record.kind == RecordKind::hub_move;
  });
  REQUIRE(move != records.end());
  CHECK(move->term == 1);
  CHECK(move->origin == kMontague);
  CHECK(std::all_of(move + 1, records.end(), [](const auto& record) { return record.term == 2; }));
  CHECK(ball.town[2].admin(wire::AdminRoomHubShow{ball.room}).result.text("/hub") == kCapulet);
  for (std::size_t i : {0, 1, 2})
    CHECK(ball.town[i].admin(wire::AdminRoomVerify{ball.room}).result.size("/problems") == 0);
}

TEST_CASE("a room that moved stays there after a restart, and moves back", "[core]") {
  Ball ball;
  REQUIRE(ball.move(0, kCapulet).is_ok());
  for (std::size_t i : {0, 1, 2}) ball.town.restart(i);
  for (Actor* const each : {&ball.romeo, &ball.juliet, &ball.mercutio}) each->reconnect();
  ball.town.settle();
  CHECK(ball.juliet.send(ball.room, "one") > 0);
  ball.town.settle();
  ball.check_logs();

  const Reply back = ball.move(1, kMontague);
  REQUIRE(back.is_ok());
  CHECK(back.result.number("/term") == 3);
  ball.town.settle();
  CHECK(ball.romeo.send(ball.room, "two") > 0);
  ball.town.settle();
  ball.check_logs();
}

TEST_CASE("what waited for the old hub is posted at the new one, once and in order", "[core]") {
  Ball ball;
  ball.town.cut();
  for (const char* text : {"a", "b", "c"}) {
    ball.mercutio.ask(wire::MessageSend{ball.room, ball.mercutio.new_id(), text_content(text)});
    ball.juliet.ask(wire::MessageSend{ball.room, ball.juliet.new_id(), text_content(text)});
  }
  REQUIRE(ball.move(0, kCapulet).is_ok());
  ball.town.mend();
  ball.town.settle();
  ball.town.pass(std::chrono::seconds(5));

  ball.check_logs();
  for (Actor* const each : {&ball.juliet, &ball.mercutio}) {
    std::vector<std::string> own;
    for (const wire::Record& record : ball.town.records(0, ball.room))
      if (record.kind == RecordKind::message && record.sender == each->user())
        own.push_back(record.content);
    CHECK(own == std::vector{said("a"), said("b"), said("c")});
    CHECK(each->sync().size("/pending") == 0);
  }
}

TEST_CASE("what waits for the server itself goes on after a restart", "[core]") {
  Ball ball;
  ball.town.cut();
  ball.juliet.ask(wire::MessageSend{ball.room, ball.juliet.new_id(), text_content("a")});
  REQUIRE(ball.move(0, kCapulet).is_ok());
  // It has the record, and dies before it does anything about it.
  auto records = ball.town.records(0, ball.room);
  REQUIRE(ball.town.follow(1, kMontague, {records.back()}));
  ball.town.restart(1);
  ball.juliet.reconnect();
  ball.town.mend();
  ball.town.settle();
  ball.check_logs();
  CHECK(ball.texts() == std::vector{said("a")});
}

TEST_CASE("a room moves only where that can be, and says why not", "[core]") {
  Ball ball;
  const auto refused = [&](std::size_t from, const std::string& to, const std::string& words) {
    const Reply reply = ball.move(from, to);
    INFO(reply.message);
    CHECK_FALSE(reply.is_ok());
    CHECK(reply.message.find(words) != std::string::npos);
  };
  refused(0, kMontague, "already");
  refused(0, "mantua.example", "nobody of mantua.example");
  refused(1, kVerona, "montague.example is the room's hub");
  ball.town[1].settings.room_member_limit = 1;
  ball.town.restart(1);
  refused(0, kCapulet, "more members than this server wants");
  ball.town.peers(0).ask_to_take_over = [&](const auto&, const auto&, auto done) {
    ball.town[0].later.add([done] { done(fail(Code::denied, "we do not want it")); });
  };
  refused(0, kCapulet, "we do not want it");
  CHECK(ball.romeo.send(ball.room, "it stays") > 0);

  const RoomId direct = ball.romeo.open_direct(ball.juliet);
  const Reply reply = ball.town[0].admin(wire::AdminRoomHubMove{direct, kCapulet});
  CHECK(reply.message.find("1:1") != std::string::npos);
  CHECK(ball.town[0].admin(wire::AdminRoomHubMove{RoomId(), kCapulet}).code == "not_found");
}

TEST_CASE("while a room is handed over it takes nothing new", "[core]") {
  Ball ball;
  std::function<void(Status)> answer;
  ball.town.peers(0).ask_to_take_over = [&](const auto&, const auto&, auto done) { answer = done; };
  std::optional<Status> outcome;
  const SessionId admin = ball.town[0].open(Door::control, "control", "");
  ball.town[0].request(admin, wire::Request{"1", wire::AdminRoomHubMove{ball.room, kCapulet}});
  ball.town[0].settle();
  REQUIRE(answer);
  CHECK(ball.romeo.try_send(ball.room, "too late").code == "unavailable");
  answer(fail(Code::denied, "no"));
  ball.town[0].settle();
  CHECK(ball.romeo.try_send(ball.room, "it stays").is_ok());
}

TEST_CASE("a follower that has not all of the room yet is waited for", "[core]") {
  Ball ball;
  ball.town.cut();
  ball.romeo.send(ball.room, "it lacks this");
  std::optional<Status> asked;
  ball.town.service(1).may_take_over(kMontague, ball.town.shared(0, kCapulet).front(),
                                     [&](const Status& status) { asked = status; });
  ball.town[1].settle();
  REQUIRE(asked);
  CHECK(asked->error().code == Code::timeout);
  // And refused where its log is another one.
  SharedRoom other = ball.town.shared(1, kMontague).front();
  other.head_hash = blake2b_256("another log");
  ball.town.service(1).may_take_over(kMontague, other,
                                     [&](const Status& status) { asked = status; });
  ball.town[1].settle();
  CHECK(asked->error().code == Code::conflict);
}

TEST_CASE("a lower term is never taken again, and no move that the hub did not make", "[core]") {
  Ball ball;
  auto log = ball.town.records(0, ball.room);
  const auto follow = [&](const std::string& hub, wire::Record record) {
    return ball.town.follow(2, hub, {std::move(record)});
  };
  const auto move = [&](const std::string& to, Term term) {
    wire::Record record = next_record(log, UserId(), RecordKind::hub_move,
                                      wire::to_json(wire::HubMoveContent{to, term}));
    record.origin = kMontague;
    record.origin_signature.clear();
    return record;
  };
  wire::Record by_user = move(kCapulet, 2);
  by_user.sender = ball.romeo.user();
  const auto before = ball.town.log(2, ball.room);
  CHECK_FALSE(follow(kMontague, by_user));
  CHECK_FALSE(follow(kMontague, move(kCapulet, 3)));
  CHECK_FALSE(follow(kMontague, move(kMontague, 2)));
  CHECK_FALSE(follow(kMontague, move("mantua.example", 2)));
  CHECK_FALSE(follow(kCapulet, move(kCapulet, 2)));
  CHECK(ball.town.log(2, ball.room) == before);

  REQUIRE(ball.move(0, kCapulet).is_ok());
  ball.town.settle();
  log = ball.town.records(0, ball.room);
  wire::Record late = next_record(log, ball.romeo.user(), RecordKind::message, said("late"));
  CHECK_FALSE(follow(kMontague, late));  // it is no hub any more
  CHECK(follow(kCapulet, late).error().code == Code::conflict);
  CHECK(ball.town.log(2, ball.room) == ball.town.log(0, ball.room));
}

TEST_CASE("nobody moves a room by handing that in", "[core]") {
  Ball ball;
  Draft draft;
  draft.room = ball.room;
  draft.kind = RecordKind::hub_move;
  draft.sender = ball.juliet.user();
  draft.client_msg_id = ball.juliet.new_id();
  draft.origin = kCapulet;
  draft.origin_signature = std::string(wire::kMaxOriginSignatureBytes, 's');
  draft.content = wire::to_json(wire::HubMoveContent{kCapulet, 2});
  const auto answer = ball.town.submit(0, kCapulet, draft);
  REQUIRE_FALSE(answer);
  CHECK_FALSE(is_worth_retrying(answer.error().code));
}

TEST_CASE("who was invited before the move is let in by the new hub", "[core]") {
  Ball ball;
  Actor nurse = ball.town[2].sign_up("nurse");
  ball.romeo.get(wire::RoomInvite{ball.room, nurse.user()});
  ball.town.settle();
  REQUIRE(ball.move(0, kCapulet).is_ok());
  ball.town.settle();
  nurse.get(wire::RoomJoin{ball.room});
  ball.town.settle();
  CHECK(nurse.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");
  ball.check_logs();
}

TEST_CASE("a server that has nothing of the room hears from the old hub where it is", "[core]") {
  Feast feast;
  feast.move();
  feast.paris.get(wire::RoomJoin{feast.room});
  feast.town.settle();
  CHECK(feast.town.log(2, feast.room).empty());
  feast.town.service(2).moved(kMontague, feast.room, kCapulet);
  feast.town.settle();
  CHECK(feast.paris.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");
  CHECK(feast.town.log(2, feast.room) == feast.town.log(1, feast.room));
}

TEST_CASE("what the new hub feeds is no stranger's while the old one is asked", "[core]") {
  Feast feast;
  const auto fed = [&] {
    return feast.town.follow(2, kCapulet, feast.town.records(0, feast.room)).error().code;
  };
  CHECK(fed() == Code::forbidden);
  feast.town.cut();
  feast.paris.get(wire::RoomJoin{feast.room});
  CHECK(fed() == Code::timeout);
  CHECK(feast.town.log(2, feast.room).empty());

  Ball ball;
  ball.mercutio.get(wire::RoomLeave{ball.room});
  ball.town.settle();
  const auto log = ball.town.records(0, ball.room);
  const auto next = next_record(log, ball.juliet.user(), RecordKind::message, said("who moved?"));
  CHECK(ball.town.follow(2, kCapulet, {next}).error().code == Code::forbidden);
  ball.town.cut();
  ball.mercutio.get(wire::RoomJoin{ball.room});
  CHECK(ball.town.follow(2, kCapulet, {next}).error().code == Code::timeout);
}

TEST_CASE("what waits stays with the old hub where the move can't be written down", "[core]") {
  Feast feast;
  feast.move();
  feast.paris.get(wire::RoomJoin{feast.room});
  feast.town[2].store.fail_commits(1, Code::internal);

  feast.town.service(2).moved(kMontague, feast.room, kCapulet);
  feast.town[2].settle();

  CHECK(feast.town.service(2).outbox(kMontague).size() == 1);
  CHECK(feast.town.service(2).outbox(kCapulet).empty());
  feast.town.pass(std::chrono::minutes(1));
  feast.town.service(2).moved(kMontague, feast.room, kCapulet);
  feast.town.settle();
  CHECK(feast.paris.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");
}

TEST_CASE("who is invited hears it from the new hub too, and when it is over", "[core]") {
  Feast feast;
  feast.move();
  feast.town.settle();
  const Json invited = feast.paris.get(wire::RoomList{});
  CHECK(invited.text("/rooms/0/membership") == "invited");
  CHECK(invited.text("/rooms/0/hub") == kCapulet);
  CHECK(invited.text("/rooms/0/invited_by") == feast.romeo.user().text());
  feast.romeo.get(wire::RoomKick{feast.room, feast.paris.user(), {}});
  feast.town.settle();
  CHECK(feast.paris.get(wire::RoomList{}).size("/rooms") == 0);
}

TEST_CASE("what waits at a plugin while the room moves is no record of the old hub", "[core]") {
  Ball ball;
  TestHooks& hooks = ball.town[0].hooks;
  hooks.pre_accept = [](const Draft&) { return Verdict(); };
  hooks.is_slow = true;
  const wire::MessageSend said{ball.room, ball.romeo.new_id(), text_content("late")};
  const std::string late = ball.romeo.begin(said);
  ball.town[0].settle();
  REQUIRE(hooks.asked() == 1);
  hooks.is_slow = false;
  REQUIRE(ball.move(0, kCapulet).is_ok());
  hooks.answer_all();
  ball.town.settle();
  CHECK(ball.romeo.answer<wire::MessageSend>(late)->code == "unavailable");
  CHECK(ball.texts().empty());
  CHECK(ball.romeo.get(said).has("/pending"));  // its client tries again
  ball.town.settle();
  CHECK(ball.texts().size() == 1);
  ball.check_logs();
}

}  // namespace chatd::core
