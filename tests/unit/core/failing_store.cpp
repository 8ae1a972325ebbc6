#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

struct Pair {
  World world;
  TestStore& store = world.store;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  RoomId room = alice.found_group("garden", {&bob});
  Pair() {
    alice.forget_events();
    bob.forget_events();
  }
  void recover() { world.pass(Millis(1'001)); }
};

TEST_CASE("what the disk refuses is not acknowledged, not delivered, and never was", "[core]") {
  Pair pair;
  const Seq before = pair.alice.send(pair.room, "before");
  pair.bob.forget_events();
  const wire::MessageSend params{pair.room, pair.alice.new_id(), text_content("lost")};
  pair.store.fail_commits(1, Code::read_only);

  CHECK(pair.alice.ask(params).code == "read_only");

  CHECK(pair.bob.link().events.empty());
  CHECK(pair.alice.history(pair.room).raw().find("lost") == std::string::npos);
  pair.recover();
  // The number is free again, and so is the name.
  CHECK(pair.alice.get(params).number("/seq") == before + 1);
  CHECK(pair.bob.events("room.record").size() == 1);
  CHECK(pair.world.admin(wire::AdminRoomVerify{pair.room}).result.size("/problems") == 0);
}

TEST_CASE("after a failure new messages are refused for a moment without trying", "[core]") {
  Pair pair;
  pair.store.fail_commits(1, Code::read_only);
  CHECK(pair.alice.try_send(pair.room, "lost").code == "read_only");
  CHECK(pair.world.admin(wire::AdminStatus{}).result.text("/state") == "read_only");
  const unsigned commits = pair.store.commits();

  CHECK(pair.bob.try_send(pair.room, "too soon").code == "read_only");
  wire::RoomCreate params;
  params.name = "cellar";
  CHECK(pair.bob.ask(std::move(params)).code == "read_only");
  CHECK(pair.bob.ask(wire::RoomLeave{pair.room}).code == "read_only");

  CHECK(pair.store.commits() == commits);
  CHECK(pair.alice.history(pair.room).number("/head_seq") == 3);  // reading goes on
  pair.recover();
  CHECK(pair.bob.try_send(pair.room, "now").is_ok());
  CHECK(pair.world.admin(wire::AdminStatus{}).result.text("/state") == "running");
}

TEST_CASE("an error of the disk is not shown to clients in the operator's words", "[core]") {
  Pair pair;
  pair.store.fail_commits(1, Code::internal);

  const Reply reply = pair.alice.try_send(pair.room, "lost");

  CHECK(reply.code == "internal");
  CHECK(reply.message.find("told to fail") == std::string::npos);
}

TEST_CASE("everything that was built on a failed commit fails with it", "[core]") {
  Pair pair;
  pair.store.hold();
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    ids.push_back(
        pair.alice.begin(wire::MessageSend{pair.room, pair.alice.new_id(), text_content("lost")}));
    pair.world.settle();
  }
  pair.store.fail_commits(1, Code::read_only);
  pair.store.release();
  pair.world.settle();

  for (const std::string& id : ids) {
    const std::string code = pair.alice.answer<wire::MessageSend>(id)->code;
    CHECK((code == "read_only" || code == "unavailable"));
  }
  CHECK(pair.alice.history(pair.room).raw().find("lost") == std::string::npos);
  pair.recover();
  CHECK(pair.alice.try_send(pair.room, "found").is_ok());
  CHECK(pair.world.admin(wire::AdminRoomVerify{pair.room}).result.size("/problems") == 0);
}

TEST_CASE("what is written while a commit is on its way to fail is lost with it", "[core]") {
  Pair pair;
  pair.store.hold();
  pair.store.fail_commits(1, Code::read_only);
  const std::string first =
      pair.alice.begin(wire::MessageSend{pair.room, pair.alice.new_id(), text_content("lost")});
  pair.world.settle();
  pair.store.release();
  // Into the batch that is still open when the answer comes.
  const std::string second =
      pair.bob.begin(wire::MessageSend{pair.room, pair.bob.new_id(), text_content("lost")});
  pair.world.later.run();
  pair.world.settle();

  CHECK(pair.alice.answer<wire::MessageSend>(first)->code == "read_only");
  CHECK(pair.bob.answer<wire::MessageSend>(second)->code == "read_only");
  pair.recover();
  CHECK(pair.bob.try_send(pair.room, "found").is_ok());
  CHECK(pair.alice.history(pair.room).raw().find("lost") == std::string::npos);
}

TEST_CASE("a change of membership that failed never was", "[core]") {
  Pair pair;
  pair.store.fail_commits(1, Code::read_only);

  CHECK(pair.alice.ask(wire::RoomKick{pair.room, pair.bob.user(), {}}).code == "read_only");

  pair.recover();
  CHECK(pair.bob.link().events.empty());
  CHECK(pair.bob.try_send(pair.room, "still here").is_ok());
}

TEST_CASE("an account, device, profile or contact that could not be written is not there",
          "[core]") {
  Pair pair;
  Actor carol(pair.world);
  pair.store.fail_commits(1, Code::read_only);
  CHECK(carol.sign_up("carol").code == "read_only");
  CHECK(pair.alice.ask(wire::ProfileGet{*UserId::parse("carol@test.example")}).code == "not_found");
  CHECK(pair.world.core->context().accounts == 2);
  CHECK(carol.sign_up("carol").is_ok());

  pair.store.fail_commits(1, Code::read_only);
  CHECK(Actor(pair.world).log_in("alice").code == "read_only");
  CHECK(pair.alice.get(wire::DeviceList{}).size("/devices") == 1);

  pair.store.fail_commits(1, Code::read_only);
  CHECK(pair.alice.ask(wire::ProfileSet{std::string("Queen"), {}}).code == "read_only");
  CHECK(pair.bob.get(wire::ProfileGet{pair.alice.user()}).text("/display_name") == "alice");

  pair.store.fail_commits(1, Code::read_only);
  CHECK(pair.alice.ask(wire::ContactRequest{pair.bob.user()}).code == "read_only");
  CHECK(pair.bob.get(wire::ContactList{}).size("/contacts") == 0);
  CHECK(pair.bob.link().events.empty());

  pair.store.fail_commits(1, Code::read_only);
  CHECK(pair.alice.ask(wire::SessionLogout{}).code == "read_only");
  CHECK_FALSE(pair.alice.is_closed());
  CHECK(pair.alice.ask(wire::SessionPing{}).is_ok());
}

TEST_CASE("a 1:1 room that could not be written is founded by the next who asks", "[core]") {
  Pair pair;
  pair.store.fail_commits(1, Code::read_only);
  CHECK(pair.alice.ask(wire::RoomOpenDirect{pair.bob.user()}).code == "read_only");
  pair.recover();

  CHECK(pair.bob.open_direct(pair.alice) == pair.alice.open_direct(pair.bob));
}

TEST_CASE("an erasure that failed leaves the message as it was", "[core]") {
  Pair pair;
  const Seq seq = pair.alice.send(pair.room, "regretted");
  const wire::MessageRedact params{pair.room, pair.alice.new_id(), seq, std::nullopt};
  pair.store.fail_commits(1, Code::read_only);
  CHECK(pair.alice.ask(params).code == "read_only");
  CHECK(pair.alice.history(pair.room).raw().find("regretted") != std::string::npos);
  pair.recover();

  CHECK(pair.alice.ask(params).is_ok());
  CHECK(pair.alice.history(pair.room).raw().find("regretted") == std::string::npos);
}

TEST_CASE("a store that can't be read for a moment is asked again later", "[core]") {
  Pair pair;
  pair.world.restart();
  Actor again(pair.world);
  again.use_token(pair.alice.token());
  pair.store.fail_reads(true);
  CHECK(again.resume().code == "unavailable");
  pair.store.fail_reads(false);
  CHECK(again.resume().is_ok());
  pair.store.fail_reads(true);

  CHECK(again.ask(wire::Sync{}).code == "unavailable");
  CHECK(again.ask(wire::RoomList{}).code == "unavailable");
  CHECK(again.try_send(pair.room, "hello").code == "unavailable");
  CHECK(again.ask(wire::RoomOpenDirect{pair.bob.user()}).code == "unavailable");
  pair.store.fail_reads(false);
  CHECK(again.sync().size("/rooms") == 1);
  CHECK(again.try_send(pair.room, "hello").is_ok());
}

TEST_CASE("a slow disk keeps nobody from reading", "[core]") {
  Pair pair;
  pair.store.hold();
  pair.alice.begin(wire::MessageSend{pair.room, pair.alice.new_id(), text_content("on its way")});
  pair.world.settle();

  CHECK(pair.bob.history(pair.room).number("/head_seq") == 3);
  CHECK(pair.bob.get(wire::RoomList{}).number("/rooms/0/head_seq") == 3);
  CHECK(pair.bob.sync().number("/rooms/0/summary/head_seq") == 3);
  CHECK(pair.bob.ask(wire::MessageReact{pair.room, pair.bob.new_id(), 4, "!", true}).code ==
        "not_found");
  pair.store.release();
  pair.world.settle();
  CHECK(pair.bob.history(pair.room).number("/head_seq") == 4);
}

TEST_CASE("the server is idle when all it accepted is on disk", "[core]") {
  Pair pair;
  CHECK(pair.world.core->is_idle());
  pair.store.hold();
  pair.alice.begin(wire::MessageSend{pair.room, pair.alice.new_id(), text_content("last words")});
  pair.world.settle();
  pair.world.core->drain(Millis(1), Millis(2));
  CHECK_FALSE(pair.world.core->is_idle());
  pair.store.release();
  pair.world.settle();

  CHECK(pair.world.core->is_idle());
  CHECK(pair.bob.events("room.record").size() == 1);
}

}  // namespace
}  // namespace chatd::core
