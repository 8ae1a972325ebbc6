#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace chatd::core {
namespace {

// How this account stands in the room's list of members: "joined owner".
std::string place_of(Actor& asker, const RoomId& room, const Actor& member) {
  const Json details = asker.get(wire::RoomGet{room});
  for (std::size_t i = 0; i < details.size("/members"); ++i) {
    const Json line = details.at("/members/" + std::to_string(i));
    if (line.text("/user") == member.user().text())
      return line.text("/membership") + " " + line.text("/role");
  }
  return "none";
}

wire::RoomCreate open_room(const std::string& name) {
  wire::RoomCreate params;
  params.name = name;
  params.join = wire::JoinRule::open;
  return params;
}

RoomId room_in(const Json& answer) { return *RoomId::parse(answer.text("/room")); }

// An owner, an admin, two members, and someone outside.
struct Cast {
  World world;
  Actor owner = world.sign_up("owner");
  Actor admin = world.sign_up("admin");
  Actor member = world.sign_up("member");
  Actor other = world.sign_up("other");
  Actor stranger = world.sign_up("stranger");
  RoomId room = owner.found_group("garden", {&admin, &member, &other});

  Cast() {
    owner.get(wire::RoomSetRole{room, admin.user(), wire::Role::admin});
    for (Actor* const each : {&owner, &admin, &member, &other, &stranger}) each->forget_events();
  }
  std::string kick(Actor& by, const Actor& whom) {
    return by.ask(wire::RoomKick{room, whom.user(), std::string("noise")}).code;
  }
  std::string ban(Actor& by, const Actor& whom, bool is_banned = true) {
    return by.ask(wire::RoomBan{room, whom.user(), is_banned, {}}).code;
  }
  std::string set_role(Actor& by, const Actor& whom, wire::Role role) {
    return by.ask(wire::RoomSetRole{room, whom.user(), role}).code;
  }
};

TEST_CASE("who founds a group owns it, and the guests are invited", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  wire::RoomCreate params;
  params.name = "garden";
  params.topic = "roses";
  // Named twice, and the founder too: each once, and never oneself.
  params.invite = std::vector<UserId>{bob.user(), alice.user(), bob.user()};

  const RoomId room = room_in(alice.get(std::move(params)));

  CHECK(place_of(alice, room, alice) == "joined owner");
  CHECK(place_of(alice, room, bob) == "invited member");
  const auto told = bob.events("account.changed");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/room/membership") == "invited");
  CHECK(told[0].text("/room/invited_by") == alice.user().text());
  CHECK(told[0].text("/room/name").empty());  // nothing that a stranger wrote
  CHECK(alice.get(wire::RoomGet{room}).text("/topic") == "roses");
}

TEST_CASE("a group with a guest who can't be invited is not founded at all", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  wire::RoomCreate params;
  params.name = "garden";
  params.invite = std::vector<UserId>{bob.user(), *UserId::parse("nobody@test.example")};

  CHECK(alice.ask(std::move(params)).code == "not_found");

  CHECK(alice.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(bob.events("account.changed").empty());
}

TEST_CASE("a group needs a name of one line; a topic may have more", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  wire::RoomCreate nameless;
  CHECK(alice.ask(std::move(nameless)).code == "invalid_params");
  wire::RoomCreate ringing;
  ringing.name = "bell\a";
  CHECK(alice.ask(std::move(ringing)).code == "invalid_params");
  wire::RoomCreate lines;
  lines.name = "gar\nden";
  CHECK(alice.ask(std::move(lines)).code == "invalid_params");
  wire::RoomCreate topic;
  topic.name = "garden";
  topic.topic = "bell\a";
  CHECK(alice.ask(topic).code == "invalid_params");
  topic.topic = "roses\nand thorns";
  CHECK(alice.ask(topic).is_ok());
}

TEST_CASE("an invitation is accepted or declined", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor bob_too = world.log_in("bob");
  const RoomId room = alice.found_group("garden", {});

  alice.get(wire::RoomInvite{room, bob.user()});
  CHECK(bob.ask(wire::RoomGet{room}).code == "not_found");
  CHECK(bob.try_send(room, "early").code == "not_found");
  bob.get(wire::RoomLeave{room});
  CHECK(place_of(alice, room, bob) == "none");
  CHECK(bob.ask(wire::RoomJoin{room}).code == "not_found");

  alice.get(wire::RoomInvite{room, bob.user()});
  bob_too.forget_events();
  bob.get(wire::RoomJoin{room});
  CHECK(place_of(bob, room, bob) == "joined member");
  CHECK(bob_too.events("account.changed").at(0).text("/room/membership") == "joined");
  CHECK(bob.try_send(room, "here I am").is_ok());
}

TEST_CASE("who joins is not shown what was said before as unread", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {});
  for (int i = 0; i < 3; ++i) alice.send(room, "before");
  alice.get(wire::RoomInvite{room, bob.user()});
  bob.get(wire::RoomJoin{room});
  alice.send(room, "after");

  CHECK(bob.get(wire::RoomList{}).number("/rooms/0/unread") == 1);
  CHECK(bob.history(room).size("/records") == 7);  // it is there to be read
}

TEST_CASE("an open room is entered by whoever has its id", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor carol = world.sign_up("carol");
  const RoomId room = room_in(alice.get(open_room("market")));

  CHECK(bob.ask(wire::RoomJoin{room}).is_ok());
  CHECK(bob.ask(wire::RoomJoin{room}).code == "conflict");
  // Where anybody may come in, anybody may invite.
  CHECK(bob.ask(wire::RoomInvite{room, carol.user()}).is_ok());
  CHECK(bob.ask(wire::RoomJoin{RoomId()}).code == "not_found");
}

TEST_CASE("only admins and owners invite to a closed room, and nobody twice", "[core]") {
  Cast cast;
  const auto invite = [&](Actor& by, const Actor& whom) {
    return by.ask(wire::RoomInvite{cast.room, whom.user()}).code;
  };

  CHECK(invite(cast.member, cast.stranger) == "forbidden");
  CHECK(invite(cast.stranger, cast.member) == "not_found");
  CHECK(invite(cast.admin, cast.member) == "conflict");
  CHECK(invite(cast.admin, cast.stranger).empty());
  CHECK(invite(cast.owner, cast.stranger) == "conflict");
  CHECK(cast.owner.ask(wire::RoomInvite{cast.room, *UserId::parse("nobody@test.example")}).code ==
        "not_found");
  CHECK(cast.owner.ask(wire::RoomInvite{cast.room, *UserId::parse("bob@other.example")}).code ==
        "denied");
}

TEST_CASE("kicking follows the ranks", "[core]") {
  Cast cast;
  CHECK(cast.kick(cast.member, cast.other) == "forbidden");
  CHECK(cast.kick(cast.admin, cast.owner) == "forbidden");
  CHECK(cast.kick(cast.admin, cast.admin) == "forbidden");
  CHECK(cast.kick(cast.stranger, cast.member) == "not_found");
  CHECK(cast.kick(cast.admin, cast.stranger) == "not_found");
  CHECK(cast.kick(cast.owner, cast.owner) == "forbidden");

  CHECK(cast.kick(cast.admin, cast.member).empty());

  CHECK(cast.member.events("account.changed").at(0).text("/gone") == cast.room.text());
  CHECK(cast.member.try_send(cast.room, "but").code == "not_found");
  CHECK(cast.member.ask(wire::RoomJoin{cast.room}).code == "not_found");
  const auto records = cast.other.events("room.record");
  REQUIRE(records.size() == 1);
  CHECK(records[0].text("/record/content/reason") == "noise");
  CHECK(cast.kick(cast.owner, cast.admin).empty());
}

TEST_CASE("a banned account stays out until the ban is lifted", "[core]") {
  Cast cast;
  CHECK(cast.ban(cast.member, cast.other) == "forbidden");
  CHECK(cast.ban(cast.admin, cast.owner) == "forbidden");
  CHECK(cast.ban(cast.owner, cast.owner) == "forbidden");
  CHECK(cast.ban(cast.admin, cast.member, false) == "not_found");

  CHECK(cast.ban(cast.admin, cast.member).empty());

  CHECK(cast.member.events("account.changed").at(0).text("/gone") == cast.room.text());
  CHECK(cast.ban(cast.admin, cast.member) == "not_found");
  CHECK(cast.kick(cast.admin, cast.member) == "not_found");
  CHECK(cast.owner.ask(wire::RoomInvite{cast.room, cast.member.user()}).code == "forbidden");
  CHECK(cast.member.ask(wire::RoomLeave{cast.room}).code == "not_found");
  CHECK(place_of(cast.admin, cast.room, cast.member) == "banned member");
  CHECK(place_of(cast.other, cast.room, cast.member) == "none");  // bans are shown to admins

  CHECK(cast.ban(cast.owner, cast.member, false).empty());
  CHECK(cast.owner.ask(wire::RoomInvite{cast.room, cast.member.user()}).is_ok());
  CHECK(cast.member.ask(wire::RoomJoin{cast.room}).is_ok());
}

TEST_CASE("a ban keeps people out of an open room, too, and strangers hear nothing of it",
          "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = room_in(alice.get(open_room("market")));
  bob.forget_events();

  alice.get(wire::RoomBan{room, bob.user(), true, {}});

  CHECK(bob.link().events.empty());
  CHECK(bob.ask(wire::RoomJoin{room}).code == "forbidden");
}

TEST_CASE("a ban writes nothing into the account of someone who never was in the room", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = room_in(alice.get(open_room("market")));
  const Json before = bob.sync();

  alice.get(wire::RoomBan{room, bob.user(), true, {}});

  CHECK(bob.sync().number("/account_version") == before.number("/account_version"));
  world.restart();
  bob.reconnect();
  CHECK(bob.ask(wire::RoomJoin{room}).code == "forbidden");
}

TEST_CASE("roles are given up to one's own, and a room keeps an owner", "[core]") {
  Cast cast;
  using wire::Role;
  CHECK(cast.set_role(cast.member, cast.other, Role::admin) == "forbidden");
  CHECK(cast.set_role(cast.member, cast.member, Role::owner) == "forbidden");
  CHECK(cast.set_role(cast.admin, cast.member, Role::owner) == "forbidden");
  CHECK(cast.set_role(cast.admin, cast.owner, Role::member) == "forbidden");
  CHECK(cast.set_role(cast.admin, cast.member, Role::member) == "conflict");
  CHECK(cast.set_role(cast.stranger, cast.member, Role::admin) == "not_found");
  CHECK(cast.set_role(cast.owner, cast.stranger, Role::admin) == "not_found");
  CHECK(cast.set_role(cast.owner, cast.owner, Role::member) == "conflict");

  CHECK(cast.set_role(cast.admin, cast.member, Role::admin).empty());
  CHECK(cast.set_role(cast.member, cast.member, Role::member).empty());  // steps down
  CHECK(cast.set_role(cast.owner, cast.admin, Role::owner).empty());
  CHECK(cast.set_role(cast.owner, cast.owner, Role::member).empty());
  CHECK(place_of(cast.other, cast.room, cast.owner) == "joined member");
  CHECK(place_of(cast.other, cast.room, cast.admin) == "joined owner");
}

TEST_CASE("the last owner leaves only as the last of all", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {&bob});

