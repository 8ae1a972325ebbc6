#include "tests/unit/core/across.hpp"

// What is erased in a room is erased also where people have left it.
namespace chatd::core {
namespace {

const std::string kVerona = "verona.example";

// Juliet of capulet.example and Mercutio of verona.example are in a group of Romeo's at
// montague.example. Romeo has said something, and taken a word of it back; then Juliet leaves.
struct Farewell {
  Town town{{kMontague, kCapulet, kVerona}};
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  Actor mercutio = town[2].sign_up("mercutio");
  RoomId room = romeo.found_group("the ball", {});
  Seq said = 0;

  Farewell() {
    enter(juliet);
    enter(mercutio);
    said = romeo.send(room, "my secret");
    romeo.get(wire::MessageEdit{room, romeo.new_id(), said, text_content("my other secret")});
    town.settle();
    juliet.get(wire::RoomLeave{room});
    town.settle();
    town.peers(0).ask_to_take_over = [this](const auto&, const auto&, auto done) {
      town[0].later.add([done] { done(Status()); });
    };
  }
  void enter(Actor& who) {
    romeo.get(wire::RoomInvite{room, who.user()});
    town.settle();
    who.get(wire::RoomJoin{room});
    town.settle();
  }
  void erase() { romeo.get(wire::MessageRedact{room, romeo.new_id(), said, {}}); }
  [[nodiscard]] bool keeps_secret(std::size_t server) {
    const auto log = town.log(server, room);
    return std::any_of(log.begin(), log.end(), [](const std::string& stored) {
      return stored.find("secret") != std::string::npos;
    });
  }
  [[nodiscard]] std::vector<Notice> notices(const std::string& to) {
    std::vector<Notice> all;
    town.service(0).notices(to, 10, [&](auto found) { all = *std::move(found); });
    town[0].settle();
    return all;
  }
  // What the admin of that server sees of another one.
  [[nodiscard]] Json trace(std::size_t server, const std::string& of) {
    const Json trace =
        town[server].admin(wire::AdminMessageTrace{room, std::to_string(said)}).result;
    for (std::size_t i = 0; i < trace.size("/peers"); ++i)
      if (trace.text("/peers/" + std::to_string(i) + "/server") == of)
        return trace.at("/peers/" + std::to_string(i));
    return {};
  }
};

TEST_CASE("a server that has left erases with all its edits what is erased after that", "[core]") {
  Farewell farewell;
  const std::size_t has = farewell.town.log(1, farewell.room).size();
  farewell.erase();
  farewell.town.settle();

  CHECK_FALSE(farewell.keeps_secret(1));
  CHECK(farewell.town.records(1, farewell.room)[farewell.said - 1].is_erased);
  CHECK(farewell.town.log(1, farewell.room).size() == has);
  CHECK(farewell.notices(kCapulet).empty());
  CHECK(farewell.town[1].admin(wire::AdminRoomVerify{farewell.room}).result.size("/problems") == 0);
}

TEST_CASE("what is erased waits for a server that is away, also over a restart", "[core]") {
  Farewell farewell;
  farewell.town.cut();
  farewell.erase();
  farewell.town.restart(0);
  farewell.romeo.reconnect();
  CHECK(farewell.keeps_secret(1));
  CHECK(farewell.notices(kCapulet).size() == 1);
  std::vector<std::string> peers;
  farewell.town.service(0).peers([&](auto found) { peers = *std::move(found); });
  farewell.town[0].settle();
  CHECK(std::find(peers.begin(), peers.end(), kCapulet) != peers.end());

  farewell.town.mend();
  farewell.town.settle();

  CHECK_FALSE(farewell.keeps_secret(1));
  CHECK(farewell.notices(kCapulet).empty());
}

TEST_CASE("who left is remembered where a room is built again from its log", "[core]") {
  Farewell farewell;
  farewell.town[0].settings.rooms_in_memory = 1;
  farewell.town.restart(0);
  farewell.romeo.reconnect();
  farewell.romeo.found_group("the tomb", {});
  farewell.erase();
  farewell.town.settle();

  CHECK_FALSE(farewell.keeps_secret(1));
}

TEST_CASE("the trace of an erased message shows who has acknowledged that", "[core]") {
  Farewell farewell;
  farewell.town.cut();
  farewell.erase();
  farewell.town.peers(0).shown.acked = farewell.said;
  CHECK_FALSE(farewell.trace(0, kVerona).flag("/has_erased"));
  CHECK_FALSE(farewell.trace(0, kVerona).has("/left"));
  farewell.town.peers(0).shown.acked.reset();
  CHECK(farewell.trace(0, kCapulet).flag("/left"));
  CHECK_FALSE(farewell.trace(0, kCapulet).flag("/has_erased"));

  farewell.town.mend();
  farewell.town.settle();

  CHECK(farewell.trace(0, kCapulet).flag("/has_erased"));
  const Seq eraser = farewell.town.records(0, farewell.room).back().seq;
  farewell.town.peers(0).shown.acked = eraser;
  CHECK(farewell.trace(0, kVerona).flag("/has_erased"));
  const auto trace =
      farewell.town[0].admin(wire::AdminMessageTrace{farewell.room, std::to_string(farewell.said)});
  CHECK(trace.result.number("/erased_by") == eraser);
}

TEST_CASE("the hub that a server has left tells it also after the room has moved", "[core]") {
  Farewell farewell;
  REQUIRE(farewell.town[0].admin(wire::AdminRoomHubMove{farewell.room, kVerona}).is_ok());
  farewell.town.settle();
  farewell.romeo.ask(
      wire::MessageRedact{farewell.room, farewell.romeo.new_id(), farewell.said, {}});
  farewell.town.settle();

  CHECK_FALSE(farewell.keeps_secret(2));
  CHECK_FALSE(farewell.keeps_secret(1));
  CHECK(farewell.trace(0, kCapulet).flag("/has_erased"));
  CHECK(farewell.trace(2, kCapulet).flag("/left"));
  CHECK_FALSE(farewell.trace(2, kCapulet).has("/has_erased"));
}

TEST_CASE("only the hub that a server has left has it erase, and no more than the message",
          "[core]") {
  Farewell farewell;
  const auto before = farewell.town.log(1, farewell.room);
  Notice notice;
  notice.room = farewell.room;
  notice.seq = 100;
  notice.membership = wire::Membership::none;
  notice.erased = farewell.said;

  CHECK(farewell.town.notice(1, kVerona, notice));
  notice.room = RoomId(blake2b_256("nowhere"));
  CHECK(farewell.town.notice(1, kMontague, notice));
  notice.room = farewell.room;
  for (const Seq other : {Seq{1}, Seq{99}}) {
    notice.erased = other;
    CHECK(farewell.town.notice(1, kMontague, notice));
  }
  CHECK(farewell.town.log(1, farewell.room) == before);

  notice.erased = farewell.said;
  CHECK(farewell.town.notice(1, kMontague, notice));
  CHECK_FALSE(farewell.keeps_secret(1));
}

TEST_CASE("an erasure is not acknowledged while the message is on its way", "[core]") {
  Farewell farewell;
  farewell.town.hold_feeds(true);
  farewell.said = farewell.romeo.send(farewell.room, "another secret");
  farewell.town.settle();
  farewell.mercutio.ask(wire::RoomLeave{farewell.room});
  farewell.town.settle();
  farewell.erase();
  farewell.town.settle();
  CHECK(farewell.notices(kVerona).size() == 1);

  farewell.town.hold_feeds(false);
  farewell.town.settle();

  CHECK(farewell.notices(kVerona).empty());
  CHECK(farewell.town.records(2, farewell.room)[farewell.said - 1].is_erased);
}

TEST_CASE("who comes back hears from the log as well what was erased meanwhile", "[core]") {
  Farewell farewell;
  farewell.town.cut();
  farewell.erase();
  farewell.romeo.get(wire::RoomInvite{farewell.room, farewell.juliet.user()});
  farewell.town.mend();
  farewell.town.settle();
  farewell.juliet.get(wire::RoomJoin{farewell.room});
  farewell.town.settle();

  CHECK_FALSE(farewell.keeps_secret(1));
  CHECK(farewell.town.log(1, farewell.room) == farewell.town.log(0, farewell.room));
  CHECK(farewell.notices(kCapulet).empty());
}

TEST_CASE("an erasure that can't be written down is told again", "[core]") {
  Farewell farewell;
  farewell.town.cut();
  farewell.erase();
  farewell.town[1].store.fail_commits(1, Code::read_only);
  CHECK_FALSE(farewell.town.notice(1, kMontague, farewell.notices(kCapulet).front()));
  CHECK(farewell.keeps_secret(1));

  farewell.town.mend();
  farewell.town.pass(Millis(1001));
  farewell.town.settle();

  CHECK_FALSE(farewell.keeps_secret(1));
}

}  // namespace
}  // namespace chatd::core
