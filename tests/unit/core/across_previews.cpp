#include "daemon/core/keys.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"
#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// A room that is large when people of another server come: they are shown it before its log is
// there.
namespace chatd::core {
namespace {

const std::string kMontague = "montague.example";
const std::string kCapulet = "capulet.example";

// Romeo's group at montague.example, in which much was said, and Juliet of capulet.example, who was
// let in. Nothing of it has come to her server yet.
struct Feast {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  Actor nurse = town[1].sign_up("nurse");
  RoomId room = romeo.found_group("the feast", {});

  explicit Feast(int messages = 300) {
    for (int i = 0; i < messages; ++i) romeo.send(room, "word " + std::to_string(i));
    romeo.get(wire::RoomInvite{room, juliet.user()});
    town.settle();
    town.hold_feeds(true);
    juliet.get(wire::RoomJoin{room});
    town.settle();
  }
  [[nodiscard]] ShownPreview preview() { return town.preview(0, kCapulet, room).value(); }
  Followed show() {
    const auto heads = town.show(1, kMontague, preview());
    REQUIRE(heads.has_value());
    return *heads;
  }
  // The hub feeds its log from here to there.
  Result<Seq> feed(Seq first, Seq last) {
    auto records = town.records(0, room, first);
    records.resize(last + 1 - first);
    return town.follow(1, kMontague, std::move(records));
  }
  void fetch_all() {
    town.hold_feeds(false);
    town.settle();
  }
  [[nodiscard]] Seq head() { return town.log(0, room).size(); }
  [[nodiscard]] std::size_t rows() {
    return town[1].medium.scan(keys::preview(room), "", 10'000)->size();
  }
};

wire::HistoryGet before(const RoomId& room, Seq seq) {
  wire::HistoryGet params;
  params.room = room;
  params.before = seq;
  return params;
}
wire::HistoryGet after(const RoomId& room, Seq seq) {
  wire::HistoryGet params;
  params.room = room;
  params.after = seq;
  return params;
}
wire::HistoryGet newest(const RoomId& room) {
  wire::HistoryGet params;
  params.room = room;
  return params;
}

TEST_CASE("who is let into a large room of another server is in it before its log is there",
          "[core]") {
  Feast feast;
  feast.juliet.forget_events();

  const Followed heads = feast.show();

  CHECK(heads.log == 0);
  CHECK(heads.ahead == feast.head());
  CHECK(feast.town.log(1, feast.room).empty());
  CHECK(feast.juliet.events("room.record").size() == 1);  // her own coming
  const Json sync = feast.juliet.sync();
  CHECK(sync.size("/pending") == 0);
  CHECK(sync.text("/rooms/0/summary/name") == "the feast");
  CHECK(sync.text("/rooms/0/summary/membership") == "joined");
  CHECK(sync.number("/rooms/0/summary/unread") == 0);
  CHECK(sync.size("/rooms/0/records") == 20);
  CHECK(feast.juliet.get(wire::RoomGet{feast.room}).size("/members") == 2);
  const Json page = feast.juliet.get(newest(feast.room));
  CHECK(page.size("/records") == 50);
  CHECK(page.flag("/has_before"));

  CHECK(feast.juliet.try_send(feast.room, "good evening").is_ok());
  feast.fetch_all();
  CHECK(feast.town.log(0, feast.room) == feast.town.log(1, feast.room));
  CHECK(feast.rows() == 0);
  CHECK(feast.juliet.history(feast.room).size("/records") == feast.head());
}

TEST_CASE("what people have read of a room in preview is known when its log has come", "[core]") {
  Feast feast;
  feast.show();
  const ReadMark mark{feast.room, feast.romeo.user(), feast.head()};
  CHECK(feast.town.pass_by(1, kMontague, mark).has_value());
  feast.fetch_all();

  const Json details = feast.juliet.get(wire::RoomGet{feast.room});
  REQUIRE(feast.rows() == 0);
  for (std::size_t i = 0; i < details.size("/members"); ++i)
    CHECK(details.number("/members/" + std::to_string(i) + "/read_seq") == feast.head());
}

TEST_CASE("what of a room is not there yet is said to be on its way", "[core]") {
  Feast feast;
  const Seq first = feast.preview().first;
  feast.show();

  const Json page = feast.juliet.get(before(feast.room, first + 10));
  CHECK(page.size("/records") == 10);
  CHECK(page.flag("/has_before"));
  const Reply older = feast.juliet.ask(before(feast.room, first));
  CHECK(older.code == "unavailable");
  CHECK(older.retry_after_ms > 0);
  CHECK(feast.juliet.ask(after(feast.room, 0)).code == "unavailable");
  wire::MessageReact reaction{feast.room, feast.juliet.new_id(), 5, "+1", true};
  CHECK(feast.juliet.ask(reaction).code == "unavailable");

  REQUIRE(feast.feed(1, 100) == 100);
  CHECK(feast.juliet.get(after(feast.room, 0)).size("/records") == 50);
  CHECK(feast.juliet.get(before(feast.room, 100)).size("/records") == 50);
  CHECK(feast.juliet.ask(after(feast.room, 100)).code == "unavailable");
  reaction.client_msg_id = feast.juliet.new_id();
  CHECK(feast.juliet.ask(reaction).is_ok());
  feast.fetch_all();
  CHECK(feast.town.log(0, feast.room) == feast.town.log(1, feast.room));
}

TEST_CASE("what is said while the log is being fetched comes at once, and comes once", "[core]") {
  Feast feast;
  feast.show();
  feast.juliet.forget_events();
  const Seq before_that = feast.head();
  REQUIRE(feast.feed(1, 50) == 50);
  for (int i = 0; i < 3; ++i) feast.romeo.send(feast.room, "news");

  CHECK(feast.feed(before_that + 1, before_that + 3) == 50);
  CHECK(feast.juliet.events("room.record").size() == 3);
  CHECK(feast.juliet.get(wire::RoomList{}).number("/rooms/0/unread") == 3);
  feast.juliet.get(wire::ReceiptRead{feast.room, before_that + 3});
  CHECK(feast.juliet.get(wire::RoomList{}).number("/rooms/0/unread") == 0);

  feast.fetch_all();
  CHECK(feast.juliet.events("room.record").empty());
  CHECK(feast.juliet.get(wire::RoomList{}).number("/rooms/0/unread") == 0);
  CHECK(feast.town.log(0, feast.room) == feast.town.log(1, feast.room));
  feast.romeo.send(feast.room, "more");
  feast.town.settle();
  CHECK(feast.juliet.events("room.record").size() == 1);
}

TEST_CASE("a server that ends while it fetches a log goes on where it was", "[core]") {
  Feast feast;
  feast.show();
  const Seq shown = feast.head();
  REQUIRE(feast.feed(1, 120) == 120);
  feast.romeo.send(feast.room, "news");
  REQUIRE(feast.feed(shown + 1, shown + 1) == 120);

  feast.town.restart(1);
  feast.juliet.reconnect();

  const auto shared = feast.town.shared(1, kMontague);
  REQUIRE(shared.size() == 1);
  CHECK(shared[0].head == 120);
  CHECK(shared[0].ahead == shown + 1);
  CHECK(shared[0].ahead_hash == wire::record_hash(feast.town.records(0, feast.room).back()));
  CHECK(feast.juliet.get(newest(feast.room)).number("/head_seq") == shown + 1);
  REQUIRE(feast.feed(121, 200) == 200);
  feast.town.restart(1);
  feast.fetch_all();
  CHECK(feast.town.log(0, feast.room) == feast.town.log(1, feast.room));
  CHECK(feast.rows() == 0);
  const auto whole = feast.town.shared(1, kMontague);
  CHECK(whole[0].head == shown + 1);
  CHECK(whole[0].ahead == 0);
}

TEST_CASE("a message is erased wherever it stands while the log is being fetched", "[core]") {
  Feast feast;
  const auto erase = [&](Seq target) {
    feast.romeo.get(wire::MessageRedact{feast.room, feast.romeo.new_id(), target, {}});
  };
  const auto is_here = [&](Seq seq) {
    return feast.juliet.get(before(feast.room, seq + 1)).has("/records/49/content/text");
  };
  const Seq edited = feast.romeo.send(feast.room, "edited");
  feast.show();
  const Seq shown = feast.head();
  feast.romeo.get(
      wire::MessageEdit{feast.room, feast.romeo.new_id(), edited, text_content("secret")});
  REQUIRE(feast.feed(1, 60) == 60);
  REQUIRE(feast.feed(shown + 1, shown + 1) == 60);
  CHECK(is_here(60));
  CHECK(is_here(edited));
  CHECK(is_here(shown + 1));
  // Record 100 is on its way here, as it was, when it is erased there.
  auto on_its_way = feast.town.records(0, feast.room, 61);
  on_its_way.resize(60);

  for (const Seq target : {Seq{60}, Seq{100}, edited}) erase(target);
  REQUIRE(feast.feed(shown + 2, shown + 4) == 60);

  CHECK_FALSE(is_here(60));
  CHECK_FALSE(is_here(edited));
  CHECK_FALSE(is_here(shown + 1));
  CHECK(feast.town.follow(1, kMontague, on_its_way) == 120);
  feast.fetch_all();
  CHECK(feast.town.log(0, feast.room) == feast.town.log(1, feast.room));
}

TEST_CASE("who was invited by what the hub did not show hears of it from the log", "[core]") {
  Feast feast;
  Actor tybalt = feast.town[1].sign_up("tybalt");
  const auto membership = [&](Actor& actor) -> std::string {
    const Json sync = actor.sync();
    return sync.size("/rooms") == 0 ? "none" : sync.text("/rooms/0/summary/membership");
  };
  // Her server is in the room by now, so no notice tells of it.
  for (Actor* const guest : {&feast.nurse, &tybalt})
    feast.romeo.get(wire::RoomInvite{feast.room, guest->user()});
  feast.romeo.get(wire::RoomKick{feast.room, tybalt.user(), {}});
  for (int i = 0; i < 200; ++i) feast.romeo.send(feast.room, "more");
  feast.show();
  CHECK(membership(feast.nurse) == "none");

  feast.fetch_all();

  CHECK(membership(feast.nurse) == "invited");
  CHECK(feast.nurse.sync().text("/rooms/0/summary/invited_by") == feast.romeo.user().text());
  CHECK(membership(tybalt) == "none");
  CHECK(membership(feast.juliet) == "joined");
}

TEST_CASE("only the newest records of a room are kept ahead of its log", "[core]") {
  Feast feast(105);
  feast.show();
  const Seq shown = feast.head();
  for (int i = 0; i < 330; ++i) feast.romeo.send(feast.room, "much");
  for (Seq first = shown + 1; first <= feast.head(); first += 110)
    REQUIRE(feast.feed(first, first + 109) == 0);

  CHECK(feast.rows() < 330);
  CHECK(feast.rows() > 200);
  for (int i = 0; i < 2; ++i) {
    CHECK(feast.juliet.get(newest(feast.room)).size("/records") == 50);
    CHECK(feast.juliet.get(wire::RoomList{}).number("/rooms/0/unread") == 330);
    feast.town.restart(1);
    feast.juliet.reconnect();
  }
  feast.fetch_all();
  CHECK(feast.town.log(0, feast.room) == feast.town.log(1, feast.room));
}

TEST_CASE("who comes back to a large room after a long time is in it at once", "[core]") {
  Feast feast(100);
  feast.fetch_all();
  feast.juliet.get(wire::RoomLeave{feast.room});
  feast.town.settle();
  const Seq left = feast.town.log(1, feast.room).size();
  for (int i = 0; i < 300; ++i) feast.romeo.send(feast.room, "meanwhile");
  feast.romeo.get(wire::RoomInvite{feast.room, feast.juliet.user()});
  feast.town.settle();
  feast.town.hold_feeds(true);
  feast.juliet.get(wire::RoomJoin{feast.room});
  feast.town.settle();

  const Followed heads = feast.show();

  CHECK(heads.log == left);
  CHECK(heads.ahead == feast.head());
  CHECK(feast.juliet.get(newest(feast.room)).size("/records") == 50);
  CHECK(feast.juliet.get(before(feast.room, left)).size("/records") == 50);
  feast.fetch_all();
  CHECK(feast.town.log(0, feast.room) == feast.town.log(1, feast.room));
}

TEST_CASE("who leaves while the log is being fetched is out, and the log ends there", "[core]") {
  Feast feast;
  feast.show();
  feast.juliet.get(wire::RoomLeave{feast.room});
  CHECK(feast.juliet.get(wire::RoomList{}).size("/rooms") == 0);
  feast.town.settle();
  REQUIRE(feast.feed(feast.head(), feast.head()) == 0);
  feast.romeo.send(feast.room, "gone");

  feast.fetch_all();

  CHECK(feast.town.log(1, feast.room).size() + 1 == feast.head());
  CHECK(feast.rows() == 0);
  CHECK(feast.town.shared(0, kCapulet).empty());
}

TEST_CASE("a room is shown to those alone whose users are in it", "[core]") {
  Feast feast;
  CHECK(feast.town.preview(0, "verona.example", feast.room).error().code == Code::not_found);
  CHECK(feast.town.preview(1, kMontague, feast.room).error().code == Code::not_found);
  const RoomId small = feast.romeo.found_group("a small one", {});
  CHECK(feast.town.preview(0, kCapulet, small).error().code == Code::not_found);
}

TEST_CASE("what is shown of a room must be that room, as its records make it", "[core]") {
  Feast feast;
  const ShownPreview good = feast.preview();
  const auto refused = [&](const ShownPreview& bad, const std::string& hub = kMontague) {
    const auto heads = feast.town.show(1, hub, bad);
    CHECK(feast.rows() == 0);
    CHECK(feast.juliet.ask(wire::RoomGet{feast.room}).code == "not_found");
    return heads ? "" : std::string(name(heads.error().code));
  };
  ShownPreview bad = good;
  CHECK(refused(bad, "verona.example") == "forbidden");
  bad.state.resize(bad.state.size() - 1);
  CHECK(refused(bad) == "conflict");
  bad = good;
  bad.state += '\0';
  CHECK(refused(bad) == "conflict");
  bad = good;
  bad.state[0] = static_cast<char>(bad.state[0] + 1);  // another room
  CHECK(refused(bad) == "conflict");
  bad = good;
  bad.newest.pop_back();
  CHECK(refused(bad) == "conflict");
  bad = good;
  bad.prev_hash = blake2b_256("another record");
  CHECK(refused(bad) == "conflict");
  bad = good;
  const auto name_at = bad.state.find("the feast");
  bad.state.replace(name_at, 9,
                    "the \xff\xff"
                    "ast");
  CHECK(refused(bad) == "conflict");
  bad = good;
  bad.create = feast.town.log(0, feast.romeo.found_group("another", {})).front();
  CHECK(refused(bad) == "conflict");

  // Nobody is in a room who did not ask for it.
  bad = good;
  const auto romeo_at = bad.state.find("romeo@montague.example");
  bad.state.replace(romeo_at, 22, "nurse1@capulet.example");
  CHECK(refused(bad) == "forbidden");
  CHECK(feast.town.show(1, kMontague, good).has_value());
}

TEST_CASE("a room that was shown as its log does not say it was is what its log says", "[core]") {
  Feast feast;
  ShownPreview lie = feast.preview();
  const auto name_at = lie.state.find("the feast");
  REQUIRE(name_at != std::string::npos);
  lie.state.replace(name_at, 9, "the beast");
  REQUIRE(feast.town.show(1, kMontague, lie).has_value());
  CHECK(feast.juliet.get(wire::RoomGet{feast.room}).text("/name") == "the beast");

  const auto heads = feast.feed(1, feast.head());

  CHECK(heads.error().code == Code::conflict);
  CHECK(feast.rows() == 0);
  CHECK(feast.juliet.get(wire::RoomGet{feast.room}).text("/name") == "the feast");
  feast.fetch_all();
  CHECK(feast.town.log(0, feast.room) == feast.town.log(1, feast.room));
}

TEST_CASE("a preview of a room is one commit, and what fails leaves nothing of it", "[core]") {
  Feast feast;
  feast.town[1].store.fail_commits(1, Code::internal);
  CHECK_FALSE(feast.town.show(1, kMontague, feast.preview()).has_value());
  CHECK(feast.rows() == 0);
  CHECK(feast.juliet.ask(wire::RoomGet{feast.room}).code == "not_found");
}

}  // namespace
}  // namespace chatd::core
