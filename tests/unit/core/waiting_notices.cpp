#include "daemon/core/waiting_notices.hpp"

#include "daemon/core/keys.hpp"
#include "tests/unit/core/across.hpp"

// What waits for servers that can't be reached, and that it does so within bounds.
namespace chatd::core {
namespace {

const std::string kVerona = "verona.example";

UserId somebody(int number, const std::string& server = kCapulet) {
  return *UserId::parse("guest" + std::to_string(number) + "@" + server);
}

// Romeo's group at montague.example, from which no other server can be reached. Three notices may
// wait for each of them, five in all.
struct Exile {
  Town town{{kMontague, kCapulet, kVerona}};
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  RoomId room = romeo.found_group("mantua", {});

  Exile() {
    town[0].settings.max_notices_per_server = 3;
    town[0].settings.max_notices = 5;
    town[0].core->apply(town[0].settings);
    town.cut();
  }
  std::string invite(const UserId& guest) { return romeo.ask(wire::RoomInvite{room, guest}).code; }
  std::string kick(const UserId& guest) {
    return romeo.ask(wire::RoomKick{room, guest, std::nullopt}).code;
  }
  // From `first` on, until one is refused.
  int fill(int first = 1, const std::string& server = kCapulet) {
    int count = 0;
    while (invite(somebody(first + count, server)).empty()) ++count;
    return count;
  }
  std::size_t rows(const std::string& server = kCapulet) {
    const std::string prefix = keys::notices_of(server);
    return town[0].medium.scan(prefix, prefix, 1000)->size();
  }
  // As the admin sees it: what the disk says.
  std::size_t count(const std::string& server = kCapulet) {
    std::optional<std::size_t> answer;
    town.service(0).count_notices(server, [&](std::size_t given) { answer = given; });
    town[0].settle();
    REQUIRE(answer.has_value());
    CHECK(*answer == rows(server));
    return *answer;
  }
  void restart() {
    town.restart(0);
    romeo.reconnect();
  }
};

TEST_CASE("only so many invitations wait for a server, and who is refused hears for which",
          "[core]") {
  Exile exile;
  CHECK(exile.fill() == 3);
  const auto before = exile.town.log(0, exile.room);

  const Reply reply = exile.romeo.ask(wire::RoomInvite{exile.room, somebody(4)});

  CHECK(reply.code == "limit_reached");
  CHECK(reply.message.find("capulet.example already, which can't be reached") != std::string::npos);
  CHECK(exile.town.log(0, exile.room) == before);
  CHECK(exile.count() == 3);
  // For others there is place, and people of this server need none.
  CHECK(exile.invite(somebody(1, kVerona)).empty());
  CHECK(exile.invite(exile.town[0].sign_up("benvolio").user()).empty());
}

TEST_CASE("only so many invitations wait for all servers together", "[core]") {
  Exile exile;
  CHECK(exile.fill(1, kCapulet) == 3);
  CHECK(exile.fill(1, kVerona) == 2);

  const Reply reply = exile.romeo.ask(wire::ContactRequest{somebody(9, "padua.example")});

  CHECK(reply.code == "limit_reached");
  CHECK(reply.message.find("padua.example") != std::string::npos);
  CHECK(exile.kick(somebody(1)).empty());
  CHECK(exile.kick(somebody(1, kVerona)).empty());
  CHECK(exile.invite(somebody(3, kVerona)) == "limit_reached");
  CHECK(exile.count(kVerona) == 2);
}

TEST_CASE("a request to be a contact is one of them, and is none where it is refused", "[core]") {
  Exile exile;
  for (int i = 1; i <= 3; ++i) exile.romeo.get(wire::ContactRequest{somebody(i)});

  CHECK(exile.romeo.ask(wire::ContactRequest{somebody(4)}).code == "limit_reached");
  CHECK(exile.invite(somebody(4)) == "limit_reached");

  CHECK(exile.romeo.get(wire::ContactList{}).size("/contacts") == 3);
  CHECK(exile.count() == 3);
}

TEST_CASE("what takes an invitation back takes its place", "[core]") {
  Exile exile;
  exile.fill();

  CHECK(exile.kick(somebody(1)).empty());
  CHECK(exile.count() == 3);
  CHECK(exile.invite(somebody(4)) == "limit_reached");

  // And the other way.
  CHECK(exile.invite(somebody(1)).empty());
  CHECK(exile.count() == 3);
}

TEST_CASE("what takes back an invitation that has arrived is written whatever waits", "[core]") {
  Exile exile;
  exile.town.mend();
  CHECK(exile.invite(exile.juliet.user()).empty());
  exile.town.settle();
  exile.town.cut();
  exile.fill();

  CHECK(exile.kick(exile.juliet.user()).empty());

  CHECK(exile.count() == 4);
  CHECK(exile.invite(somebody(4)) == "limit_reached");
  exile.town.mend();
  exile.town.settle();
  CHECK(exile.juliet.get(wire::RoomList{}).size("/rooms") == 0);
}

TEST_CASE("a request that is taken back, and made again, has one place", "[core]") {
  Exile exile;
  for (int i = 1; i <= 3; ++i) exile.romeo.get(wire::ContactRequest{somebody(i)});

  exile.romeo.get(wire::ContactRemove{somebody(2)});
  CHECK(exile.count() == 3);
  CHECK(exile.romeo.get(wire::ContactRequest{somebody(2)}).text("/state") == "requested");
  CHECK(exile.count() == 3);
  CHECK(exile.romeo.ask(wire::ContactRequest{somebody(4)}).code == "limit_reached");
}

TEST_CASE("a request that came before is accepted whatever waits", "[core]") {
  Exile exile;
  exile.town.mend();
  exile.juliet.get(wire::ContactRequest{exile.romeo.user()});
  exile.town.settle();
  exile.town.cut();
  exile.fill();

  CHECK(exile.romeo.get(wire::ContactAccept{exile.juliet.user()}).text("/state") == "accepted");
  CHECK(exile.count() == 4);
}

TEST_CASE("what has been told makes place", "[core]") {
  Exile exile;
  exile.fill();
  exile.town.mend();
  exile.town.settle();
  CHECK(exile.count() == 0);
  exile.town.cut();

  CHECK(exile.fill(4) == 3);
}

TEST_CASE("how many wait is known after a restart", "[core]") {
  Exile exile;
  CHECK(exile.invite(somebody(1)).empty());
  CHECK(exile.invite(somebody(2)).empty());

  exile.restart();

  CHECK(exile.count() == 2);
  CHECK(exile.fill(3) == 1);
  CHECK(exile.fill(1, kVerona) == 2);
  exile.restart();
  CHECK(exile.fill(4) == 0);
  CHECK(exile.fill(3, kVerona) == 0);
}

TEST_CASE("an invitation that could not be written takes no place", "[core]") {
  Exile exile;
  CHECK(exile.invite(somebody(1)).empty());
  for (int i = 0; i < 3; ++i) {
    exile.town[0].store.fail_commits(1, Code::read_only);
    CHECK(exile.invite(somebody(2)) == "read_only");
    exile.town[0].pass(Millis(1'001));
  }

  CHECK(exile.fill(2) == 2);
  CHECK(exile.count() == 3);
}

TEST_CASE("what was told, but could not be taken off the disk, keeps its place", "[core]") {
  Exile exile;
  exile.fill();
  const auto told = [&] {
    const UserId& by = exile.romeo.user();
    exile.town.service(0).knows({exile.room, 2, somebody(1), wire::Membership::invited, by, 0});
  };
  exile.town[0].store.fail_commits(1, Code::read_only);
  told();
  exile.town[0].settle();
  exile.town[0].pass(Millis(1'001));
  CHECK(exile.count() == 3);
  CHECK(exile.fill(4) == 0);

  // Said twice at once it is gone once.
  told();
  told();
  exile.town[0].settle();
  CHECK(exile.count() == 2);
  CHECK(exile.fill(4) == 1);
}

TEST_CASE("many who ask at the same moment get as many places as there are", "[core]") {
  Exile exile;
  exile.town[0].store.hold();
  std::vector<std::string> asked;
  for (int i = 1; i <= 6; ++i)
    asked.push_back(exile.romeo.begin(wire::RoomInvite{exile.room, somebody(i)}));
  exile.town[0].store.release();
  exile.town[0].settle();

  int refused = 0;
  for (const std::string& id : asked)
    if (exile.romeo.answer<wire::RoomInvite>(id)->code == "limit_reached") ++refused;
  CHECK(refused == 3);
  CHECK(exile.count() == 3);
}

TEST_CASE("a group is founded with all its guests, or not at all", "[core]") {
  Exile exile;
  wire::RoomCreate params;
  params.name = "verona's walls";
  params.invite = std::vector<UserId>{somebody(1), somebody(2), somebody(3), somebody(4)};
  CHECK(exile.romeo.ask(params).code == "limit_reached");
  CHECK(exile.romeo.get(wire::RoomList{}).size("/rooms") == 1);

  params.invite->pop_back();
  CHECK(exile.romeo.ask(params).is_ok());
  CHECK(exile.count() == 3);
}

// A record about a member that Juliet's server hands in.
Draft said_by_juliet(Exile& exile, const UserId& user, const std::string& membership) {
  Draft draft = signed_by(kCapulet, {});
  draft.room = exile.room;
  draft.kind = wire::RecordKind::member;
  draft.sender = exile.juliet.user();
  draft.client_msg_id = exile.juliet.new_id();
  draft.content =
      R"({"user":")" + user.text() + R"(","membership":")" + membership + R"(","role":"member"})";
  return draft;
}

TEST_CASE("who comes in before that was told needs no place any more", "[core]") {
  Exile exile;
  CHECK(exile.invite(exile.juliet.user()).empty());
  const Draft joins = said_by_juliet(exile, exile.juliet.user(), "joined");
  REQUIRE(exile.town.submit(0, kCapulet, joins).has_value());

  CHECK(exile.count() == 0);
  // Her server follows the room now, and has all from its log.
  CHECK(exile.invite(somebody(1)).empty());
  CHECK(exile.count() == 0);
}

TEST_CASE("who invites from another server is refused likewise", "[core]") {
  Exile exile;
  CHECK(exile.invite(exile.juliet.user()).empty());
  const Draft joins = said_by_juliet(exile, exile.juliet.user(), "joined");
  REQUIRE(exile.town.submit(0, kCapulet, joins).has_value());
  CHECK(exile.romeo.ask(wire::RoomSetRole{exile.room, exile.juliet.user(), wire::Role::admin})
            .code.empty());
  CHECK(exile.fill(1, kVerona) == 3);

  const Draft invites = said_by_juliet(exile, somebody(4, kVerona), "invited");
  const auto seq = exile.town.submit(0, kCapulet, invites);

  REQUIRE_FALSE(seq.has_value());
  CHECK(seq.error().code == Code::limit_reached);
}

TEST_CASE("a room moves to a server where no more may wait, with its invitations", "[core]") {
  Exile exile;
  exile.town.mend();
  CHECK(exile.invite(exile.juliet.user()).empty());
  exile.town.settle();
  exile.juliet.get(wire::RoomJoin{exile.room});
  exile.town.settle();
  Actor paris = exile.town[2].sign_up("paris");
  CHECK(exile.invite(paris.user()).empty());
  exile.town.settle();
  exile.town[1].settings.max_notices_per_server = 0;
  exile.town[1].core->apply(exile.town[1].settings);
  exile.town.peers(0).ask_to_take_over = [&](const auto&, const auto&, auto done) {
    exile.town[0].later.add([done] { done(Status()); });
  };

  REQUIRE(exile.town[0].admin(wire::AdminRoomHubMove{exile.room, kCapulet}).is_ok());
  exile.town.settle();

  CHECK(exile.town.log(1, exile.room) == exile.town.log(0, exile.room));
  paris.get(wire::RoomJoin{exile.room});
  exile.town.settle();
  CHECK(exile.town.log(2, exile.room) == exile.town.log(1, exile.room));
}

}  // namespace
}  // namespace chatd::core
