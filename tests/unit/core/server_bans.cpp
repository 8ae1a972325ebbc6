#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

// The users of a whole server, kept out of a room.
namespace chatd::core {
namespace {

const std::string kMontague = "montague.example";
const std::string kCapulet = "capulet.example";
const std::string kVerona = "verona.example";

// A group of Romeo's at montague.example with Juliet of capulet.example and the Prince of
// verona.example.
struct Feud {
  Town town{{kMontague, kCapulet, kVerona}};
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  Actor nurse = town[1].sign_up("nurse");
  Actor prince = town[2].sign_up("prince");
  RoomId room = romeo.found_group("the square", {});

  Feud() {
    invite(romeo, juliet);
    invite(romeo, prince);
    juliet.get(wire::RoomJoin{room});
    prince.get(wire::RoomJoin{room});
    town.settle();
  }
  void invite(Actor& by, Actor& whom) {
    by.get(wire::RoomInvite{room, whom.user()});
    town.settle();
  }
  void make_admin(Actor& whom) {
    romeo.get(wire::RoomSetRole{room, whom.user(), wire::Role::admin});
    town.settle();
  }
  std::string ban(Actor& by, const std::string& server, bool is_banned = true) {
    const std::string code = by.ask(wire::RoomBanServer{room, server, is_banned, {}}).code;
    town.settle();
    return code;
  }
  [[nodiscard]] std::size_t seen_by(std::size_t server) { return town.log(server, room).size(); }
};

TEST_CASE("a server that is banned from a room is out with all its people", "[core]") {
  Feud feud;
  feud.invite(feud.romeo, feud.nurse);
  feud.juliet.forget_events();

  feud.romeo.get(wire::RoomBanServer{feud.room, kCapulet, true, "they bite their thumbs"});
  feud.town.settle();

  for (Actor* const who : {&feud.juliet, &feud.nurse})
    CHECK(who->get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(feud.juliet.events("account.changed").size() == 1);
  CHECK(feud.juliet.try_send(feud.room, "wherefore").code == "not_found");
  // The ban is the last that its server gets; others go on.
  const std::size_t last = feud.seen_by(0);
  CHECK(feud.seen_by(1) == last);
  feud.romeo.send(feud.room, "peace");
  feud.town.settle();
  CHECK(feud.seen_by(1) == last);
  CHECK(feud.town.log(2, feud.room) == feud.town.log(0, feud.room));
  CHECK(feud.town.shared(0, kCapulet).empty());
  CHECK(feud.town.shared(1, kMontague).empty());
  for (Actor* const who : {&feud.romeo, &feud.prince})
    CHECK(who->get(wire::RoomGet{feud.room}).size("/members") == 2);
  CHECK(feud.romeo.get(wire::RoomGet{feud.room}).text("/banned_servers/0") == kCapulet);
}

TEST_CASE("nobody of a banned server comes in until the ban is lifted", "[core]") {
  Feud feud;
  feud.romeo.get(wire::RoomSet{feud.room, {}, {}, wire::JoinRule::open, {}});
  feud.ban(feud.romeo, kCapulet);

  CHECK(feud.romeo.ask(wire::RoomInvite{feud.room, feud.nurse.user()}).code == "forbidden");
  feud.nurse.get(wire::RoomJoin{feud.room, kMontague});
  feud.town.settle();
  CHECK(feud.nurse.sync().text("/pending/0/refused") == "forbidden");

  CHECK(feud.ban(feud.romeo, kCapulet, false).empty());
  CHECK(feud.juliet.get(wire::RoomList{}).size("/rooms") == 0);
  feud.invite(feud.romeo, feud.juliet);
  feud.juliet.get(wire::RoomJoin{feud.room});
  feud.town.settle();
  CHECK(feud.town.log(1, feud.room) == feud.town.log(0, feud.room));
  CHECK(feud.juliet.try_send(feud.room, "I am back").is_ok());
}

TEST_CASE("somebody who is only invited hears that the invitation is gone", "[core]") {
  Feud feud;
  const RoomId other = feud.romeo.found_group("the tomb", {});
  feud.romeo.get(wire::RoomInvite{other, feud.nurse.user()});
  feud.town.settle();
  CHECK(feud.nurse.get(wire::RoomList{}).size("/rooms") == 1);

  feud.romeo.get(wire::RoomBanServer{other, kCapulet, true, {}});
  feud.town.settle();

  CHECK(feud.nurse.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(feud.town.log(1, other).empty());
}

TEST_CASE("a server is banned by who outranks all of its people", "[core]") {
  Feud feud;
  CHECK(feud.ban(feud.prince, kCapulet) == "forbidden");
  feud.make_admin(feud.prince);
  feud.make_admin(feud.juliet);
  CHECK(feud.ban(feud.prince, kCapulet) == "forbidden");

  for (const std::string& own : {kMontague, kVerona})
    CHECK(feud.ban(feud.prince, own) == "forbidden");
  CHECK(feud.ban(feud.romeo, "no name") == "invalid_params");
  CHECK(feud.ban(feud.romeo, kCapulet, false) == "not_found");
  CHECK(feud.ban(feud.nurse, kCapulet) == "not_found");
  CHECK(feud.ban(feud.romeo, kCapulet).empty());
  CHECK(feud.ban(feud.romeo, kCapulet) == "not_found");
}

TEST_CASE("an admin of another server bans one through the hub", "[core]") {
  Feud feud;
  feud.make_admin(feud.prince);

  CHECK(feud.ban(feud.prince, kCapulet).empty());

  CHECK(feud.juliet.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(feud.town.log(2, feud.room) == feud.town.log(0, feud.room));
  CHECK(feud.prince.get(wire::RoomGet{feud.room}).text("/banned_servers/0") == kCapulet);
}

TEST_CASE("a ban of a server outlives a restart of all", "[core]") {
  Feud feud;
  feud.ban(feud.romeo, kCapulet);
  for (const std::size_t server : {0u, 1u, 2u}) feud.town.restart(server);
  feud.romeo.reconnect();
  feud.juliet.reconnect();

  CHECK(feud.romeo.ask(wire::RoomInvite{feud.room, feud.nurse.user()}).code == "forbidden");
  CHECK(feud.juliet.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(feud.town.shared(0, kCapulet).empty());
}

}  // namespace
}  // namespace chatd::core
