#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

#include <string>

// What the admin sees of the way of one message.
namespace chatd::core {
namespace {

const std::string kMontague = "montague.example";
const std::string kCapulet = "capulet.example";

// A group of Romeo's at montague.example with Juliet of capulet.example in it.
struct Garden {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  RoomId room = romeo.found_group("the garden", {});

  Garden() {
    romeo.get(wire::RoomInvite{room, juliet.user()});
    town.settle();
    juliet.get(wire::RoomJoin{room});
    town.settle();
  }
  Reply trace(std::size_t server, const std::string& message) {
    return town[server].admin(wire::AdminMessageTrace{room, message});
  }
  // The newest record of the room on that server.
  [[nodiscard]] wire::Record newest(std::size_t server) {
    return town.records(server, room).back();
  }
};

TEST_CASE("a stored message is traced by its number and by its name", "[core]") {
  Garden garden;
  const Seq seq = garden.romeo.send(garden.room, "good night");
  garden.town.settle();
  garden.town.peers(0).shown = {true, seq, std::nullopt, ""};
  const wire::Record record = garden.newest(0);

  for (const std::string& message : {std::to_string(seq), record.client_msg_id.text()}) {
    const Json trace = garden.trace(0, message).result;
    CHECK(trace.text("/state") == "stored");
    CHECK(trace.number("/seq") == seq);
    CHECK(trace.number("/term") == 1);
    CHECK(trace.text("/sender") == garden.romeo.user().text());
    CHECK(trace.text("/origin") == kMontague);
    CHECK(trace.text("/hub") == kMontague);
    CHECK(trace.text("/readers/0/user") == garden.romeo.user().text());
    CHECK(trace.number("/readers/0/connections") == 1);
    CHECK(trace.text("/peers/0/server") == kCapulet);
    CHECK(trace.number("/peers/0/acked") == seq);
  }
  const Json at_follower = garden.trace(1, std::to_string(seq)).result;
  CHECK(at_follower.text("/state") == "stored");
  CHECK(at_follower.text("/hub") == kMontague);
  CHECK(at_follower.text("/peers/0/server") == kMontague);
}

TEST_CASE("a message that waits for its hub shows why", "[core]") {
  Garden garden;
  garden.town.cut();
  garden.juliet.try_send(garden.room, "good night");
  garden.town.peers(1).shown = {false, std::nullopt, Code::rate_limited, "no route"};
  const auto& outbox = garden.town[1].core->context().outbox;
  const std::string id = outbox.of_hub(kMontague).begin()->second.draft.client_msg_id.text();

  Json trace = garden.trace(1, id).result;

  CHECK(trace.text("/state") == "pending");
  CHECK(trace.number("/outbox_entry") > 0);
  CHECK(trace.text("/hub") == kMontague);
  CHECK(trace.text("/peers/0/error") == "no route");
  CHECK(trace.text("/peers/0/waits") == "rate_limited");
  CHECK(garden.trace(0, id).code == "not_found");

  garden.romeo.get(wire::RoomKick{garden.room, garden.juliet.user(), {}});
  garden.town.mend();
  garden.town.settle();
  trace = garden.trace(1, id).result;
  CHECK(trace.text("/state") == "refused");
  CHECK(trace.text("/refused") == "not_found");
  CHECK(trace.text("/reason") == "you are in no such room");
}

TEST_CASE("of two messages that have one name the newer is traced", "[core]") {
  Garden garden;
  const ClientMsgId id = garden.romeo.new_id();
  garden.romeo.get(wire::MessageSend{garden.room, id, text_content("good night")});
  garden.juliet.get(wire::MessageSend{garden.room, id, text_content("good night")});
  garden.town.settle();

  const Json trace = garden.trace(0, id.text()).result;

  CHECK(trace.number("/seq") == garden.newest(0).seq);
  CHECK(trace.text("/sender") == garden.juliet.user().text());
}

TEST_CASE("who signed a message of another server is shown at the hub", "[core]") {
  Garden garden;
  garden.juliet.try_send(garden.room, "good night");
  garden.town.settle();

  const Json trace = garden.trace(0, std::to_string(garden.newest(0).seq)).result;

  CHECK(trace.text("/origin") == kCapulet);
  CHECK(trace.text("/origin_key").size() == 43);
}

TEST_CASE("what is no message is not traced", "[core]") {
  Garden garden;
  for (const char* const message : {"99", "018bcfe5-6800-7000-8000-000000000001"})
    CHECK(garden.trace(0, message).code == "not_found");
  for (const char* const message : {"", "0", "-1", "three", "1x"})
    CHECK(garden.trace(0, message).code == "invalid_params");
  const RoomId nowhere(blake2b_256("nowhere"));
  CHECK(garden.town[0].admin(wire::AdminMessageTrace{nowhere, "1"}).code == "not_found");
}

}  // namespace
}  // namespace chatd::core
