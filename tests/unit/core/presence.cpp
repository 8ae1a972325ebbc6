#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace chatd::core {
namespace {

using wire::PresenceState;

constexpr Millis kGrace{30'000};
constexpr Millis kCoalesce{1'000};
constexpr Millis kAway{600'000};

struct Friends {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");

  explicit Friends(Settings settings = World::default_settings()) : world(std::move(settings)) {
    alice.get(wire::ContactRequest{bob.user()});
    bob.get(wire::ContactAccept{alice.user()});
    rest();
  }
  // What was to be told is told.
  void rest() {
    world.pass(2 * kCoalesce);
    alice.forget_events();
    bob.forget_events();
  }
  // How bob was told that alice is, one after the other.
  std::string told() {
    std::string states;
    for (const Json& event : bob.events("presence")) {
      CHECK(event.text("/presence/user") == alice.user().text());
      states += (states.empty() ? "" : " ") + event.text("/presence/state");
    }
    return states;
  }
  // How alice is if bob asks.
  std::string asked(Actor& who) {
    const Json answer = who.get(wire::PresenceContacts{});
    return answer.size("/presence") == 0 ? "left out" : answer.text("/presence/0/state");
  }
  std::string asked() { return asked(bob); }
};

TEST_CASE("contacts see each other from the moment when both agreed", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  CHECK(bob.get(wire::PresenceContacts{}).size("/presence") == 0);
  alice.get(wire::ContactRequest{bob.user()});
  CHECK(bob.get(wire::PresenceContacts{}).size("/presence") == 0);
  CHECK(bob.events("presence").empty());

  bob.get(wire::ContactAccept{alice.user()});

  CHECK(bob.events("presence").at(0).text("/presence/state") == "online");
  CHECK(alice.events("presence").at(0).text("/presence/state") == "online");
  CHECK(bob.get(wire::PresenceContacts{}).text("/presence/0/state") == "online");
}

TEST_CASE("strangers see nothing", "[core]") {
  Friends friends;
  Actor carol = friends.world.sign_up("carol");

  friends.alice.get(wire::PresenceSet{PresenceState::away, {}});
  friends.world.pass(kCoalesce);

  CHECK(carol.events("presence").empty());
  CHECK(carol.get(wire::PresenceContacts{}).size("/presence") == 0);
}

TEST_CASE("what a device declares is told", "[core]") {
  Friends friends;

  friends.alice.get(wire::PresenceSet{PresenceState::away, {}});
  CHECK(friends.told() == "away");
  friends.rest();
  friends.alice.get(wire::PresenceSet{PresenceState::online, {}});
  CHECK(friends.told() == "online");
  friends.rest();
  friends.alice.get(wire::PresenceSet{PresenceState::offline, {}});
  CHECK(friends.told() == "offline");
  CHECK(friends.asked() == "offline");
}

TEST_CASE("a connection that is lost counts as there for a while, then with a last seen",
          "[core]") {
  Friends friends;
  friends.alice.hang_up();

  friends.world.pass(kGrace - Millis(1));
  CHECK(friends.told().empty());
  CHECK(friends.asked() == "online");
  friends.world.pass(Millis(2));

  const auto told = friends.bob.events("presence");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/presence/state") == "offline");
  const auto now = static_cast<std::uint64_t>(friends.world.clock.wall_ms());
  CHECK(told[0].number("/presence/last_seen") + 1 == now);
  CHECK(friends.bob.get(wire::PresenceContacts{}).number("/presence/0/last_seen") + 1 == now);
  friends.world.restart();
  friends.bob.reconnect();
  CHECK(friends.bob.get(wire::PresenceContacts{}).number("/presence/0/last_seen") + 1 == now);
}

TEST_CASE("a phone that flaps within the grace period is not seen to", "[core]") {
  Friends friends;
  for (int i = 0; i < 5; ++i) {
    friends.alice.hang_up();
    friends.world.pass(kGrace / 2);
    friends.alice.reconnect();
    friends.world.pass(kGrace / 4);
  }
  friends.world.pass(2 * kGrace);

  CHECK(friends.told().empty());
  CHECK(friends.asked() == "online");
}

TEST_CASE("who logs out is gone at once", "[core]") {
  Friends friends;

  friends.alice.get(wire::SessionLogout{});

  CHECK(friends.told() == "offline");
}

TEST_CASE("several devices are one person: the most present one counts", "[core]") {
  Friends friends;
  Actor laptop = friends.world.log_in("alice");
  CHECK(friends.told().empty());

  friends.alice.get(wire::PresenceSet{PresenceState::away, {}});
  CHECK(friends.told().empty());
  laptop.get(wire::PresenceSet{PresenceState::offline, {}});
  CHECK(friends.told() == "away");
  friends.rest();
  friends.alice.hang_up();  // the laptop is here, but shows itself as not there
  friends.world.pass(kGrace * 2);
  CHECK(friends.told() == "offline");
  laptop.get(wire::PresenceSet{PresenceState::online, {}});
  CHECK(friends.told() == "online");
}

TEST_CASE("changes that follow each other are told as one, the last", "[core]") {
  Friends friends;
  friends.alice.get(wire::PresenceSet{PresenceState::away, {}});
  CHECK(friends.told() == "away");

  friends.alice.get(wire::PresenceSet{PresenceState::online, {}});
  friends.alice.get(wire::PresenceSet{PresenceState::away, {}});
  friends.alice.get(wire::PresenceSet{PresenceState::offline, {}});
  CHECK(friends.told().empty());
  friends.world.pass(kCoalesce + Millis(2));

  CHECK(friends.told() == "offline");
}

TEST_CASE("who does nothing for a while is away; heartbeat and sync are nothing", "[core]") {
  Friends friends;
  const auto idle_for = [&](Millis duration) {
    for (Millis passed{0}; passed < duration; passed += Millis(30'000)) {
      friends.world.pass(Millis(30'000));
      friends.alice.get(wire::SessionPing{});
      friends.alice.sync();
    }
  };
  friends.alice.get(wire::RoomList{});

  idle_for(kAway - Millis(60'000));
  CHECK(friends.asked() == "online");
  idle_for(Millis(90'000));
  CHECK(friends.told() == "away");
  CHECK(friends.asked() == "away");

  friends.alice.get(wire::RoomList{});
  CHECK(friends.told() == "online");
  idle_for(kAway / 2);
  friends.alice.get(wire::RoomList{});
  idle_for(kAway / 2 + Millis(60'000));
  CHECK(friends.told().empty());  // each sign of activity counts
}

TEST_CASE("one device in use keeps a person online, and 0 turns idleness off", "[core]") {
  Friends friends;
  Actor laptop = friends.world.log_in("alice");
  for (int i = 0; i < 5; ++i) {
    friends.world.pass(kAway / 2);
    laptop.get(wire::RoomList{});
  }
  CHECK(friends.told().empty());

  Settings settings = World::default_settings();
  settings.presence_away = Millis(0);
  Friends patient(settings);
  patient.world.pass(100 * kAway);
  CHECK(patient.told().empty());
  CHECK(patient.asked() == "online");
}

TEST_CASE("who hides is told to be offline, then left out, on all devices and for good", "[core]") {
  Friends friends;

  friends.alice.get(wire::PresenceSet{PresenceState::online, false});

  const auto told = friends.bob.events("presence");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/presence/state") == "offline");
  CHECK_FALSE(told[0].has("/presence/last_seen"));
  CHECK(friends.asked() == "left out");
  CHECK(friends.asked(friends.alice) == "online");  // one who hides still sees others
  friends.world.restart();
  friends.bob.reconnect();
  friends.alice.reconnect();
  CHECK(friends.asked() == "left out");
  friends.rest();
  friends.alice.get(wire::PresenceSet{PresenceState::online, true});
  CHECK(friends.told() == "online");
}

TEST_CASE("who hides is offline once: coming, going and being away are told to nobody", "[core]") {
  Friends friends;
  friends.alice.get(wire::PresenceSet{PresenceState::online, false});
  CHECK(friends.told() == "offline");
  friends.rest();

  for (const PresenceState state : {PresenceState::away, PresenceState::online}) {
    friends.alice.get(wire::PresenceSet{state, {}});
    friends.world.pass(2 * kCoalesce);
  }
  friends.alice.hang_up();
  friends.world.pass(2 * kGrace);
  friends.alice.reconnect();
  friends.world.pass(2 * kCoalesce);

  CHECK(friends.told().empty());
}

TEST_CASE("each device can ask whether the account hides", "[core]") {
  Friends friends;
  Actor laptop = friends.world.log_in("alice");
  CHECK(laptop.get(wire::PresenceSet{PresenceState::online, {}}).flag("/visible"));

  CHECK_FALSE(friends.alice.get(wire::PresenceSet{PresenceState::online, false}).flag("/visible"));

  CHECK_FALSE(laptop.get(wire::PresenceSet{PresenceState::online, {}}).flag("/visible"));
}

TEST_CASE("a block ends presence in both directions, without a word", "[core]") {
  Friends friends;

  friends.alice.get(wire::BlockSet{friends.bob.user(), true});

  CHECK(friends.told() == "offline");
  CHECK(friends.asked() == "left out");
  CHECK(friends.asked(friends.alice) == "left out");
  friends.rest();
  friends.alice.get(wire::PresenceSet{PresenceState::away, {}});
  friends.bob.get(wire::PresenceSet{PresenceState::away, {}});
  friends.world.pass(2 * kCoalesce);
  CHECK(friends.told().empty());
  CHECK(friends.alice.events("presence").empty());

  friends.alice.get(wire::BlockSet{friends.bob.user(), false});
  CHECK(friends.told() == "away");
}

TEST_CASE("who is no contact any more sees nothing more", "[core]") {
  Friends friends;
  friends.bob.get(wire::ContactRemove{friends.alice.user()});
  friends.rest();

  friends.alice.get(wire::PresenceSet{PresenceState::away, {}});

  CHECK(friends.told().empty());
  CHECK(friends.asked() == "left out");
}

// A room of two who are no contacts, on bob's screen.
struct Watched {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  RoomId room = alice.found_group("garden", {&bob});

  explicit Watched(Settings settings = World::default_settings()) : world(std::move(settings)) {
    CHECK(watch().text("/presence/0/state") == "online");
    rest();
  }
  Json watch() { return bob.get(wire::PresenceWatch{room}); }
  void rest() {
    world.pass(2 * kCoalesce);
    bob.forget_events();
  }
  // Whether bob is told when alice changes.
  bool is_told() {
    rest();
    for (const PresenceState state : {PresenceState::away, PresenceState::online}) {
      alice.get(wire::PresenceSet{state, {}});
      world.pass(2 * kCoalesce);
    }
    return bob.events("presence").size() == 2;
  }
};

TEST_CASE("members of a small room see each other while it is on the screen", "[core]") {
  Watched watched;
  CHECK(watched.is_told());

  watched.bob.get(wire::PresenceWatch{std::nullopt});
  CHECK_FALSE(watched.is_told());
  watched.watch();
  CHECK(watched.is_told());
  watched.bob.get(wire::PresenceWatch{watched.bob.found_group("other", {})});
  CHECK_FALSE(watched.is_told());
}

TEST_CASE("who left the room, or was thrown out, no longer sees who is there", "[core]") {
  Watched watched;
  watched.alice.get(wire::RoomKick{watched.room, watched.bob.user(), {}});

  CHECK_FALSE(watched.is_told());
  CHECK(watched.bob.ask(wire::PresenceWatch{watched.room}).code == "not_found");
}

TEST_CASE("a room shows no presence where it is turned off, or has grown too large", "[core]") {
  Settings settings = World::default_settings();
  settings.presence_room_limit = 2;
  Watched watched(settings);
  Actor carol = watched.world.sign_up("carol");
  watched.alice.get(wire::RoomInvite{watched.room, carol.user()});
  CHECK_FALSE(watched.is_told());
  CHECK(watched.bob.ask(wire::PresenceWatch{watched.room}).code == "forbidden");
  carol.get(wire::RoomLeave{watched.room});
  CHECK(watched.is_told());

  wire::RoomSet off;
  off.room = watched.room;
  off.presence = false;
  watched.alice.get(std::move(off));
  CHECK_FALSE(watched.is_told());
  CHECK(watched.bob.ask(wire::PresenceWatch{watched.room}).code == "forbidden");
}

TEST_CASE("hiding and blocking hold for rooms, too", "[core]") {
  Watched watched;
  watched.bob.get(wire::BlockSet{watched.alice.user(), true});
  CHECK_FALSE(watched.is_told());
  CHECK(watched.watch().size("/presence") == 0);
  watched.bob.get(wire::BlockSet{watched.alice.user(), false});
  watched.alice.get(wire::BlockSet{watched.bob.user(), true});
  CHECK_FALSE(watched.is_told());
  watched.alice.get(wire::BlockSet{watched.bob.user(), false});
  CHECK(watched.is_told());
  watched.alice.get(wire::PresenceSet{PresenceState::online, false});
  CHECK(watched.watch().size("/presence") == 0);
}

TEST_CASE("a 1:1 room shows a stranger nothing, and contacts each other", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = bob.open_direct(alice);
  bob.send(room, "hi");

  CHECK(bob.get(wire::PresenceWatch{room}).size("/presence") == 0);
  alice.get(wire::PresenceSet{PresenceState::away, {}});
  world.pass(2 * kCoalesce);
  CHECK(bob.events("presence").empty());

  bob.get(wire::ContactRequest{alice.user()});
  CHECK(bob.get(wire::PresenceWatch{room}).size("/presence") == 0);
  alice.get(wire::ContactAccept{bob.user()});
  CHECK(bob.get(wire::PresenceWatch{room}).text("/presence/0/state") == "away");
}

TEST_CASE("bots over http are never online", "[core]") {
  Friends friends;
  friends.alice.get(wire::SessionLogout{});
  friends.rest();
  Actor bot = friends.world.log_in("alice");
  bot.hang_up();
  friends.world.pass(2 * kGrace);
  friends.rest();

  CHECK(friends.world.post(wire::RoomList{}, bot.token()).is_ok());

  CHECK(friends.told().empty());
}

}  // namespace
}  // namespace chatd::core
