#include "daemon/core/recent.hpp"

#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace chatd::core {
namespace {

// A room of two that Alice has opened.
struct Opened {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  RoomId room = alice.found_group("garden", {&bob});

  Opened() {
    for (int i = 0; i < 60; ++i) alice.send(room, fmt::format("message {}", i));
    CHECK(page().is_ok());
  }
  Reply page(std::uint32_t limit = 50) {
    wire::HistoryGet params;
    params.room = room;
    params.limit = limit;
    return alice.ask(std::move(params));
  }
  // The same where the store can't be read.
  Reply page_without_store(std::uint32_t limit = 50) {
    world.store.fail_reads(true);
    Reply reply = page(limit);
    world.store.fail_reads(false);
    return reply;
  }
};

wire::Record record(Seq seq) {
  wire::Record record;
  record.seq = seq;
  record.content = fmt::format(R"({{"text":"{}"}})", seq);
  return record;
}

Page page_of(Seq first, Seq last) {
  Page page;
  for (Seq seq = first; seq <= last; ++seq) {
    std::string json;
    wire::append_json(json, record(seq));
    page.add(seq, json);
  }
  return page;
}

void append(Recent& recent, const wire::Record& record) {
  std::string json;
  wire::append_json(json, record);
  recent.append(record, json);
}

}  // namespace

TEST_CASE("a room that was opened is opened again without the store", "[core]") {
  Opened opened;
  const Reply from_store = opened.page();

  const Reply again = opened.page_without_store();
  REQUIRE(again.is_ok());
  CHECK(again.result.raw() == from_store.result.raw());

  opened.bob.send(opened.room, "one more");
  const Reply grown = opened.page_without_store(2);
  REQUIRE(grown.is_ok());
  CHECK(grown.result.size("/records") == 2);
  CHECK(grown.result.text("/records/1/content/text") == "one more");
  CHECK(grown.result.flag("/has_before"));
}

TEST_CASE("what was erased is in no page from memory", "[core]") {
  Opened opened;
  const Seq seq = opened.alice.send(opened.room, "secret");
  REQUIRE(opened.page().result.raw().find("secret") != std::string::npos);

  const wire::MessageRedact redact{opened.room, opened.alice.new_id(), seq, std::nullopt};
  REQUIRE(opened.alice.ask(redact).is_ok());

  const Reply page = opened.page();
  CHECK(page.result.raw().find("secret") == std::string::npos);
  CHECK(page.result.flag("/records/48/erased"));
}

TEST_CASE("pages come from memory only where it has all of them", "[core]") {
  Recent recent(1 << 20);
  recent.keep(RoomId(), page_of(11, 20));

  CHECK(recent.find(RoomId(), 20, 10, 1 << 20)->json == page_of(11, 20).json);
  CHECK(recent.find(RoomId(), 20, 3, 1 << 20)->json == page_of(18, 20).json);
  CHECK(recent.find(RoomId(), 20, 3, 1 << 20)->first() == 18);
  CHECK_FALSE(recent.find(RoomId(), 20, 11, 1 << 20));
  CHECK_FALSE(recent.find(RoomId(), 19, 3, 1 << 20));
  CHECK_FALSE(recent.find(RoomId(), 20, 10, 100));

  append(recent, record(21));
  CHECK(recent.find(RoomId(), 21, 11, 1 << 20)->json == page_of(11, 21).json);
  append(recent, record(23));
  CHECK_FALSE(recent.find(RoomId(), 23, 1, 1 << 20));

  recent.keep(RoomId(), page_of(1, 3));
  CHECK(recent.find(RoomId(), 3, 50, 1 << 20)->json == page_of(1, 3).json);
}

TEST_CASE("rooms that nobody opens any more, or that are many, leave the memory", "[core]") {
  Recent recent(2'000);
  const RoomId other(blake2b_256("other"));
  recent.keep(RoomId(), page_of(1, 5));
  recent.keep(other, page_of(1, 20));
  CHECK_FALSE(recent.find(RoomId(), 5, 1, 1 << 20));

  recent.keep(RoomId(), page_of(1, 5));
  for (Seq seq = 6; seq < 100; ++seq) append(recent, record(seq));
  CHECK_FALSE(recent.find(RoomId(), 99, 1, 1 << 20));
  recent.clear();
  CHECK_FALSE(recent.find(other, 20, 1, 1 << 20));
}

}  // namespace chatd::core
