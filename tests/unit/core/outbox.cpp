#include "daemon/core/outbox.hpp"

#include "daemon/wire/schema.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

const UserId kRomeo = *UserId::parse("romeo@montague.example");

Submission submission(std::uint64_t entry, std::string content = "{}") {
  Submission made;
  made.entry = entry;
  made.hub = "capulet.example";
  made.draft.room = RoomId(blake2b_256("a room"));
  made.draft.sender = kRomeo;
  made.draft.device = DeviceId(7);
  made.draft.content = std::move(content);
  made.since = 1000;
  return made;
}

TEST_CASE("an entry of the outbox is read as it was written", "[core]") {
  Submission written = submission(5, R"({"text":"Ay me"})");
  written.draft.kind = wire::RecordKind::edit;
  written.draft.target = 300;
  written.refused = Code::forbidden;

  const auto read = Submission::decode(5, written.encode());

  REQUIRE(read.has_value());
  CHECK(read->hub == written.hub);
  CHECK(read->draft.room == written.draft.room);
  CHECK(read->draft.kind == written.draft.kind);
  CHECK(read->draft.sender == written.draft.sender);
  CHECK(read->draft.device == written.draft.device);
  CHECK(read->draft.target == 300);
  CHECK(read->draft.content == written.draft.content);
  CHECK(read->since == 1000);
  CHECK(read->refused == Code::forbidden);
  const std::string row = written.encode();
  for (std::size_t size = 0; size < row.size(); ++size)
    CHECK_FALSE(Submission::decode(5, std::string_view(row).substr(0, size)).has_value());
}

TEST_CASE("what was refused waits for its sender, and for no hub", "[core]") {
  Outbox outbox;
  outbox.put(submission(1));
  outbox.put(submission(2));
  Submission refused = submission(1);
  refused.refused = Code::forbidden;
  outbox.put(std::move(refused));

  CHECK(outbox.of_hub("capulet.example").size() == 1);
  CHECK(outbox.of_user(kRomeo).size() == 2);
  CHECK(outbox.size() == 2);
  outbox.erase(kRomeo, 1);
  outbox.erase(kRomeo, 2);
  CHECK(outbox.size() == 0);
  CHECK(outbox.hubs().empty());
  CHECK(outbox.of_user(kRomeo).empty());
}

TEST_CASE("one account has so much pending and no more", "[core]") {
  Outbox outbox;
  for (std::uint64_t i = 1; i <= 200; ++i) {
    CHECK(outbox.has_place(kRomeo, 2).has_value());
    outbox.put(submission(i));
  }
  CHECK(outbox.has_place(kRomeo, 2).error().code == Code::limit_reached);
  CHECK(outbox.has_place(*UserId::parse("juliet@montague.example"), 2).has_value());
  Outbox large;
  for (std::uint64_t i = 1; i <= 4; ++i) large.put(submission(i, std::string(500'000, 'x')));
  CHECK_FALSE(large.has_place(kRomeo, 500'000).has_value());
}

TEST_CASE("numbers grow, also when all before are gone and the clock is set back", "[core]") {
  Outbox outbox;
  const std::uint64_t first = outbox.next_number(1'800'000'000'000);
  CHECK(outbox.next_number(1'700'000'000'000) == first + 1);
  CHECK(first <= wire::kMaxExactInteger);
  Outbox later;
  CHECK(later.next_number(1'800'000'000'001) > first);
}

}  // namespace
}  // namespace chatd::core
