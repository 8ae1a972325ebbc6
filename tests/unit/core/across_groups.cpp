#include "daemon/core/keys.hpp"
#include "tests/unit/core/across.hpp"

namespace chatd::core {
namespace {

TEST_CASE("an invitation from another server shows who and where, and nothing they wrote",
          "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  juliet.forget_events();
  const RoomId room = romeo.found_group("the ball", {});
  romeo.send(room, "come");

  romeo.get(wire::RoomInvite{room, juliet.user()});
  CHECK(town.peers(0).woken.contains(kCapulet));
  town.settle();

  const auto told = juliet.events("account.changed");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/room/membership") == "invited");
  CHECK(told[0].text("/room/invited_by") == romeo.user().text());
  CHECK(told[0].text("/room/hub") == kMontague);
  CHECK(told[0].text("/room/name").empty());
  CHECK(juliet.get(wire::RoomList{}).size("/rooms") == 1);
  CHECK(juliet.sync().size("/rooms") == 1);
  CHECK(juliet.ask(wire::RoomGet{room}).code == "not_found");
  CHECK(town.log(1, room).empty());
  CHECK(town.shared(0, kCapulet).empty());
}

TEST_CASE("who accepts gets the whole room, and is a member on both servers", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = romeo.found_group("the ball", {});
  for (int i = 0; i < 20; ++i) romeo.send(room, "before");
  romeo.get(wire::RoomInvite{room, juliet.user()});
  town.settle();

  juliet.forget_events();
  juliet.get(wire::RoomJoin{room});
  CHECK(juliet.sync().text("/pending/0/kind") == "member");
  const auto told = juliet.events("account.changed");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/pending/kind") == "member");
  town.settle();

  CHECK(juliet.sync().size("/pending") == 0);
  CHECK(town.log(0, room) == town.log(1, room));
  const Json list = juliet.get(wire::RoomList{});
  CHECK(list.text("/rooms/0/membership") == "joined");
  CHECK(list.text("/rooms/0/name") == "the ball");
  CHECK(list.text("/rooms/0/hub") == kMontague);
  CHECK(list.number("/rooms/0/unread") == 0);
  // Her own coming she hears of, what was before she reads.
  CHECK(juliet.events("room.record").size() == 1);
  romeo.send(room, "welcome");
  town.settle();
  CHECK(juliet.get(wire::RoomList{}).number("/rooms/0/unread") == 1);
  CHECK(juliet.events("room.record").size() == 1);
}

TEST_CASE("an invitation can be declined, ignored and taken back", "[core]") {
  Ball ball;
  Actor nurse = ball.town[1].sign_up("nurse");
  Actor tybalt = ball.town[1].sign_up("tybalt");
  Actor paris = ball.town[1].sign_up("paris");
  for (Actor* const guest : {&nurse, &tybalt, &paris})
    ball.romeo.get(wire::RoomInvite{ball.room, guest->user()});
  ball.town.settle();
  CHECK(nurse.get(wire::RoomList{}).size("/rooms") == 1);

  nurse.get(wire::RoomLeave{ball.room});
  ball.romeo.get(wire::RoomKick{ball.room, tybalt.user(), {}});
  ball.town.settle();

  CHECK(ball.membership(nurse, 0) == "left");
  CHECK(nurse.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(tybalt.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(ball.membership(paris, 0) == "invited");
  CHECK(ball.are_logs_equal());
}

TEST_CASE("an invitation to another server holds for two weeks", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = romeo.found_group("the ball", {});
  romeo.get(wire::RoomInvite{room, juliet.user()});
  town.settle();
  town.pass(std::chrono::hours(24 * 15));

  CHECK(juliet.get(wire::RoomList{}).size("/rooms") == 0);
  static_cast<void>(juliet.ask(wire::RoomJoin{room}));
  town.settle();
  CHECK(town.log(0, room).size() == 2);

  CHECK(romeo.ask(wire::RoomInvite{room, juliet.user()}).is_ok());
  town.settle();
  juliet.get(wire::RoomJoin{room});
  town.settle();
  CHECK(juliet.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");
}

TEST_CASE("who was taken out and invited anew hears that they are out, also once that has lapsed",
          "[core]") {
  Ball ball;
  const std::uint64_t version = ball.juliet.sync().number("/account_version");
  ball.romeo.get(wire::RoomKick{ball.room, ball.juliet.user(), {}});
  ball.town.settle();
  ball.romeo.get(wire::RoomInvite{ball.room, ball.juliet.user()});
  ball.town.settle();
  ball.town.pass(std::chrono::hours(24 * 15));

  const Json synced = ball.juliet.sync(version, {{ball.room, 3}});

  CHECK(synced.size("/rooms") == 0);
  REQUIRE(synced.size("/gone") == 1);
  CHECK(synced.text("/gone/0") == ball.room.text());
}

TEST_CASE("who is invited anew after an invitation that lapsed hears of it", "[core]") {
  Ball ball;
  Actor nurse = ball.town[1].sign_up("nurse");
  ball.romeo.get(wire::RoomInvite{ball.room, nurse.user()});
  ball.town.settle();
  ball.town.pass(std::chrono::hours(24 * 15));
  nurse.forget_events();

  ball.romeo.get(wire::RoomInvite{ball.room, nurse.user()});
  ball.town.settle();

  const auto events = nurse.events("account.changed");
  REQUIRE(events.size() == 1);
  CHECK(events[0].text("/room/membership") == "invited");
}

TEST_CASE("an invitation that is taken back while it is answered is taken back there too",
          "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = romeo.found_group("the ball", {});
  romeo.get(wire::RoomInvite{room, juliet.user()});
  const auto noted = [&] {
    std::vector<Notice> notices;
    town.service(0).notices(kCapulet, 10, [&](auto found) { notices = *std::move(found); });
    town[0].settle();
    return notices;
  };
  const std::vector<Notice> invited = noted();
  REQUIRE(invited.size() == 1);
  REQUIRE(town.notice(1, kMontague, invited.front()));

  town[0].store.hold();
  romeo.begin(wire::RoomKick{room, juliet.user(), {}});
  town[0].settle();
  town.service(0).knows(invited.front());
  town[0].settle();
  town[0].store.release();
  town[0].settle();

  REQUIRE(noted().size() == 1);
  CHECK(noted().front().membership == wire::Membership::left);
  town.settle();
  CHECK(juliet.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(noted().empty());
}

TEST_CASE("whoever blocks, or is not there, is not told apart by who invites", "[core]") {
  Ball ball;
  Actor nurse = ball.town[1].sign_up("nurse");
  nurse.get(wire::BlockSet{ball.romeo.user(), true});
  for (const UserId& guest : {nurse.user(), *UserId::parse("nobody@capulet.example")})
    CHECK(ball.romeo.ask(wire::RoomInvite{ball.room, guest}).is_ok());
  ball.town.settle();

  CHECK(nurse.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(ball.are_logs_equal());
  // A hub does not tell a guest of another server either.
  ball.romeo.get(wire::RoomSetRole{ball.room, ball.juliet.user(), wire::Role::admin});
  ball.town.settle();
  ball.juliet.get(wire::RoomInvite{ball.room, *UserId::parse("nobody@montague.example")});
  ball.town.settle();
  CHECK(ball.juliet.sync().size("/pending") == 0);
}

TEST_CASE("of a ban of whom nobody has invited their server is told nothing", "[core]") {
  Ball ball;
  const UserId paris = *UserId::parse("paris@verona.example");
  const auto told = [&] {
    const std::string prefix = keys::notices_of("verona.example");
    return ball.town[0].medium.scan(prefix, prefix, 10)->size();
  };
  for (const bool is_banned : {true, false}) {
    ball.romeo.get(wire::RoomBan{ball.room, paris, is_banned, {}});
    CHECK(told() == 0);
  }

  ball.romeo.get(wire::RoomInvite{ball.room, paris});
  CHECK(told() == 1);
  ball.romeo.get(wire::RoomBan{ball.room, paris, true, {}});
  CHECK(told() == 1);
}

TEST_CASE("members of either server lead the room: roles, kicks and bans cross", "[core]") {
  Ball ball;
  Actor nurse = ball.town[1].sign_up("nurse");
  Actor benvolio = ball.town[0].sign_up("benvolio");
  ball.romeo.get(wire::RoomSetRole{ball.room, ball.juliet.user(), wire::Role::admin});
  ball.town.settle();

  ball.juliet.get(wire::RoomInvite{ball.room, nurse.user()});
  ball.juliet.get(wire::RoomInvite{ball.room, benvolio.user()});
  ball.juliet.get(wire::RoomSet{ball.room, "the feast", {}, {}, {}});
  ball.town.settle();
  nurse.get(wire::RoomJoin{ball.room});
  benvolio.get(wire::RoomJoin{ball.room});
  ball.town.settle();
  CHECK(benvolio.get(wire::RoomGet{ball.room}).text("/name") == "the feast");
  CHECK(ball.membership(nurse, 0) == "joined");

  ball.juliet.get(wire::RoomKick{ball.room, benvolio.user(), "asleep"});
  ball.juliet.get(wire::RoomBan{ball.room, nurse.user(), true, {}});
  ball.town.settle();

  CHECK(benvolio.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(nurse.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(ball.membership(nurse, 0) == "banned");
  // What may not be is refused here at once, or by the hub.
  CHECK(ball.juliet.ask(wire::RoomKick{ball.room, ball.romeo.user(), {}}).code == "forbidden");
  CHECK(ball.are_logs_equal());
}

TEST_CASE("who is taken out by the hub gets the record that says so, and no later one", "[core]") {
  Ball ball;
  ball.town.cut();
  ball.romeo.get(wire::RoomKick{ball.room, ball.juliet.user(), {}});
  ball.romeo.send(ball.room, "not for her");
  ball.town.mend();
  ball.town.settle();

  CHECK(ball.membership(ball.juliet, 1) == "left");
  CHECK(ball.juliet.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(ball.town.log(1, ball.room).size() + 1 == ball.town.log(0, ball.room).size());
  CHECK(ball.juliet.try_send(ball.room, "let me in").code == "not_found");
}

TEST_CASE("a room stays shared until the server that left has the record that says so", "[core]") {
  Ball ball;
  const Seq has = ball.town.log(1, ball.room).size();
  ball.town.cut();
  ball.romeo.get(wire::RoomKick{ball.room, ball.juliet.user(), {}});

  // On its way was that it has all before.
  ball.town.service(0).unshare(kCapulet, ball.room, has);
  ball.town[0].settle();
  REQUIRE(ball.town.shared(0, kCapulet).size() == 1);

  ball.town.mend();
  ball.town.settle();
  CHECK(ball.are_logs_equal());
  CHECK(ball.town.shared(0, kCapulet).empty());
}

TEST_CASE("an open room of another server is entered by its id and its hub", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = found_square(romeo);

  CHECK(juliet.ask(wire::RoomJoin{room}).code == "not_found");
  juliet.get(wire::RoomJoin{room, kMontague});
  town.settle();

  CHECK(juliet.get(wire::RoomGet{room}).text("/name") == "the square");
  CHECK(town.log(0, room) == town.log(1, room));
}

TEST_CASE("a room of three servers has one log on all", "[core]") {
  Town town({kMontague, kCapulet, "verona.example"});
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  Actor prince = town[2].sign_up("prince");
  const RoomId room = romeo.found_group("Verona", {});
  romeo.get(wire::RoomInvite{room, juliet.user()});
  town.settle();
  juliet.get(wire::RoomJoin{room});
  town.settle();
  romeo.get(wire::RoomSetRole{room, juliet.user(), wire::Role::admin});
  town.settle();
  juliet.get(wire::RoomInvite{room, prince.user()});
  town.settle();
  prince.get(wire::RoomJoin{room});
  town.settle();
  for (int i = 0; i < 5; ++i) {
    CHECK(prince.try_send(room, "p").is_ok());
    CHECK(juliet.try_send(room, "j").is_ok());
    romeo.send(room, "r");
    if (i == 2) town.restart(2);
    if (i == 2) prince.reconnect();
    town.settle();
  }

  CHECK(town.log(0, room) == town.log(1, room));
  CHECK(town.log(0, room) == town.log(2, room));
  CHECK(prince.get(wire::RoomGet{room}).size("/members") == 3);
}

TEST_CASE("a server knows whom to reach after a restart", "[core]") {
  Ball ball;
  Actor nurse = ball.town[1].sign_up("nurse");
  ball.town.cut();
  ball.romeo.get(wire::RoomInvite{ball.room, *UserId::parse("prince@verona.example")});
  CHECK(ball.juliet.try_send(ball.room, "anon").is_ok());
  for (const std::size_t i : {0u, 1u}) ball.town.restart(i);

  std::vector<std::string> first;
  std::vector<std::string> second;
  ball.town.service(0).peers([&](const auto& names) { first = *names; });
  ball.town.service(1).peers([&](const auto& names) { second = *names; });
  ball.town.settle();
  CHECK(first == std::vector<std::string>{kCapulet, "verona.example"});
  CHECK(second == std::vector<std::string>{kMontague});
}

}  // namespace
}  // namespace chatd::core