  CHECK(alice.ask(wire::RoomLeave{room}).code == "conflict");
  bob.get(wire::RoomLeave{room});
  CHECK(bob.ask(wire::RoomLeave{room}).code == "not_found");
  CHECK(alice.ask(wire::RoomLeave{room}).is_ok());
  CHECK(alice.get(wire::RoomList{}).size("/rooms") == 0);
}

TEST_CASE("an invitation neither keeps the last owner in nor brings an empty room back", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = alice.found_group("garden", {});
  alice.get(wire::RoomInvite{room, bob.user()});

  CHECK(alice.ask(wire::RoomLeave{room}).is_ok());

  CHECK(bob.ask(wire::RoomJoin{room}).code == "not_found");
  CHECK(bob.ask(wire::RoomLeave{room}).is_ok());
  CHECK(bob.get(wire::RoomList{}).size("/rooms") == 0);
}

TEST_CASE("a change of a room changes something", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  const RoomId room = alice.found_group("garden", {});
  wire::RoomSet params;
  params.room = room;

  CHECK(alice.ask(std::move(params)).code == "invalid_params");

  CHECK(alice.history(room).size("/records") == 1);
}

TEST_CASE("name, topic and rules are changed by admins and seen by all", "[core]") {
  Cast cast;
  wire::RoomSet params;
  params.room = cast.room;
  params.name = "kitchen";
  params.topic = "bread";

  CHECK(cast.member.ask(params).code == "forbidden");
  CHECK(cast.stranger.ask(params).code == "not_found");
  CHECK(cast.admin.ask(params).is_ok());

  const auto records = cast.member.events("room.record");
  REQUIRE(records.size() == 1);
  CHECK(records[0].text("/record/kind") == "meta");
  const Json details = cast.member.get(wire::RoomGet{cast.room});
  CHECK(details.text("/name") == "kitchen");
  CHECK(details.text("/topic") == "bread");
  CHECK(details.text("/join") == "invite");
  wire::RoomSet bad;
  bad.room = cast.room;
  bad.name = "";
  CHECK(cast.owner.ask(std::move(bad)).code == "invalid_params");
  wire::RoomSet opened;
  opened.room = cast.room;
  opened.join = wire::JoinRule::open;
  cast.owner.get(std::move(opened));
  CHECK(cast.stranger.ask(wire::RoomJoin{cast.room}).is_ok());
}

