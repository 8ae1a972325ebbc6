#include "tests/unit/core/across.hpp"

// Coming and going in rooms of another server, when its word and theirs cross.
namespace chatd::core {
namespace {

TEST_CASE("who declines an invitation is done with it, also when it is told late", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = romeo.found_group("the ball", {});
  romeo.get(wire::RoomInvite{room, juliet.user()});
  const Notice invitation{room, 2, juliet.user(), wire::Membership::invited, romeo.user(), 1};
  town.settle();
  town.cut();

  juliet.get(wire::RoomLeave{room});
  // The hub says so again before it has heard: it is to say it once more, should it still be so.
  CHECK(town.notice(1, kMontague, invitation).error().code == Code::unavailable);
  CHECK(juliet.get(wire::RoomList{}).size("/rooms") == 0);
  town.mend();
  town.settle();

  CHECK(town.records(0, room).size() == 3);
  CHECK(town.service(1).outbox(kMontague).empty());
  CHECK(juliet.sync().size("/pending") == 0);
  CHECK(juliet.get(wire::RoomList{}).size("/rooms") == 0);
  romeo.get(wire::RoomInvite{room, juliet.user()});
  town.settle();
  CHECK(juliet.get(wire::RoomList{}).text("/rooms/0/membership") == "invited");
}

TEST_CASE("a notice does not overtake the room's log, nor undo it", "[core]") {
  Ball ball;
  Actor nurse = ball.town[1].sign_up("nurse");
  ball.romeo.get(wire::RoomInvite{ball.room, nurse.user()});
  ball.romeo.get(wire::RoomKick{ball.room, ball.juliet.user(), {}});
  ball.romeo.get(wire::RoomKick{ball.room, nurse.user(), {}});
  ball.romeo.get(wire::RoomInvite{ball.room, nurse.user()});
  const Seq last = ball.town.records(0, ball.room).size();
  const auto notice = [&](Seq seq, wire::Membership membership) {
    return Notice{ball.room, seq, nurse.user(), membership, ball.romeo.user(), 1};
  };

  // Juliet's server has yet to read that she is out, and what was before it.
  const auto early = ball.town.notice(1, kMontague, notice(last, wire::Membership::invited));
  CHECK(early.error().code == Code::unavailable);
  ball.town.settle();
  CHECK(nurse.get(wire::RoomList{}).text("/rooms/0/membership") == "invited");
  // One from before that is still on its way.
  CHECK(ball.town.notice(1, kMontague, notice(last - 3, wire::Membership::left)).has_value());
  CHECK(nurse.get(wire::RoomList{}).text("/rooms/0/membership") == "invited");
}

TEST_CASE("who takes back a join that the hub may know of is no member without knowing it",
          "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = found_square(romeo);
  town.cut();
  juliet.get(wire::RoomJoin{room, kMontague});
  // The hub lets her in; its answer is lost, and her server starts again.
  const Draft join = town.service(1).outbox(kMontague).begin()->second.draft;
  CHECK(town.submit(0, kCapulet, signed_by(kCapulet, join)) == 2);
  town.restart(1);
  juliet.reconnect();

  juliet.get(wire::MessageCancel{juliet.sync().number("/pending/0/number")});

  // What says that she leaves can't be taken back.
  const Json pending = juliet.sync();
  REQUIRE(pending.size("/pending") == 1);
  CHECK(pending.text("/pending/0/content/membership") == "left");
  CHECK(juliet.ask(wire::MessageCancel{pending.number("/pending/0/number")}).code == "conflict");
  town.mend();
  town.settle();
  CHECK(romeo.get(wire::RoomGet{room}).size("/members") == 1);
  CHECK(juliet.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(juliet.sync().size("/pending") == 0);
  CHECK(town.shared(0, kCapulet).empty());

  // And she is welcome.
  juliet.get(wire::RoomJoin{room, kMontague});
  town.settle();
  CHECK(juliet.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");
}

TEST_CASE("who is about to leave is not invited in between", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  Actor nurse = town[1].sign_up("nurse");
  const RoomId room = found_square(romeo);
  nurse.get(wire::RoomJoin{room, kMontague});
  town.settle();
  town.cut();
  romeo.get(wire::RoomInvite{room, juliet.user()});
  juliet.get(wire::RoomJoin{room, kMontague});
  town.restart(1);
  juliet.reconnect();
  juliet.get(wire::MessageCancel{juliet.sync().number("/pending/0/number")});

  CHECK(town.follow(1, kMontague, town.records(0, room)) == 3);

  CHECK(juliet.get(wire::RoomList{}).size("/rooms") == 0);
  town.mend();
  town.settle();
  CHECK(juliet.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(juliet.sync().size("/pending") == 0);
  CHECK(town.log(0, room) == town.log(1, room));
}

TEST_CASE("a join that surely did not reach the hub is taken back as if it had not been",
          "[core]") {
  Ball ball;
  Actor nurse = ball.town[1].sign_up("nurse");
  ball.romeo.get(wire::RoomInvite{ball.room, nurse.user()});
  ball.town.settle();
  ball.town.cut();
  nurse.get(wire::RoomJoin{ball.room});

  nurse.get(wire::MessageCancel{nurse.sync().number("/pending/0/number")});
  ball.town.mend();
  ball.town.settle();

  CHECK(nurse.get(wire::RoomList{}).text("/rooms/0/membership") == "invited");
  CHECK(ball.membership(nurse, 0) == "invited");
}

TEST_CASE("who asks twice to be let in is in, once", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = found_square(romeo);
  town.cut();
  juliet.get(wire::RoomJoin{room, kMontague});
  juliet.get(wire::RoomJoin{room, kMontague});
  const std::uint64_t second = town.service(1).outbox(kMontague).rbegin()->first;
  town.mend();
  town.settle();
  town.service(1).accepted(kMontague, second, 2);  // said again, as the record was not here yet
  town.settle();

  CHECK(juliet.sync().size("/pending") == 0);
  CHECK(town.log(0, room).size() == 2);
  CHECK(juliet.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");
}

TEST_CASE("who declines and then comes all the same is in", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = found_square(romeo);
  romeo.get(wire::RoomInvite{room, juliet.user()});
  town.settle();
  town.cut();
  juliet.get(wire::RoomLeave{room});
  juliet.get(wire::RoomJoin{room, kMontague});
  std::vector<Draft> said;
  for (const auto& [entry, waiting] : town.service(1).outbox(kMontague))
    said.push_back(waiting.draft);
  for (const Draft& draft : said) CHECK(town.submit(0, kCapulet, signed_by(kCapulet, draft)));

  // Both records come at once, before the hub's answers.
  CHECK(town.follow(1, kMontague, town.records(0, room)) == 4);

  CHECK(juliet.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");
  CHECK(juliet.sync().size("/pending") == 0);
}

TEST_CASE("leaving is not given up, however long the hub is away", "[core]") {
  Ball ball;
  ball.town.cut();
  ball.juliet.get(wire::RoomLeave{ball.room});

  ball.town.pass(std::chrono::hours(24 * 60));

  CHECK(ball.juliet.get(wire::RoomList{}).size("/rooms") == 0);
  ball.town.mend();
  ball.town.settle();
  CHECK(ball.membership(ball.juliet, 0) == "left");
  CHECK(ball.juliet.sync().size("/pending") == 0);
}

TEST_CASE("who leaves while they are taken out is told of no refusal", "[core]") {
  Ball ball;
  ball.town.cut();
  ball.juliet.get(wire::RoomLeave{ball.room});
  ball.romeo.get(wire::RoomKick{ball.room, ball.juliet.user(), {}});
  ball.town.mend();
  ball.town.settle();

  CHECK(ball.juliet.sync().size("/pending") == 0);
  CHECK(ball.juliet.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(ball.are_logs_equal());
}

TEST_CASE("leaving works at once, also with the hub away, and the server hears no more", "[core]") {
  Ball ball;
  ball.town.cut();

  ball.juliet.get(wire::RoomLeave{ball.room});

  CHECK(ball.juliet.get(wire::RoomList{}).size("/rooms") == 0);
  ball.romeo.send(ball.room, "where is she?");
  ball.town.mend();
  ball.town.settle();
  CHECK(ball.membership(ball.juliet, 0) == "left");
  CHECK(ball.are_logs_equal());
  ball.romeo.send(ball.room, "gone");
  ball.town.settle();
  CHECK(ball.town.log(1, ball.room).size() + 1 == ball.town.log(0, ball.room).size());
  CHECK(ball.town.shared(0, kCapulet).empty());
  CHECK(ball.town.shared(1, kMontague).empty());

  ball.romeo.get(wire::RoomInvite{ball.room, ball.juliet.user()});
  ball.town.settle();
  CHECK(ball.juliet.get(wire::RoomList{}).text("/rooms/0/membership") == "invited");
  ball.juliet.get(wire::RoomJoin{ball.room});
  ball.town.settle();
  CHECK(ball.are_logs_equal());
  CHECK(ball.juliet.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");
}

}  // namespace
}  // namespace chatd::core
