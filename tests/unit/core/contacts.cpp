#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

std::string state_of(Actor& device, const Actor& other) {
  const Json list = device.get(wire::ContactList{});
  for (std::size_t i = 0; i < list.size("/contacts"); ++i) {
    const Json line = list.at("/contacts/" + std::to_string(i));
    if (line.text("/user") == other.user().text()) return line.text("/state");
  }
  return "not listed";
}

void befriend(Actor& one, Actor& other) {
  one.get(wire::ContactRequest{other.user()});
  other.get(wire::ContactAccept{one.user()});
}

TEST_CASE("a request that is accepted makes both contacts, on all their devices", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor alice_too = world.log_in("alice");
  Actor bob = world.sign_up("bob");
  Actor bob_too = world.log_in("bob");

  CHECK(alice.get(wire::ContactRequest{bob.user()}).text("/state") == "requested");

  for (Actor* const device : {&bob, &bob_too}) {
    const auto told = device->events("account.changed");
    REQUIRE(told.size() == 1);
    CHECK(told[0].text("/contact/state") == "received");
    CHECK(told[0].text("/contact/user") == alice.user().text());
    CHECK(told[0].text("/contact/display_name") == "alice");
  }
  CHECK(alice_too.events("account.changed").at(0).text("/contact/state") == "requested");
  CHECK(state_of(alice, bob) == "requested");
  CHECK(state_of(bob, alice) == "received");

  CHECK(bob.get(wire::ContactAccept{alice.user()}).text("/state") == "accepted");

  CHECK(state_of(alice_too, bob) == "accepted");
  CHECK(state_of(bob_too, alice) == "accepted");
  CHECK(alice_too.events("account.changed").at(0).text("/contact/state") == "accepted");
}

TEST_CASE("whoever asks back accepts", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");

  alice.get(wire::ContactRequest{bob.user()});
  CHECK(bob.get(wire::ContactRequest{alice.user()}).text("/state") == "accepted");
  CHECK(state_of(alice, bob) == "accepted");
  CHECK(alice.get(wire::ContactRequest{bob.user()}).text("/state") == "accepted");
}

TEST_CASE("a request is taken back, declined, or the contact ended with the same word", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  alice.get(wire::ContactRequest{bob.user()});
  alice.get(wire::ContactRemove{bob.user()});
  CHECK(state_of(bob, alice) == "not listed");
  CHECK(bob.ask(wire::ContactAccept{alice.user()}).code == "not_found");

  alice.get(wire::ContactRequest{bob.user()});
  bob.get(wire::ContactRemove{alice.user()});
  CHECK(state_of(alice, bob) == "not listed");

  befriend(alice, bob);
  alice.forget_events();
  bob.get(wire::ContactRemove{alice.user()});
  CHECK(state_of(alice, bob) == "not listed");
  CHECK(alice.events("account.changed").at(0).text("/contact/state") == "none");
  CHECK(bob.ask(wire::ContactRemove{alice.user()}).code == "not_found");
}

TEST_CASE("contacts outlive a restart", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  befriend(alice, bob);

  world.restart();
  alice.reconnect();

  CHECK(state_of(alice, bob) == "accepted");
}

TEST_CASE("only accounts of this server become contacts, and never one's own", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");

  CHECK(alice.ask(wire::ContactRequest{*UserId::parse("nobody@test.example")}).code == "not_found");
  CHECK(alice.ask(wire::ContactRequest{*UserId::parse("bob@other.example")}).code == "forbidden");
  CHECK(alice.ask(wire::ContactRequest{alice.user()}).code == "invalid_params");
  CHECK(alice.ask(wire::BlockSet{alice.user(), true}).code == "invalid_params");
}

TEST_CASE("an account has only so many contacts", "[core]") {
  Settings settings = World::default_settings();
  settings.max_contacts = 1;
  World world(settings);
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor carol = world.sign_up("carol");
  alice.get(wire::ContactRequest{bob.user()});

  CHECK(alice.ask(wire::ContactRequest{carol.user()}).code == "limit_reached");
  CHECK(alice.ask(wire::BlockSet{carol.user(), true}).code == "limit_reached");
  // Whose list is full does not get more requests; who asks need not know.
  CHECK(carol.get(wire::ContactRequest{alice.user()}).text("/state") == "requested");
  CHECK(state_of(alice, carol) == "not listed");
  alice.get(wire::ContactRemove{bob.user()});
  CHECK(alice.ask(wire::BlockSet{bob.user(), true}).is_ok());
}

