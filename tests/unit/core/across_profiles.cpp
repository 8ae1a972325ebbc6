#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

// What people of other servers are called.
namespace chatd::core {
namespace {

constexpr Millis kHour{60 * 60'000};

struct Pair {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");

  Pair() {
    call_juliet("Juliet Capulet", "on the balcony");
    town.settle();
  }
  void call_juliet(std::string name, std::string status) {
    wire::ProfileSet profile;
    profile.display_name = std::move(name);
    profile.status_text = std::move(status);
    juliet.get(std::move(profile));
  }
  void befriend() {
    romeo.get(wire::ContactRequest{juliet.user()});
    town.settle();
    juliet.get(wire::ContactAccept{romeo.user()});
    town.settle();
  }
  // What Romeo is told that somebody is called, whenever the answer comes.
  std::string name_of(const UserId& user) {
    const std::string id = romeo.begin(wire::ProfileGet{user});
    town.settle();
    auto answer = romeo.answer<wire::ProfileGet>(id);
    REQUIRE(answer.has_value());
    return require_ok(*std::move(answer), "profile.get").text("/display_name");
  }
  std::string name() { return name_of(juliet.user()); }
  // How often her server was asked since this was asked last.
  std::size_t questions() {
    const std::size_t before = asked;
    asked = town.peers(0).count<ProfileQuestion>();
    return asked - before;
  }
  std::size_t asked = 0;
};

TEST_CASE("a contact of another server has the name that they chose", "[core]") {
  Pair pair;
  pair.befriend();
  CHECK(pair.name() == "Juliet Capulet");
  CHECK(pair.romeo.get(wire::ProfileGet{pair.juliet.user()}).text("/status_text") ==
        "on the balcony");
  CHECK(pair.romeo.get(wire::ContactList{}).text("/contacts/0/display_name") == "Juliet Capulet");
}

TEST_CASE("what another server told is believed for an hour", "[core]") {
  Pair pair;
  pair.befriend();
  CHECK(pair.name() == "Juliet Capulet");
  pair.call_juliet("Juliet Montague", "");
  CHECK(pair.questions() == 1);
  CHECK(pair.name() == "Juliet Capulet");
  CHECK(pair.questions() == 0);

  pair.town.pass(kHour);
  CHECK(pair.name() == "Juliet Montague");
}

TEST_CASE("many who ask at the same moment are one question", "[core]") {
  Pair pair;
  pair.befriend();
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(pair.romeo.begin(wire::ProfileGet{pair.juliet.user()}));
  pair.town.settle();
  for (const std::string& id : ids)
    CHECK(pair.romeo.answer<wire::ProfileGet>(id)->result.text("/display_name") ==
          "Juliet Capulet");
  CHECK(pair.questions() == 1);
}

TEST_CASE("where a server can't be reached, people are called as it told last", "[core]") {
  Pair pair;
  pair.befriend();
  pair.town.cut();
  CHECK(pair.name() == "juliet");
  pair.town.mend();
  CHECK(pair.name() == "Juliet Capulet");
  pair.town.pass(2 * kHour);
  pair.town.cut();
  CHECK(pair.name() == "Juliet Capulet");
}

TEST_CASE("who waits for a server that does not answer waits for seconds", "[core]") {
  Pair pair;
  pair.befriend();
  const std::string id = pair.romeo.begin(wire::ProfileGet{pair.juliet.user()});
  pair.town[0].settle();
  CHECK_FALSE(pair.romeo.answer<wire::ProfileGet>(id));
  pair.town[0].pass(Millis(5'000));
  CHECK(pair.romeo.answer<wire::ProfileGet>(id)->result.text("/display_name") == "juliet");
  // And is not kept waiting again at once.
  CHECK(pair.romeo.get(wire::ProfileGet{pair.juliet.user()}).text("/display_name") == "juliet");

  const std::string other = pair.romeo.begin(wire::ProfileGet{pair.juliet.user()});
  pair.town.pass(Millis(60'000));
  pair.town[0].settle();
  CHECK(pair.romeo.answer<wire::ProfileGet>(other)->is_ok());
  const std::string lost = pair.romeo.begin(wire::ProfileGet{pair.juliet.user()});
  pair.town[0].settle();
  pair.town.cut();  // the link goes while it is on its way
  pair.town[0].settle();
  CHECK(pair.romeo.answer<wire::ProfileGet>(lost)->is_ok());
}

TEST_CASE("members of one room know what the others are called", "[core]") {
  Pair pair;
  const RoomId room = pair.romeo.found_group("the ball", {});
  pair.romeo.get(wire::RoomInvite{room, pair.juliet.user()});
  pair.town.settle();
  CHECK(pair.name() == "juliet");
  CHECK(pair.questions() == 0);
  pair.juliet.get(wire::RoomJoin{room});
  pair.town.settle();
  CHECK(pair.name() == "Juliet Capulet");
}

TEST_CASE("of strangers nothing is asked, and nothing told that tells them from nobody", "[core]") {
  Pair pair;
  const UserId nobody = *UserId::parse("nobody@capulet.example");
  CHECK(pair.name() == "juliet");
  CHECK(pair.name_of(nobody) == "nobody");
  // Nor of who only asks to be a contact, or only opened a 1:1 room.
  pair.juliet.get(wire::ContactRequest{pair.romeo.user()});
  pair.town.settle();
  CHECK(pair.name() == "juliet");
  CHECK(pair.romeo.get(wire::ContactList{}).text("/contacts/0/display_name") == "juliet");
  CHECK(pair.questions() == 0);
  const RoomId room = pair.romeo.open_direct(pair.juliet);
  CHECK(pair.romeo.try_send(room, "I take thee at thy word").is_ok());
  pair.town.settle();
  CHECK(pair.name() == "juliet");
  CHECK(pair.questions() == 1);  // for all that this server knows they share the room

  for (const UserId& user : {pair.juliet.user(), nobody}) {
    for (const RoomId& in : {RoomId(), room, RoomId(blake2b_256("no room"))}) {
      pair.town.settle();
      CHECK(pair.town.pass_by(1, "montague.example", ProfileQuestion{7, user, in}).has_value());
      REQUIRE(pair.town.peers(1).said.size() == 1);
      const auto answer = std::get<ProfileAnswer>(pair.town.peers(1).said[0].second);
      CHECK(answer.number == 7);
      CHECK_FALSE(answer.is_known);
      pair.town.peers(1).said.clear();
    }
  }
}

TEST_CASE("an answer that nobody asked for, or that can't be shown, changes nothing", "[core]") {
  Pair pair;
  pair.befriend();
  const std::string capulet = "capulet.example";
  CHECK(pair.town.pass_by(0, capulet, ProfileAnswer{1, true, "Rosaline", ""}).error().code ==
        Code::conflict);
  const auto answered = [&](const std::string& by, ProfileAnswer answer) {
    pair.town.pass(Millis(60'000));
    const std::string id = pair.romeo.begin(wire::ProfileGet{pair.juliet.user()});
    pair.town[0].settle();
    REQUIRE(pair.town.peers(0).said.size() == 1);
    answer.number = std::get<ProfileQuestion>(pair.town.peers(0).said[0].second).number;
    pair.town.peers(0).said.clear();
    const Status status = pair.town.pass_by(0, by, std::move(answer));
    pair.town[0].pass(Millis(6'000));
    CHECK(pair.romeo.answer<wire::ProfileGet>(id)->result.text("/display_name") == "juliet");
    return status ? std::string() : std::string(name(status.error().code));
  };
  CHECK(answered("verona.example", {0, true, "Rosaline", ""}) == "conflict");
  CHECK(answered(capulet, {0, true, "two\nlines", ""}) == "invalid_params");
  CHECK(answered(capulet, {0, true, std::string(101, 'x'), ""}) == "invalid_params");
  CHECK(answered(capulet, {0, true, "", ""}) == "invalid_params");
  CHECK(answered(capulet, {0, true, "Juliet", "\x1b[2J"}) == "invalid_params");
  CHECK(answered(capulet, {0, false, "", ""}).empty());
}

}  // namespace
}  // namespace chatd::core
