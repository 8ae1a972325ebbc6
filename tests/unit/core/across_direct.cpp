#include "tests/unit/core/across.hpp"

namespace chatd::core {
namespace {

TEST_CASE("two people of two servers who open their room at the same moment get one", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");

  const RoomId one = romeo.open_direct(juliet);
  const RoomId other = juliet.open_direct(romeo);
  town.settle();

  CHECK(one == other);
  CHECK(town.log(0, one) == town.log(1, one));
  CHECK(town.log(0, one).size() == 1);
  const bool has_one_hub =
      romeo.get(wire::RoomGet{one}).has("/hub") != juliet.get(wire::RoomGet{one}).has("/hub");
  CHECK(has_one_hub);
}

TEST_CASE("what is said at a room's hub comes to the other server, and the other way", "[core]") {
  Pair pair;

  pair.at_hub.send(pair.room, "Did my heart love till now?");
  pair.town.settle();
  const auto heard = pair.at_other.events("room.record");
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].text("/record/content/text") == "Did my heart love till now?");
  CHECK(pair.at_other.get(wire::RoomList{}).number("/rooms/0/unread") == 1);

  const Json sent = require_ok(pair.at_other.try_send(pair.room, "Good pilgrim"), "message.send");
  CHECK(sent.number("/seq") == 0);
  CHECK(sent.has("/pending"));
  pair.town.settle();
  const auto answer = pair.at_hub.events("room.record");
  REQUIRE(answer.size() == 1);
  CHECK(answer[0].number("/record/seq") == 3);
  // Who said it gets the record too: only now it has a number.
  CHECK(pair.at_other.events("room.record").at(0).number("/record/seq") == 3);
  CHECK(pair.town.log(0, pair.room) == pair.town.log(1, pair.room));
}

TEST_CASE("many messages in both directions keep one order on both servers", "[core]") {
  Pair pair;
  for (int round = 0; round < 10; ++round) {
    if (round % 3 == 0) pair.town.cut();
    for (int i = 0; i < 5; ++i) {
      pair.at_hub.send(pair.room, "hub " + std::to_string(round));
      CHECK(pair.at_other.try_send(pair.room, "other " + std::to_string(round)).is_ok());
    }
    if (round % 3 == 2) pair.town.mend();
    if (round % 4 == 3) {
      pair.town.restart(pair.other);
      pair.at_other.reconnect();
    }
    pair.town.settle();
  }
  pair.town.mend();
  pair.town.settle();

  CHECK(pair.town.log(0, pair.room) == pair.town.log(1, pair.room));
  CHECK(pair.town.log(0, pair.room).size() == 101);
  CHECK(pair.town.service(pair.other).outbox(pair.town[pair.hub].settings.server_name).empty());
}

TEST_CASE("edits, reactions and erasures cross servers, and nothing erased is left on either",
          "[core]") {
  Pair pair;
  pair.at_hub.send(pair.room, "a secret word");
  pair.town.settle();
  pair.at_other.get(wire::MessageReact{pair.room, pair.at_other.new_id(), 2, "heart", true});
  CHECK(pair.at_other.try_send(pair.room, "my secret word").is_ok());
  pair.town.settle();
  pair.at_other.get(
      wire::MessageEdit{pair.room, pair.at_other.new_id(), 4, text_content("my secret edit")});
  pair.town.settle();
  CHECK(pair.at_other
            .ask(wire::MessageEdit{pair.room, pair.at_other.new_id(), 2, text_content("not mine")})
            .code == "forbidden");

  pair.at_other.get(wire::MessageRedact{pair.room, pair.at_other.new_id(), 4, {}});
  pair.at_hub.get(wire::MessageRedact{pair.room, pair.at_hub.new_id(), 2, {}});
  pair.town.settle();

  CHECK(pair.town.log(0, pair.room) == pair.town.log(1, pair.room));
  CHECK(pair.town.log(0, pair.room).size() == 7);
  for (const std::size_t server : {0u, 1u})
    for (const std::string& stored : pair.town.log(server, pair.room))
      CHECK(stored.find("secret") == std::string::npos);
}

