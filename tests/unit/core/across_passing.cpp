#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

// Typing and read markers in rooms of several servers.
namespace chatd::core {
namespace {

const std::string kMontague = "montague.example";
const std::string kCapulet = "capulet.example";
const std::string kVerona = "verona.example";

// Romeo's group at montague.example, with Juliet and the Prince, each of another server.
struct Ball {
  Town town{{kMontague, kCapulet, kVerona}};
  Actor romeo = town[0].sign_up("romeo");
  Actor benvolio = town[0].sign_up("benvolio");
  Actor juliet = town[1].sign_up("juliet");
  Actor prince = town[2].sign_up("prince");
  RoomId room = romeo.found_group("the ball", {&benvolio});
  Seq last = 0;

  Ball() {
    for (Actor* const guest : {&juliet, &prince}) {
      romeo.get(wire::RoomInvite{room, guest->user()});
      town.settle();
      guest->get(wire::RoomJoin{room});
      town.settle();
    }
    last = romeo.send(room, "hear all, all see");
    town.settle();
    forget();
  }
  void forget() {
    for (Actor* const each : {&romeo, &benvolio, &juliet, &prince}) each->forget_events();
  }
  // Who is told that somebody types, or has read.
  std::string told(const std::string& event, const Actor& who) {
    town.settle();
    std::string names;
    for (Actor* const each : {&romeo, &benvolio, &juliet, &prince})
      for (const Json& told : each->events(event)) {
        CHECK(told.text("/user") == who.user().text());
        names += (names.empty() ? "" : " ") + std::string(each->user().localpart());
      }
    return names;
  }
  // How far somebody has read, as somebody is shown.
  std::uint64_t read_by(const Actor& who, Actor& viewer) const {
    const Json details = viewer.get(wire::RoomGet{room});
    for (std::size_t i = 0; i < details.size("/members"); ++i) {
      const Json member = details.at("/members/" + std::to_string(i));
      if (member.text("/user") == who.user().text()) return member.number("/read_seq");
    }
    return 0;
  }
  bool is_taken(std::size_t to, const std::string& peer, const Passing& what) {
    CHECK(town.pass_by(to, peer, what).has_value());
    town.settle();
    bool is_told = false;
    for (Actor* const each : {&romeo, &benvolio, &juliet, &prince})
      is_told |= !each->events("room.typing").empty() || !each->events("room.read").empty();
    return is_told;
  }
};

TEST_CASE("typing is told to everyone else in a room of three servers, once", "[core]") {
  Ball ball;
  ball.juliet.get(wire::TypingSet{ball.room, true});
  CHECK(ball.told("room.typing", ball.juliet) == "romeo benvolio prince");
  ball.romeo.get(wire::TypingSet{ball.room, false});
  CHECK(ball.told("room.typing", ball.romeo) == "benvolio juliet prince");
}

TEST_CASE("what is typed while the hub is away is told to nobody there, nor later", "[core]") {
  Ball ball;
  ball.town.cut();
  ball.juliet.get(wire::TypingSet{ball.room, true});
  ball.town.mend();
  CHECK(ball.told("room.typing", ball.juliet).empty());
}

TEST_CASE("who types too often is told here, and no more elsewhere", "[core]") {
  Ball ball;
  for (int i = 0; i < 100; ++i) ball.romeo.get(wire::TypingSet{ball.room, true});
  ball.town.settle();
  CHECK(ball.benvolio.events("room.typing").size() == 100);
  CHECK(ball.juliet.events("room.typing").size() == 40);
}

TEST_CASE("read markers are seen at all servers of a room, and only move forward", "[core]") {
  Ball ball;
  const unsigned commits = ball.town[2].store.commits();
  ball.juliet.get(wire::ReceiptRead{ball.room, ball.last});

  CHECK(ball.told("room.read", ball.juliet) == "romeo benvolio prince");
  for (Actor* const viewer : {&ball.romeo, &ball.juliet, &ball.prince})
    CHECK(ball.read_by(ball.juliet, *viewer) == ball.last);
  CHECK(ball.town[2].store.commits() == commits);
  CHECK_FALSE(ball.is_taken(0, kCapulet, ReadMark{ball.room, ball.juliet.user(), 1}));
  CHECK(ball.read_by(ball.juliet, ball.romeo) == ball.last);
  // What was written later has been read when it was written.
  CHECK(ball.juliet.try_send(ball.room, "My only love").is_ok());
  ball.town.settle();
  CHECK(ball.read_by(ball.juliet, ball.romeo) == ball.last + 1);
}

TEST_CASE("nobody has read further than there is something to read", "[core]") {
  Ball ball;
  CHECK(ball.is_taken(0, kCapulet, ReadMark{ball.room, ball.juliet.user(), UINT64_MAX}));
  CHECK(ball.read_by(ball.juliet, ball.romeo) == ball.last);
}

TEST_CASE("a server speaks for its own people who are in the room, and the hub for the others",
          "[core]") {
  Ball ball;
  const UserId juliet = ball.juliet.user();
  const UserId nurse = *UserId::parse("nurse@capulet.example");
  // Not in the room; not of that server; not the hub; no such room.
  CHECK_FALSE(ball.is_taken(0, kCapulet, Typing{ball.room, nurse, true}));
  CHECK_FALSE(ball.is_taken(0, kVerona, Typing{ball.room, juliet, true}));
  CHECK_FALSE(ball.is_taken(2, kCapulet, Typing{ball.room, juliet, true}));
  CHECK_FALSE(ball.is_taken(0, kCapulet, Typing{RoomId(blake2b_256("no room")), juliet, true}));
  CHECK_FALSE(ball.is_taken(0, kVerona, ReadMark{ball.room, juliet, ball.last}));
  CHECK(ball.is_taken(2, kMontague, Typing{ball.room, juliet, true}));
  // Who was thrown out says nothing more.
  ball.romeo.get(wire::RoomKick{ball.room, juliet, {}});
  ball.town.settle();
  ball.forget();
  CHECK_FALSE(ball.is_taken(0, kCapulet, Typing{ball.room, juliet, true}));
  CHECK(ball.juliet.ask(wire::TypingSet{ball.room, true}).code == "not_found");
}

TEST_CASE("in a 1:1 room across servers nothing shows before it is accepted, nor across a block",
          "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = romeo.open_direct(juliet);
  const auto is_told = [&](Actor& actor, Actor& other) {
    other.forget_events();
    actor.get(wire::TypingSet{room, true});
    town.settle();
    return !other.events("room.typing").empty();
  };
  CHECK(romeo.try_send(room, "hello").is_ok());
  town.settle();
  CHECK_FALSE(is_told(romeo, juliet));
  juliet.get(wire::RoomJoin{room});
  CHECK(is_told(romeo, juliet));
  CHECK(is_told(juliet, romeo));
  juliet.get(wire::ReceiptRead{room, 2});
  town.settle();
  CHECK(romeo.events("room.read").size() == 1);

  juliet.get(wire::BlockSet{romeo.user(), true});
  CHECK_FALSE(is_told(romeo, juliet));
  CHECK_FALSE(is_told(juliet, romeo));
}

}  // namespace
}  // namespace chatd::core