TEST_CASE("a group has up to 100 members, invitations counted, founded at once", "[core]") {
  Settings settings = World::default_settings();
  settings.invites_per_user = Settings().invites_per_user;  // a full group is within the rate
  World world(settings);
  Actor alice = world.sign_up("alice");
  wire::RoomCreate params;
  params.name = "village";
  params.join = wire::JoinRule::open;
  params.invite.emplace();
  for (int i = 0; i < 99; ++i)
    params.invite->push_back(world.sign_up(fmt::format("guest{}", i)).user());
  Actor late = world.sign_up("late");
  auto too_many = params;
  too_many.invite->push_back(late.user());

  CHECK(alice.ask(std::move(too_many)).code == "limit_reached");
  const RoomId room = room_in(alice.get(std::move(params)));

  CHECK(alice.get(wire::RoomGet{room}).size("/members") == 100);
  CHECK(alice.ask(wire::RoomInvite{room, late.user()}).code == "limit_reached");
  CHECK(late.ask(wire::RoomJoin{room}).code == "limit_reached");
  Actor guest(world);
  guest.log_in("guest7");
  guest.get(wire::RoomLeave{room});
  CHECK(late.ask(wire::RoomJoin{room}).is_ok());
}

TEST_CASE("an account is in only so many rooms", "[core]") {
  Settings settings = World::default_settings();
  settings.max_rooms = 2;
  World world(settings);
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId first = alice.found_group("first", {});
  alice.found_group("second", {});
  const RoomId of_bob = bob.found_group("third", {});

  CHECK(alice.ask(open_room("fourth")).code == "limit_reached");
  CHECK(alice.ask(wire::RoomOpenDirect{bob.user()}).code == "limit_reached");
  CHECK(bob.ask(wire::RoomInvite{of_bob, alice.user()}).code == "limit_reached");
  alice.get(wire::RoomLeave{first});
  CHECK(bob.ask(wire::RoomInvite{of_bob, alice.user()}).is_ok());
}

TEST_CASE("who is in a group and with which rights is the same after a restart", "[core]") {
  Cast cast;
  cast.ban(cast.admin, cast.other);
  const std::string before = cast.owner.get(wire::RoomGet{cast.room}).raw();

  cast.world.restart();
  cast.owner.reconnect();

  CHECK(cast.owner.get(wire::RoomGet{cast.room}).raw() == before);
  CHECK(cast.world.admin(wire::AdminRoomVerify{cast.room}).result.size("/problems") == 0);
}

}  // namespace
}  // namespace chatd::core
