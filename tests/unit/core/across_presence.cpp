#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

// How people are, as another server shows them.
namespace chatd::core {
namespace {

using wire::PresenceState;

const std::string kMontague = "montague.example";
const std::string kCapulet = "capulet.example";
constexpr Millis kPause{10'000};
constexpr Millis kGrace{30'000};
constexpr Millis kMinute{60'000};

void befriend(Town& town, Actor& one, Actor& other) {
  one.get(wire::ContactRequest{other.user()});
  town.settle();
  other.get(wire::ContactAccept{one.user()});
  town.settle();
}

// Romeo and Juliet are contacts, of two servers; Juliet looks.
struct Lovers {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");

  Lovers() {
    befriend(town, romeo, juliet);
    rest();
  }
  // Time enough that the next change is told at once.
  void rest() {
    town.pass(2 * kPause);
    romeo.forget_events();
    juliet.forget_events();
  }
  void declare(PresenceState state) {
    romeo.get(wire::PresenceSet{state, {}});
    town.settle();
  }
  // What somebody was told about Romeo, one after the other.
  std::string told(Actor& who) {
    std::string states;
    for (const Json& event : who.events("presence")) {
      CHECK(event.text("/presence/user") == romeo.user().text());
      states += (states.empty() ? "" : " ") + event.text("/presence/state");
    }
    return states;
  }
  std::string told() { return told(juliet); }
  static std::string asked(Actor& who) {
    const Json answer = who.get(wire::PresenceContacts{});
    return answer.size("/presence") == 0 ? "left out" : answer.text("/presence/0/state");
  }
  std::string asked() { return asked(juliet); }
};

PresenceLease lease_of(std::vector<UserId> users, RoomId room = {}) {
  PresenceLease lease;
  lease.number = 1;
  for (UserId& user : users) lease.wishes.push_back({std::move(user), room});
  return lease;
}

TEST_CASE("contacts of two servers see each other from the moment when both agreed", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  romeo.get(wire::ContactRequest{juliet.user()});
  town.settle();
  CHECK(juliet.get(wire::PresenceContacts{}).size("/presence") == 0);
  CHECK(juliet.events("presence").empty());

  juliet.get(wire::ContactAccept{romeo.user()});
  town.pass(kPause);

  CHECK(juliet.events("presence").back().text("/presence/state") == "online");
  CHECK(romeo.events("presence").back().text("/presence/state") == "online");
  CHECK(Lovers::asked(juliet) == "online");
  CHECK(Lovers::asked(romeo) == "online");
}

TEST_CASE("what a contact of another server does is told, with when they were last there",
          "[core]") {
  Lovers lovers;
  lovers.declare(PresenceState::away);
  CHECK(lovers.told() == "away");
  lovers.rest();
  lovers.romeo.get(wire::SessionLogout{});
  lovers.town.settle();

  const auto told = lovers.juliet.events("presence");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/presence/state") == "offline");
  CHECK(told[0].has("/presence/last_seen"));
  CHECK(lovers.asked() == "offline");
}

TEST_CASE("until another server has told, its people are unknown", "[core]") {
  Lovers lovers;
  lovers.town.restart(1);
  lovers.juliet.reconnect();

  CHECK(lovers.asked() == "unknown");
  lovers.town.settle();
  CHECK(lovers.told() == "online");
  CHECK(lovers.asked() == "online");
}

TEST_CASE("when the link is lost people are as before for a while, then unknown, not offline",
          "[core]") {
  Lovers lovers;
  lovers.town.cut();
  lovers.declare(PresenceState::away);

  lovers.town.pass(kGrace - Millis(1));
  CHECK(lovers.told().empty());
  CHECK(lovers.asked() == "online");
  lovers.town.pass(Millis(1));
  CHECK(lovers.told() == "unknown");
  CHECK(lovers.asked() == "unknown");

  lovers.town.mend();
  lovers.town.pass(kPause);
  CHECK(lovers.told() == "away");
}

TEST_CASE("a link that comes back soon is not seen to have been away", "[core]") {
  Lovers lovers;
  lovers.town.cut();
  lovers.town.pass(kGrace / 2);
  lovers.town.mend();
  lovers.town.pass(2 * kGrace);

  CHECK(lovers.told().empty());
  lovers.declare(PresenceState::away);
  CHECK(lovers.told() == "away");
}

TEST_CASE("who flaps is told to another server every ten seconds, the newest", "[core]") {
  Lovers lovers;
  lovers.declare(PresenceState::away);
  CHECK(lovers.told() == "away");
  for (int i = 0; i < 4; ++i) {
    lovers.declare(PresenceState::online);
    lovers.town.pass(Millis(1'000));
    lovers.declare(PresenceState::away);
    lovers.town.pass(Millis(1'000));
  }
  lovers.declare(PresenceState::online);
  CHECK(lovers.told().empty());
  lovers.town.pass(kPause);

  CHECK(lovers.told() == "online");
  lovers.town.pass(kPause);
  CHECK(lovers.told().empty());
}

TEST_CASE("a lease is renewed while somebody looks, and lapses when nobody does", "[core]") {
  Lovers lovers;
  const PresenceLeases& leases = lovers.town[0].core->context().leases;
  const RemotePresence& known = lovers.town[1].core->context().remote_presence;
  lovers.town.pass(60 * kMinute);
  lovers.juliet.forget_events();
  lovers.declare(PresenceState::online);  // who did nothing for an hour is away
  CHECK(lovers.told() == "online");
  CHECK(leases.size() == 1);

  lovers.juliet.hang_up();
  lovers.town.pass(2 * kMinute);
  CHECK(known.size() == 0);
  lovers.town.pass(15 * kMinute);
  lovers.declare(PresenceState::online);
  CHECK(leases.size() == 0);
}

TEST_CASE("a lease that is not renewed leaves its people unknown", "[core]") {
  Lovers lovers;
  lovers.town.peers(1).is_slow = true;  // it can't ask again
  lovers.town.pass(12 * kMinute);

  CHECK(lovers.juliet.events("presence").back().text("/presence/state") == "unknown");
  CHECK(lovers.asked() == "unknown");
  lovers.town.peers(1).is_slow = false;
  lovers.town.pass(2 * kMinute);
  CHECK(lovers.asked() == "away");
}

TEST_CASE("a change that was dropped on a slow link is told later", "[core]") {
  Lovers lovers;
  lovers.town.peers(0).is_slow = true;
  lovers.declare(PresenceState::away);
  CHECK(lovers.told().empty());

  lovers.town.peers(0).is_slow = false;
  lovers.town.pass(kPause);
  CHECK(lovers.told() == "away");
}

TEST_CASE("hiding and blocking hold for another server, and for each of its people", "[core]") {
  Lovers lovers;
  Actor nurse = lovers.town[1].sign_up("nurse");
  befriend(lovers.town, lovers.romeo, nurse);
  lovers.rest();
  nurse.forget_events();

  lovers.romeo.get(wire::BlockSet{lovers.juliet.user(), true});
  lovers.town.pass(kPause);
  CHECK(lovers.told() == "offline");
  CHECK(lovers.asked() == "left out");
  CHECK(lovers.told(nurse).empty());
  lovers.declare(PresenceState::away);
  CHECK(lovers.told().empty());
  CHECK(lovers.told(nurse) == "away");

  lovers.romeo.get(wire::BlockSet{lovers.juliet.user(), false});
  lovers.town.pass(kPause);
  CHECK(lovers.told() == "away");
  lovers.romeo.get(wire::PresenceSet{PresenceState::online, false});
  lovers.town.pass(kPause);
  CHECK(lovers.told() == "offline");
  CHECK(lovers.told(nurse) == "offline");
  CHECK(lovers.asked() == "left out");
  lovers.declare(PresenceState::away);
  lovers.town.pass(kPause);
  CHECK(lovers.told().empty());
}

TEST_CASE("who blocks someone of another server is not shown them", "[core]") {
  Lovers lovers;
  lovers.juliet.get(wire::BlockSet{lovers.romeo.user(), true});
  lovers.town.settle();
  CHECK(lovers.told() == "offline");
  CHECK(lovers.asked() == "left out");
  lovers.declare(PresenceState::away);
  CHECK(lovers.told().empty());

  lovers.juliet.get(wire::BlockSet{lovers.romeo.user(), false});
  lovers.town.settle();
  CHECK(lovers.told() == "away");
}

TEST_CASE("who is no contact any more sees nothing more of another server's people", "[core]") {
  Lovers lovers;
  lovers.romeo.get(wire::ContactRemove{lovers.juliet.user()});
  lovers.town.pass(kPause);
  lovers.juliet.forget_events();
  lovers.declare(PresenceState::away);
  lovers.town.pass(kPause);

  CHECK(lovers.told().empty());
  CHECK(lovers.asked() == "left out");
}

TEST_CASE("members of a small room see those of another server while it is on the screen",
          "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = romeo.found_group("the ball", {});
  romeo.get(wire::RoomInvite{room, juliet.user()});
  town.settle();
  juliet.get(wire::RoomJoin{room});
  town.settle();
  const auto change = [&](PresenceState state) {
    town.pass(2 * kPause);
    juliet.forget_events();
    romeo.get(wire::PresenceSet{state, {}});
    town.settle();
    return juliet.events("presence").size();
  };
  CHECK(change(PresenceState::away) == 0);

  CHECK(juliet.get(wire::PresenceWatch{room}).text("/presence/0/state") == "unknown");
  town.settle();
  CHECK(juliet.events("presence").back().text("/presence/state") == "away");
  CHECK(change(PresenceState::online) == 1);
  CHECK(romeo.get(wire::PresenceWatch{room}).text("/presence/0/user") == juliet.user().text());
  juliet.get(wire::PresenceWatch{std::nullopt});
  CHECK(change(PresenceState::away) == 0);

  juliet.get(wire::PresenceWatch{room});
  town.settle();
  wire::RoomSet off;
  off.room = room;
  off.presence = false;
  romeo.get(std::move(off));
  town.settle();
  CHECK(change(PresenceState::online) == 0);
}

TEST_CASE("a 1:1 room shows a stranger of another server nothing", "[core]") {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  const RoomId room = juliet.open_direct(romeo);
  CHECK(juliet.try_send(room, "hi").is_ok());
  town.settle();

  CHECK(juliet.get(wire::PresenceWatch{room}).size("/presence") == 0);
  town.settle();
  CHECK(juliet.events("presence").empty());
  CHECK(town[0].core->context().leases.size() == 0);
}

// What a server answers to the lease of another one: ids of those whom it shows.
std::vector<std::string> answer_to(Town& town, PresenceLease lease) {
  town.settle();
  town.peers(0).said.clear();
  REQUIRE(town.pass_by(0, kCapulet, std::move(lease)).has_value());
  std::vector<std::string> users;
  REQUIRE(town.peers(0).said.size() == 1);
  for (const auto& seen : std::get<PresenceNews>(town.peers(0).said[0].second).seen)
    users.push_back(seen.user.text());
  town.peers(0).said.clear();
  return users;
}

TEST_CASE("a server that asks for others than its people's contacts is told the same as for nobody",
          "[core]") {
  Lovers lovers;
  Town& town = lovers.town;
  Actor mercutio = town[0].sign_up("mercutio");
  Actor nurse = town[1].sign_up("nurse");
  const UserId nobody = *UserId::parse("nobody@montague.example");
  CHECK(answer_to(town, lease_of({mercutio.user(), nobody})).empty());
  CHECK(answer_to(town, lease_of({nobody, lovers.romeo.user()})) ==
        std::vector{lovers.romeo.user().text()});
  // Asking to be a contact is not being one.
  nurse.get(wire::ContactRequest{mercutio.user()});
  CHECK(answer_to(town, lease_of({mercutio.user()})).empty());
  // A room in which that server has nobody, one that is nowhere, a 1:1 room.
  const RoomId own = mercutio.found_group("Queen Mab", {});
  const RoomId direct = nurse.open_direct(mercutio);
  CHECK(nurse.try_send(direct, "God ye good morrow").is_ok());
  for (const RoomId& room : {own, direct, RoomId(blake2b_256("nowhere"))})
    CHECK(answer_to(town, lease_of({mercutio.user()}, room)).empty());
  // Of nobody nothing is kept.
  const std::size_t held = town[0].core->context().leases.size();
  CHECK(answer_to(town, lease_of(std::vector(100, nobody))).empty());
  CHECK(town[0].core->context().leases.size() == held);
}

TEST_CASE("who blocks many of a server's people is shown to nobody there", "[core]") {
  Lovers lovers;
  for (std::size_t i = 0; i <= kMaxHiddenFrom; ++i)
    lovers.romeo.get(
        wire::BlockSet{*UserId::parse(fmt::format("montague{}@capulet.example", i)), true});
  CHECK(answer_to(lovers.town, lease_of({lovers.romeo.user()})).empty());
}

TEST_CASE("leases that wait for an answer are bounded, and so is what one server holds", "[core]") {
  Lovers lovers;
  PeerService& service = lovers.town.service(0);
  std::size_t refused = 0;
  for (int i = 0; i < 1'000; ++i) {
    PresenceLease lease;
    lease.number = 1;
    for (std::size_t k = 0; k < kMaxLeaseUsers; ++k)
      lease.wishes.push_back(
          {*UserId::parse(fmt::format("user{}.{}@montague.example", i, k)), RoomId()});
    const Status status = service.take(kCapulet, std::move(lease));
    if (!status) {
      CHECK(status.error().code == Code::limit_reached);
      ++refused;
    }
  }
  CHECK(refused > 900);
  lovers.town[0].settle();
  CHECK(lovers.town[0].core->context().leases.size() == 1);
  lovers.town.peers(0).said.clear();
  CHECK(answer_to(lovers.town, lease_of({lovers.romeo.user()})).size() == 1);
}

TEST_CASE("presence that was not asked for changes nothing", "[core]") {
  Lovers lovers;
  PresenceNews news;
  news.seen.push_back({*UserId::parse("tybalt@montague.example"), PresenceState::online, 0, {}});
  CHECK(lovers.town.pass_by(1, kMontague, news).has_value());
  CHECK(lovers.town[1].core->context().remote_presence.size() == 1);
  news.answers = 1'000;
  CHECK(lovers.town.pass_by(1, kMontague, news).error().code == Code::conflict);
  news.answers = 1;  // answered long ago
  news.seen = {{lovers.romeo.user(), PresenceState::away, 0, {}}};
  CHECK(lovers.town.pass_by(1, kMontague, news).has_value());
  // Another server about Montague's people is stopped before it gets here; from nobody's it is.
  CHECK(lovers.town.pass_by(1, "verona.example", news).has_value());
  lovers.town.settle();
  CHECK(lovers.told().empty());
  CHECK(lovers.asked() == "online");
}

}  // namespace
}  // namespace chatd::core
