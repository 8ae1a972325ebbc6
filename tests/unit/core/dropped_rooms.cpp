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

TEST_CASE("who may not leave is in the room again, also when it could not be read at first",
          "[core]") {
  Ball ball;
  World& world = ball.town[1];
  world.settings.rooms_in_memory = 1;
  ball.town.restart(1);
  ball.juliet.reconnect();
  ball.town.cut();
  ball.juliet.get(wire::RoomLeave{ball.room});
  const std::uint64_t entry = ball.town.service(1).outbox(kMontague).begin()->first;
  ball.juliet.found_group("the tomb", {});  // the ball is dropped
  const auto refuse = [&] {
    ball.town.service(1).refused(kMontague, entry, Error{Code::conflict, {}, 0});
    world.settle();
  };

  world.store.fail_reads(true);
  refuse();
  world.store.fail_reads(false);
  refuse();  // as federation does until it is taken note of

  CHECK(ball.juliet.get(wire::RoomList{}).size("/rooms") == 2);
  CHECK(ball.juliet.sync().text("/pending/0/refused") == "conflict");
}

}  // namespace
}  // namespace chatd::core
