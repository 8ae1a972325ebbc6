#include "daemon/core/keys.hpp"
#include "daemon/host/plugin_state.hpp"
#include "daemon/wire/record.hpp"
#include "tests/unit/host/fixture.hpp"

#include <catch2/catch.hpp>

using chatd::Code;
using chatd::Millis;
using chatd::RoomId;
using chatd::Seq;
using chatd::core::Append;
using chatd::core::Put;
using chatd::tests::TestHost;

namespace {

const TestHost::Settings kSubscribed = {{"subscribe", "true"}};

// Commits one record as the core does, with its row of the feed.
void append(TestHost& t, const RoomId& room, Seq seq, std::uint64_t position) {
  chatd::wire::Record record;
  record.room = room;
  record.seq = seq;
  record.sender = chatd::UserId::parse("romeo@one.example").value();
  record.origin = "one.example";
  record.content = R"({"text":"hello"})";
  record.content_hash = chatd::blake2b_256(record.content);
  chatd::ByteWriter newest;
  newest.u64(position);
  REQUIRE(
      t.commit({1,
                {Append{room, seq, encode_stored(record)},
                 Put{chatd::core::feed_key(position), chatd::core::encode_feed({{room, seq, seq}})},
                 Put{std::string(chatd::core::keys::kFeedPosition), newest.take()}}}));
  t.host->feed()->on_feed(position);
}

bool has_events(TestHost& t, const std::string& expected) {
  return t.loop.run_until(
      [&] { return t.call("x.mischief.events").value() == "\"" + expected + "\""; });
}

}  // namespace

TEST_CASE("a plugin's methods are listed under its name and answered", "[host]") {
  TestHost t;

  CHECK(t.host->methods().methods().front().name == "x.mischief.do");
  CHECK(t.call("x.mischief.echo", R"({"a":[1]})").value() == R"({"a":[1]})");
  CHECK(t.call("x.mischief.do", "\"ok\"").value() == "{}");
  CHECK(t.call("x.nobody.echo").error().code == Code::unknown_method);
  CHECK(t.call("x.mischief.do", "\"deny\"").error().message == "not here");
  for (const char* what : {"\"throw\"", "\"nonsense\"", "\"not json\""})
    CHECK(t.call("x.mischief.do", what).error().code == Code::internal);
}

TEST_CASE("auth answers as the plugin does, and never in when it fails", "[host]") {
  TestHost t;

  CHECK(t.verify("ok"));
  CHECK(t.verify("deny").error().code == Code::unauthenticated);
  CHECK(t.verify("deny").error().message.find("not here") == std::string::npos);
  CHECK(t.verify("limit").error().code == Code::rate_limited);
  CHECK(t.verify("throw").error().code == Code::internal);
  CHECK(t.verify("allow").error().code == Code::internal);
  CHECK(t.verify("forget").error().code == Code::unavailable);
}

TEST_CASE("a plugin keeps state in the store, each its own, and on workers only", "[host]") {
  TestHost t({}, TestHost::Settings{});

  CHECK(t.call("x.mischief.put", R"({"n":1})"));
  CHECK(t.call("x.second.put", R"({"n":2})"));

  CHECK(t.call("x.mischief.get").value() == R"({"n":1})");
  CHECK(t.call("x.second.get").value() == R"({"n":2})");
  CHECK(t.get(chatd::host::state_key("mischief", "kept")) == R"({"n":1})");
  CHECK(t.call("x.mischief.state_on_loop").value() == std::to_string(CHATD_E_WRONG_THREAD));
}

TEST_CASE("a timer repeats until it is stopped", "[host]") {
  TestHost t;
  REQUIRE(t.call("x.mischief.timer"));

  CHECK(t.loop.run_until([&] {
    t.advance(Millis(100));
    return t.call("x.mischief.count").value() == "3";
  }));

  t.advance(Millis(1'000));
  CHECK(t.call("x.mischief.count").value() == "3");
}

TEST_CASE("nobody subscribed: the core need not write a feed", "[host]") {
  TestHost without;
  TestHost with(kSubscribed);

  CHECK(without.host->feed() == nullptr);
  CHECK(with.host->feed() != nullptr);
}

TEST_CASE("a subscriber gets what is committed, in order, and rows that all passed go", "[host]") {
  TestHost t(kSubscribed);
  const RoomId room(chatd::blake2b_256("room"));

  for (Seq seq = 1; seq <= 5; ++seq) append(t, room, seq, seq);

  REQUIRE(has_events(t, "1;2;3;4;5;"));
  append(t, room, 6, 7);  // position 6 was of a failed commit
  REQUIRE(has_events(t, "1;2;3;4;5;6;"));
  REQUIRE(t.loop.run_until([&] { return t.status("mischief").log_lag == 0; }));
  append(t, room, 7, 8);
  REQUIRE(has_events(t, "1;2;3;4;5;6;7;"));
  REQUIRE(t.loop.run_until([&] { return t.status("mischief").log_lag == 0; }));
  CHECK(t.get(chatd::core::feed_key(1)) == std::nullopt);
  CHECK(t.get(chatd::core::feed_key(7)) == std::nullopt);
}

TEST_CASE("events that are refused come again, after a growing pause", "[host]") {
  TestHost t(TestHost::Settings{{"subscribe", "true"}, {"refuse_events", "2"}});
  const RoomId room(chatd::blake2b_256("room"));

  append(t, room, 1, 1);

  CHECK(t.loop.run_until([&] {
    t.advance(Millis(500));
    return t.call("x.mischief.events").value() == "\"1;\"";
  }));
}

TEST_CASE("lag is how many commits a plugin is behind", "[host]") {
  TestHost t(TestHost::Settings{{"subscribe", "true"}, {"refuse_events", "1000"}});
  const RoomId room(chatd::blake2b_256("room"));

  append(t, room, 1, 1);
  append(t, room, 2, 2);

  CHECK(t.status("mischief").log_lag == 2);
}
