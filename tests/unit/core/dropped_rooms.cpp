#include "tests/unit/core/across.hpp"

// What is decided while a room's state is dropped from memory: nothing, for good.
namespace chatd::core {
namespace {

// The hub has room for one room in its memory. While the disk takes nothing, that is the tomb: all
// others are dropped as soon as nobody is about to use them.
struct CrowdedBall : Ball {
  Actor friar = town[0].sign_up("friar");
  RoomId tomb = friar.found_group("the tomb", {});

  CrowdedBall() {
    town[0].settings.rooms_in_memory = 1;
    town.restart(0);
    romeo.reconnect();
    friar.reconnect();
  }
  void fill_memory() {
    town[0].store.hold();
    friar.begin(wire::MessageSend{tomb, friar.new_id(), text_content("all is dark")});
    town[0].settle();
  }
  // What a device of Juliet's says, under its own clock.
  Result<Seq> hand_in(std::uint8_t time) {
    Draft draft;
    draft.room = room;
    draft.kind = wire::RecordKind::message;
    draft.sender = juliet.user();
    draft.device = DeviceId(7);
    Hash128 id{};
    id[0] = time;
    id[6] = 0x70;
    id[8] = 0x80;
    draft.client_msg_id = ClientMsgId(id);
    draft.content = R"({"text":"good night"})";
    return town.submit(0, kCapulet, signed_by(kCapulet, std::move(draft)));
  }
};

TEST_CASE("what another server hands in is not refused for good while its room is dropped",
          "[core]") {
  CrowdedBall ball;
  REQUIRE(ball.hand_in(2).has_value());
  const auto before = ball.town.log(0, ball.room);
  ball.fill_memory();

  const auto dropped = ball.hand_in(1);  // the log is looked through for it

  REQUIRE_FALSE(dropped.has_value());
  CHECK(is_worth_retrying(dropped.error().code));
  ball.town[0].store.release();
  ball.town[0].settle();
  CHECK(ball.hand_in(1).has_value());
  CHECK(ball.town.log(0, ball.room).size() == before.size() + 1);
}

TEST_CASE("a room's owner is not refused an erasure while the room is dropped", "[core]") {
  CrowdedBall ball;
  const Seq seq = *ball.hand_in(1);
  ball.fill_memory();

  const std::string id =
      ball.romeo.begin(wire::MessageRedact{ball.room, ball.romeo.new_id(), seq, std::nullopt});
  ball.town[0].settle();
  ball.town[0].store.release();
  ball.town[0].settle();

  CHECK(ball.romeo.answer<wire::MessageRedact>(id)->is_ok());
}

// Juliet is about to leave, and her server has dropped the room.
struct Farewell : Ball {
  World& world = town[1];
  std::uint64_t entry = 0;

  Farewell() {
    world.settings.rooms_in_memory = 1;
    town.restart(1);
    juliet.reconnect();
    town.cut();
    juliet.get(wire::RoomLeave{room});
    entry = town.service(1).outbox(kMontague).begin()->first;
    juliet.found_group("the tomb", {});
    world.store.fail_reads(true);
  }
};

TEST_CASE("who may not leave is in the room again, also when it could not be read at first",
          "[core]") {
  Farewell farewell;
  const auto refuse = [&] {
    farewell.town.service(1).refused(kMontague, farewell.entry, Error{Code::conflict, {}, 0});
    farewell.world.settle();
  };

  refuse();
  farewell.world.store.fail_reads(false);
  refuse();  // as federation does until it is taken note of

  CHECK(farewell.juliet.get(wire::RoomList{}).size("/rooms") == 2);
  CHECK(farewell.juliet.sync().text("/pending/0/refused") == "conflict");
}

TEST_CASE("who leaves is about to until the record is here, also when the room can't be read",
          "[core]") {
  Farewell farewell;
  const Draft said = farewell.town.service(1).outbox(kMontague).begin()->second.draft;
  const Seq seq = *farewell.town.submit(0, kCapulet, signed_by(kCapulet, said));

  farewell.town.service(1).accepted(kMontague, farewell.entry, seq);
  farewell.world.settle();

  CHECK(farewell.town.service(1).outbox(kMontague).contains(farewell.entry));
  farewell.world.store.fail_reads(false);
  farewell.town.mend();
  farewell.town.settle();
  CHECK(farewell.juliet.sync().size("/pending") == 0);
}

}  // namespace
}  // namespace chatd::core