TEST_CASE("a blocked person's request goes out and never arrives", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  alice.get(wire::BlockSet{bob.user(), true});
  alice.forget_events();

  CHECK(bob.get(wire::ContactRequest{alice.user()}).text("/state") == "requested");
  CHECK(alice.events("account.changed").empty());
  CHECK(state_of(alice, bob) == "none");
  CHECK(alice.ask(wire::ContactRequest{bob.user()}).code == "forbidden");

  // Once the block is gone, asking again arrives.
  alice.get(wire::BlockSet{bob.user(), false});
  bob.get(wire::ContactRequest{alice.user()});
  CHECK(state_of(alice, bob) == "received");
}

TEST_CASE("who blocks someone accepts no request of theirs before taking that back", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  alice.get(wire::ContactRequest{bob.user()});
  bob.get(wire::BlockSet{alice.user(), true});

  CHECK(bob.ask(wire::ContactAccept{alice.user()}).code == "forbidden");

  bob.get(wire::BlockSet{alice.user(), false});
  CHECK(bob.get(wire::ContactAccept{alice.user()}).text("/state") == "accepted");
}

TEST_CASE("who is blocked is not told: no event, no change in the list", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor alice_too = world.log_in("alice");
  Actor bob = world.sign_up("bob");
  befriend(alice, bob);
  bob.forget_events();
  alice_too.forget_events();

  CHECK(alice.get(wire::BlockSet{bob.user(), true}).flag("/blocked"));

  CHECK(bob.events("account.changed").empty());
  CHECK(state_of(bob, alice) == "accepted");
  CHECK(alice_too.events("account.changed").at(0).flag("/contact/blocked"));
}

TEST_CASE("a block refuses 1:1 messages in the same words as a disabled account", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  Actor carol = world.sign_up("carol");
  Actor dave = world.sign_up("dave");
  const RoomId with_bob = bob.open_direct(alice);
  const RoomId with_dave = bob.open_direct(dave);
  const Seq seq = bob.send(with_bob, "hello");
  bob.send(with_dave, "hello");
  alice.get(wire::BlockSet{bob.user(), true});
  world.admin(wire::AdminUserEnable{dave.user(), false});
  alice.forget_events();

  const Reply blocked = bob.try_send(with_bob, "are you there?");
  const Reply disabled = bob.try_send(with_dave, "are you there?");

  CHECK(blocked.code == "forbidden");
  CHECK(blocked.message == disabled.message);
  CHECK(bob.ask(wire::MessageEdit{with_bob, bob.new_id(), seq, text_content("x")}).code ==
        "forbidden");
  CHECK(bob.ask(wire::MessageReact{with_bob, bob.new_id(), seq, "!", true}).code == "forbidden");
  bob.get(wire::TypingSet{with_bob, true});
  CHECK(alice.link().events.empty());
  // Whom nobody blocks writes on; alice herself may, too.
  CHECK(carol.try_send(carol.open_direct(alice), "hello").is_ok());
  CHECK(alice.try_send(with_bob, "no more of this").is_ok());
}

TEST_CASE("a block keeps a 1:1 room from being opened and invitations away", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  alice.get(wire::BlockSet{bob.user(), true});
  const RoomId group = bob.found_group("garden", {});
  wire::RoomCreate with_alice;
  with_alice.name = "trap";
  with_alice.invite = std::vector<UserId>{alice.user()};

  CHECK(bob.ask(wire::RoomOpenDirect{alice.user()}).code == "forbidden");
  CHECK(bob.ask(wire::RoomInvite{group, alice.user()}).code == "forbidden");
  CHECK(bob.ask(std::move(with_alice)).code == "forbidden");
  CHECK(bob.get(wire::RoomList{}).size("/rooms") == 1);

  alice.get(wire::BlockSet{bob.user(), false});
  CHECK(bob.ask(wire::RoomInvite{group, alice.user()}).is_ok());
}

TEST_CASE("in a group both are in, a block changes nothing", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId group = alice.found_group("garden", {&bob});
  alice.get(wire::BlockSet{bob.user(), true});
  alice.forget_events();

  bob.send(group, "hello all");

  CHECK(alice.events("room.record").size() == 1);
}

TEST_CASE("who is blocked may still erase own messages, but says nothing by it", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  const RoomId room = bob.open_direct(alice);
  const Seq seq = bob.send(room, "regretted");
  alice.get(wire::BlockSet{bob.user(), true});

  const Json answer =
      bob.get(wire::MessageRedact{room, bob.new_id(), seq, std::string("read this!")});

  const std::string log = alice.history(room).raw();
  CHECK(log.find("regretted") == std::string::npos);
  CHECK(log.find("read this!") == std::string::npos);
  CHECK(answer.number("/seq") == seq + 1);
}

TEST_CASE("a block that changes nothing is answered like the first", "[core]") {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  alice.get(wire::BlockSet{bob.user(), true});
  const unsigned commits = world.store.commits();

  CHECK(alice.get(wire::BlockSet{bob.user(), true}).flag("/blocked"));

  CHECK(world.store.commits() == commits);
}

}  // namespace
}  // namespace chatd::core
