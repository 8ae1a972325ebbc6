#include "tests/unit/core/across.hpp"

#include <catch2/catch.hpp>

// A hub that tells two things of one room, and one that tells the same once more.
namespace chatd::core {
namespace {

TEST_CASE("a hub that tells another log than before is found out by any record of it", "[core]") {
  Ball ball;
  const auto kept = [&] {
    std::string proof;
    ball.town.service(1).proof(ball.room,
                               [&](const Result<std::string>& found) { proof = *found; });
    ball.town[1].settle();
    return proof;
  };
  const auto log = ball.town.records(0, ball.room);
  const auto follow = [&](std::vector<wire::Record> records, const std::string& proof) {
    return ball.town.follow(1, kMontague, std::move(records), proof);
  };
  CHECK(follow(log, "of the log") == log.size());
  // As it was told, it may be told again.
  CHECK(follow({log.begin() + 1, log.end() - 1}, "of a part") == log.size());
  for (std::size_t i = 0; i < log.size(); ++i) {
    wire::Record other = log[i];
    other.time += 1;
    CHECK(follow({other}, "of another log").error().code == Code::conflict);
  }
  wire::Record after_others = log.back();
  after_others.prev_hash[0] ^= 1;
  CHECK(follow({after_others}, "of another log").error().code == Code::conflict);
  // What would go on from it is not taken either.
  auto forked = log;
  forked[1].time -= 1;
  for (std::size_t i = 2; i < forked.size(); ++i)
    forked[i].prev_hash = wire::record_hash(forked[i - 1]);
  forked.push_back(
      next_record(forked, ball.romeo.user(), wire::RecordKind::message, R"({"text":"x"})"));
  CHECK(follow(forked, "of another log").error().message ==
        "record 2 is another one than the one known");
  CHECK(ball.town.log(1, ball.room) == ball.town.log(0, ball.room));
  CHECK(kept() == "of the log");
  ball.town.restart(1);
  CHECK(ball.town.log(1, ball.room) == ball.town.log(0, ball.room));
  CHECK(kept() == "of the log");
}

TEST_CASE("a hub makes one record of what somebody of another server said once", "[core]") {
  Ball ball;
  for (const std::string text : {"first", "second"}) {
    ball.juliet.send(ball.room, text);
    ball.town.settle();
  }
  const auto log = ball.town.records(0, ball.room);
  const auto again = [&](const wire::Record& said) {
    wire::Record record = next_record(log, said.sender, said.kind, said.content);
    record.device = said.device;
    record.client_msg_id = said.client_msg_id;
    const auto before = ball.town.log(1, ball.room);
    const auto head = ball.town.follow(1, kMontague, {record});
    CHECK(ball.town.log(1, ball.room) == before);
    return head ? Code::internal : head.error().code;
  };
  REQUIRE(log.back().sender == ball.juliet.user());
  CHECK(again(log[log.size() - 1]) == Code::conflict);
  CHECK(again(log[log.size() - 2]) == Code::conflict);
  ball.town.restart(1);
  CHECK(again(log[log.size() - 1]) == Code::conflict);
  CHECK(again(log[log.size() - 2]) == Code::conflict);
}

TEST_CASE("what was erased here may be told again with its content", "[core]") {
  Ball ball;
  ball.romeo.send(ball.room, "I take it back");
  ball.town.settle();
  const auto before = ball.town.records(0, ball.room);
  ball.romeo.get(wire::MessageRedact{ball.room, ball.romeo.new_id(), before.size(), std::nullopt});
  ball.town.settle();
  const auto head = ball.town.records(1, ball.room).size();
  CHECK(ball.town.follow(1, kMontague, before) == head);
}

}  // namespace
}  // namespace chatd::core
