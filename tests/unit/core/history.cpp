#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace chatd::core {
namespace {

// A room whose records have the numbers 1 to `head`.
struct Log {
  World world;
  Actor alice = world.sign_up("alice");
  RoomId room = alice.found_group("garden", {});

  explicit Log(Seq head) {
    for (Seq seq = 2; seq <= head; ++seq) alice.send(room, fmt::format("message {}", seq));
  }
  Json page(wire::HistoryGet params) {
    params.room = room;
    return alice.get(std::move(params));
  }
};

using Seqs = std::vector<Seq>;

Seqs seqs(const Json& page) {
  Seqs all;
  for (std::size_t i = 0; i < page.size("/records"); ++i)
    all.push_back(page.number(fmt::format("/records/{}/seq", i)));
  return all;
}

wire::HistoryGet before(Seq seq, std::uint32_t limit) {
  wire::HistoryGet params;
  params.before = seq;
  params.limit = limit;
  return params;
}
wire::HistoryGet after(Seq seq, std::uint32_t limit) {
  wire::HistoryGet params;
  params.after = seq;
  params.limit = limit;
  return params;
}
wire::HistoryGet around(Seq seq, std::uint32_t limit) {
  wire::HistoryGet params;
  params.around = seq;
  params.limit = limit;
  return params;
}

TEST_CASE("history gives the newest, or what is before, after or around a number", "[core]") {
  Log log(10);
  wire::HistoryGet newest;
  newest.limit = 3;

  CHECK(seqs(log.page(newest)) == Seqs{8, 9, 10});
  CHECK(seqs(log.page(before(5, 3))) == Seqs{2, 3, 4});
  CHECK(seqs(log.page(before(3, 5))) == Seqs{1, 2});
  CHECK(seqs(log.page(before(100, 2))) == Seqs{9, 10});
  CHECK(seqs(log.page(after(5, 3))) == Seqs{6, 7, 8});
  CHECK(seqs(log.page(after(0, 2))) == Seqs{1, 2});
  CHECK(seqs(log.page(after(9, 3))) == Seqs{10});
  CHECK(seqs(log.page(around(5, 4))) == Seqs{3, 4, 5, 6});
  CHECK(seqs(log.page(around(1, 4))) == Seqs{1, 2});
  CHECK(seqs(log.page(around(5, 1))) == Seqs{5});
  CHECK(seqs(log.page(around(100, 4))) == Seqs{8, 9, 10});
}

TEST_CASE("a page says whether there is more on either side", "[core]") {
  Log log(5);
  const auto sides = [&](wire::HistoryGet params) {
    const Json page = log.page(std::move(params));
    CHECK(page.number("/head_seq") == 5);
    return std::pair(page.flag("/has_before"), page.flag("/has_after"));
  };

  CHECK(sides(before(6, 10)) == std::pair(false, false));
  CHECK(sides(before(4, 2)) == std::pair(true, true));
  CHECK(sides(after(0, 2)) == std::pair(false, true));
  CHECK(sides(after(3, 2)) == std::pair(true, false));
  CHECK(sides(around(3, 2)) == std::pair(true, true));
  // Empty pages: before the first, after the last.
  CHECK(sides(before(1, 2)) == std::pair(false, true));
  CHECK(sides(after(5, 2)) == std::pair(true, false));
}

TEST_CASE("a page is bounded in bytes, but has at least one record", "[core]") {
  Log log(1);
  for (int i = 0; i < 5; ++i) log.alice.send(log.room, std::string(1000, 'a'));
  wire::HistoryGet params = after(1, 100);
  params.max_bytes = 2500;
  CHECK(seqs(log.page(params)) == Seqs{2, 3});
  params.max_bytes = 1;
  CHECK(seqs(log.page(params)) == Seqs{2});
  wire::HistoryGet newest;
  newest.max_bytes = 2500;
  CHECK(seqs(log.page(newest)) == Seqs{5, 6});
  wire::HistoryGet middle = around(4, 100);
  middle.max_bytes = 5000;
  CHECK(seqs(log.page(middle)) == Seqs{1, 2, 3, 4, 5});
}

TEST_CASE("pages read one after the other give the whole log without a gap", "[core]") {
  Log log(100);
  Seqs forward;
  while (true) {
    const Json page = log.page(after(forward.empty() ? 0 : forward.back(), 7));
    for (const Seq seq : seqs(page)) forward.push_back(seq);
    if (!page.flag("/has_after")) break;
  }
  Seqs backward;
  while (true) {
    const Json page = log.page(before(backward.empty() ? 1000 : backward.front(), 7));
    const Seqs more = seqs(page);
    backward.insert(backward.begin(), more.begin(), more.end());
    if (!page.flag("/has_before")) break;
  }

  REQUIRE(forward.size() == 100);
  for (Seq seq = 1; seq <= 100; ++seq) CHECK(forward[seq - 1] == seq);
  CHECK(backward == forward);
}

TEST_CASE("history is for members, and for one question at a time", "[core]") {
  Log log(3);
  Actor bob = log.world.sign_up("bob");
  wire::HistoryGet params;
  params.room = log.room;
  CHECK(bob.ask(params).code == "not_found");
  log.alice.get(wire::RoomInvite{log.room, bob.user()});
  CHECK(bob.ask(params).code == "not_found");
  bob.get(wire::RoomJoin{log.room});
  CHECK(bob.ask(params).is_ok());
  log.alice.get(wire::RoomBan{log.room, bob.user(), true, {}});
  CHECK(bob.ask(params).code == "not_found");

  params.before = 3;
  params.after = 1;
  CHECK(log.alice.ask(params).code == "invalid_params");
}

}  // namespace
}  // namespace chatd::core