TEST_CASE("a stranger's first word from another server is a request without the word", "[core]") {
  for (const bool is_from_hub : {true, false}) {
    Town town;
    Actor first = town[0].sign_up("romeo");
    Actor second = town[1].sign_up("juliet");
    const bool first_is_hub = !first.get(wire::RoomGet{first.open_direct(second)}).has("/hub");
    Actor& stranger = first_is_hub == is_from_hub ? first : second;
    Actor& person = first_is_hub == is_from_hub ? second : first;
    const RoomId room = stranger.open_direct(person);
    town.settle();
    CHECK(person.get(wire::RoomList{}).size("/rooms") == (&person == &first ? 1 : 0));
    if (&person == &first) continue;  // she asked for it herself

    CHECK(stranger.try_send(room, "spam").is_ok());
    town.settle();

    const Json list = person.get(wire::RoomList{});
    CHECK(list.text("/rooms/0/membership") == "invited");
    CHECK(list.text("/rooms/0/invited_by") == stranger.user().text());
    CHECK_FALSE(list.has("/rooms/0/last_message"));
    CHECK(person.events("room.record").empty());
    CHECK(person.sync().size("/rooms/0/records") == 0);
    wire::HistoryGet history;
    history.room = room;
    CHECK(person.ask(history).code == "not_found");
    CHECK(person.ask(wire::RoomGet{room}).code == "not_found");
    CHECK(person.ask(wire::ReceiptRead{room, 2}).code == "not_found");
    CHECK(person.ask(wire::MessageReact{room, person.new_id(), 2, "heart", true}).code ==
          "not_found");
    CHECK(person.try_send(room, "who are you?").code == "not_found");

    person.get(wire::RoomJoin{room});
    CHECK(person.history(room).size("/records") == 2);
    CHECK(person.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");
    CHECK(stranger.try_send(room, "hello").is_ok());
    town.settle();
    CHECK(person.events("room.record").size() == 1);
  }
}

TEST_CASE("a request that is declined stays silent, and the stranger is told nothing", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = romeo.open_direct(juliet);
  CHECK(romeo.try_send(room, "hello").is_ok());
  town.settle();
  const auto before = town.log(0, room);

  juliet.get(wire::RoomLeave{room});
  CHECK(romeo.try_send(room, "hello?").is_ok());
  town.settle();

  CHECK(juliet.get(wire::RoomList{}).size("/rooms") == 0);
  CHECK(juliet.events("room.record").empty());
  wire::HistoryGet history;
  history.room = room;
  CHECK(juliet.ask(history).code == "not_found");
  CHECK(town.log(0, room).size() == before.size() + 1);
}

TEST_CASE("whether there is such an account, the other server can't tell", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  for (const char* const name :
       {"nobody@capulet.example", "noone@capulet.example", "nil@capulet.example"}) {
    const RoomId room =
        *RoomId::parse(romeo.get(wire::RoomOpenDirect{*UserId::parse(name)}).text("/room"));
    town.settle();
    CHECK(romeo.try_send(room, "are you there?").is_ok());
    town.settle();
    CHECK_FALSE(romeo.sync().has("/pending/0"));
    CHECK(town.log(0, room) == town.log(1, room));
  }
}

TEST_CASE("what someone blocked says to a hub is refused, and told to the sender", "[core]") {
  Pair pair;
  pair.at_hub.get(wire::BlockSet{pair.at_other.user(), true});

  CHECK(pair.at_other.try_send(pair.room, "please").is_ok());
  pair.town.settle();

  const auto told = pair.at_other.events("account.changed");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/pending/refused") == "forbidden");
  CHECK(told[0].text("/pending/reason") == "this account takes no messages");
  CHECK(pair.town.log(pair.hub, pair.room).size() == 1);
}

TEST_CASE("a server that the admin does not admit is not spoken to", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  town.peers(0).denied.insert("capulet.example");

  CHECK(romeo.ask(wire::RoomOpenDirect{*UserId::parse("juliet@capulet.example")}).code == "denied");

  World alone;
  Actor alice = alone.sign_up("alice");
  CHECK(alice.ask(wire::RoomOpenDirect{*UserId::parse("juliet@capulet.example")}).code == "denied");
}

TEST_CASE("people of two servers become contacts, and stop being it", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const auto state = [](Actor& who) {
    return who.get(wire::ContactList{}).text("/contacts/0/state");
  };

  romeo.get(wire::ContactRequest{juliet.user()});
  CHECK(state(romeo) == "requested");
  town.settle();
  CHECK(state(juliet) == "received");
  CHECK(juliet.events("account.changed").at(0).text("/contact/user") == romeo.user().text());
  juliet.get(wire::ContactAccept{romeo.user()});
  town.settle();
  CHECK(state(romeo) == "accepted");
  CHECK(state(juliet) == "accepted");

  // A contact's room is no request.
  const RoomId room = romeo.open_direct(juliet);
  CHECK(romeo.try_send(room, "hi").is_ok());
  town.settle();
  CHECK(juliet.get(wire::RoomList{}).text("/rooms/0/membership") == "joined");

  town.cut();
  romeo.get(wire::ContactRemove{juliet.user()});
  town.mend();
  town.settle();
  CHECK(juliet.get(wire::ContactList{}).size("/contacts") == 0);

  // Both ask at the same moment.
  romeo.get(wire::ContactRequest{juliet.user()});
  juliet.get(wire::ContactRequest{romeo.user()});
  town.settle();
  CHECK(state(romeo) == "accepted");
  CHECK(state(juliet) == "accepted");
}

TEST_CASE("a contact request that is blocked, or goes to nobody, never arrives", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  juliet.get(wire::BlockSet{romeo.user(), true});
  for (const UserId& user : {juliet.user(), *UserId::parse("nobody@capulet.example")}) {
    CHECK(romeo.get(wire::ContactRequest{user}).text("/state") == "requested");
    town.settle();
  }
  CHECK(juliet.get(wire::ContactList{}).text("/contacts/0/state") == "none");
  // Another server can't make them agree, nor speak for a third one.
  const Notice agreed{RoomId(), 9, juliet.user(), wire::Membership::joined, romeo.user(), 0};
  CHECK(town.notice(1, "montague.example", agreed).has_value());
  Notice asked = agreed;
  asked.by = *UserId::parse("prince@verona.example");
  asked.membership = wire::Membership::invited;
  CHECK(town.notice(1, "montague.example", asked).has_value());
  CHECK(juliet.get(wire::ContactList{}).size("/contacts") == 1);
}

}  // namespace
}  // namespace chatd::core
