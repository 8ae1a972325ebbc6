#include "daemon/core/direct_room.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"
#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

// What another server can do that lies, as far as its name is proven: nothing changes by it.
namespace chatd::core {
namespace {

using wire::RecordKind;

const std::string kMontague = "montague.example";
const std::string kCapulet = "capulet.example";
const std::string kSignature(wire::kMaxOriginSignatureBytes, 's');

ClientMsgId id_of(std::uint8_t number) {
  Hash128 bytes{};
  bytes[6] = 0x70;
  bytes[8] = 0x80;
  bytes[15] = number;
  return ClientMsgId(bytes);
}

// Romeo's group at montague.example; Juliet of capulet.example is in it, the Nurse is not.
struct Ball {
  Town town{{kMontague, kCapulet, "verona.example"}};
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  Actor nurse = town[1].sign_up("nurse");
  RoomId room = romeo.found_group("the ball", {});

  Ball() {
    romeo.get(wire::RoomInvite{room, juliet.user()});
    town.settle();
    juliet.get(wire::RoomJoin{room});
    town.settle();
    romeo.send(room, "hear all, all see");
    town.settle();
  }

  // As capulet.example would hand it in.
  [[nodiscard]] Draft draft(const Actor& sender, RecordKind kind, std::string content) const {
    Draft draft;
    draft.room = room;
    draft.kind = kind;
    draft.sender = sender.user();
    draft.device = DeviceId(7);
    draft.client_msg_id = id_of(1);
    draft.content = std::move(content);
    draft.origin = std::string(sender.user().server());
    draft.origin_signature = kSignature;
    return draft;
  }
  // What montague.example answers to it, and that its log is as it was.
  [[nodiscard]] std::string refused(Draft draft, const std::string& peer = kCapulet) {
    const auto before = town.log(0, room);
    const auto seq = town.submit(0, peer, std::move(draft));
    CHECK(town.log(0, room) == before);
    return seq ? "" : std::string(name(seq.error().code));
  }
  // What capulet.example says of records that montague.example feeds, and that its log is as it
  // was.
  [[nodiscard]] std::string refused(std::vector<wire::Record> records,
                                    const std::string& hub = kMontague) {
    const auto before = town.log(1, room);
    const auto head = town.follow(1, hub, std::move(records));
    CHECK(town.log(1, room) == before);
    return head ? "" : std::string(name(head.error().code));
  }
  [[nodiscard]] wire::Record next(const UserId& sender, RecordKind kind, std::string content) {
    wire::Record record = next_record(town.records(0, room), sender, kind, std::move(content));
    if (record.origin != kMontague) record.origin_signature = kSignature;
    return record;
  }
};

std::string member(const UserId& user, wire::Membership membership,
                   wire::Role role = wire::Role::member) {
  return wire::to_json(wire::MemberContent{user, membership, role, {}});
}

TEST_CASE("a peer hands in only what its own users say", "[core]") {
  Ball ball;
  Draft draft = ball.draft(ball.romeo, RecordKind::message, R"({"text":"I am Romeo"})");
  CHECK(ball.refused(draft) == "forbidden");
  draft.origin = kCapulet;
  CHECK(ball.refused(draft) == "forbidden");
  draft = ball.draft(ball.juliet, RecordKind::message, R"({"text":"I am Juliet"})");
  CHECK(ball.refused(draft, "verona.example") == "forbidden");
  draft.client_msg_id = {};
  CHECK(ball.refused(draft) == "forbidden");
}

TEST_CASE("a peer's users say nothing in rooms that they are not in", "[core]") {
  Ball ball;
  CHECK(ball.refused(ball.draft(ball.nurse, RecordKind::message, R"({"text":"hi"})")) ==
        "not_found");
  Draft draft = ball.draft(ball.juliet, RecordKind::message, R"({"text":"hi"})");
  draft.room = RoomId(blake2b_256("no room"));
  CHECK(ball.refused(draft) == "not_found");
  // A room that is here and whose hub is elsewhere takes nothing either.
  Draft to_follower = ball.draft(ball.romeo, RecordKind::message, R"({"text":"hi"})");
  const auto before = ball.town.log(1, ball.room);
  CHECK_FALSE(ball.town.submit(1, kMontague, to_follower).has_value());
  CHECK(ball.town.log(1, ball.room) == before);
}

TEST_CASE("what a peer hands in is judged as if it were said here", "[core]") {
  Ball ball;
  const UserId& juliet = ball.juliet.user();
  const UserId& romeo = ball.romeo.user();
  using wire::Membership;
  const auto change = [&](std::string content) {
    return ball.refused(ball.draft(ball.juliet, RecordKind::member, std::move(content)));
  };
  CHECK(change(member(ball.nurse.user(), Membership::joined)) != "");
  CHECK(change(member(ball.nurse.user(), Membership::invited)) == "forbidden");
  CHECK(change(member(romeo, Membership::left)) == "forbidden");
  CHECK(change(member(romeo, Membership::banned)) == "forbidden");
  CHECK(change(member(juliet, Membership::joined, wire::Role::owner)) == "forbidden");
  CHECK(change(member(juliet, Membership::none)) == "forbidden");
  // Other bytes than this server would have written for the same change.
  CHECK(change(" " + member(juliet, Membership::left)) == "forbidden");
  CHECK(change("{}") != "");
  CHECK(change("no JSON") != "");

  const auto say = [&](RecordKind kind, std::string content, Seq target) {
    Draft draft = ball.draft(ball.juliet, kind, std::move(content));
    draft.target = target;
    return ball.refused(std::move(draft));
  };
  CHECK(say(RecordKind::meta, R"({"name":"mine"})", 0) == "forbidden");
  CHECK(say(RecordKind::server, R"({"server":"verona.example","banned":true})", 0) == "forbidden");
  CHECK(say(RecordKind::server, R"({"server":"verona.example", "banned":true})", 0) == "forbidden");
  CHECK(say(RecordKind::server, "no JSON", 0) == "invalid_json");
  CHECK(say(RecordKind::message, "no JSON", 0) == "invalid_json");
  CHECK(say(RecordKind::message, R"({"text":""})", 0) == "invalid_params");
  CHECK(say(RecordKind::message, R"({"text":"hi"})", 4) == "invalid_params");
  CHECK(say(RecordKind::message, "{\"text\":\"" + std::string(100'001, 'x') + "\"}", 0) ==
        "too_large");
  CHECK(say(RecordKind::edit, R"({"text":"his words"})", 4) == "forbidden");
  CHECK(say(RecordKind::edit, R"({"text":"of none"})", 99) == "not_found");
  CHECK(say(RecordKind::redact, "{}", 4) == "forbidden");
  CHECK(say(RecordKind::reaction, R"({"reaction":"","set":true})", 4) == "invalid_params");
  CHECK(say(static_cast<RecordKind>(77), "{}", 4) == "invalid_params");
  CHECK(say(RecordKind::create, "{}", 0) != "");
}

TEST_CASE("nested as deep as it likes, a peer's content is refused", "[core]") {
  Ball ball;
  const std::string deep =
      "{\"text\":\"a\",\"x\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  CHECK(ball.refused(ball.draft(ball.juliet, RecordKind::message, deep)) == "invalid_json");
}

TEST_CASE("handed in again, on another link and at the same moment, it is one record", "[core]") {
  Ball ball;
  const Draft draft = ball.draft(ball.juliet, RecordKind::message, R"({"text":"once"})");
  const Draft topic = [&] {
    Draft leave = ball.draft(ball.juliet, RecordKind::member,
                             member(ball.juliet.user(), wire::Membership::left));
    leave.client_msg_id = id_of(2);
    return leave;
  }();
  for (const Draft& said : {draft, topic}) {
    std::vector<Seq> seqs;
    const auto before = ball.town.log(0, ball.room).size();
    for (int i = 0; i < 3; ++i)
      ball.town.service(0).submit(kCapulet, said,
                                  [&](Result<Seq> seq) { seqs.push_back(seq.value_or(0)); });
    ball.town[0].settle();
    CHECK(seqs == std::vector<Seq>(3, before + 1));
    ball.town.restart(0);
    CHECK(ball.town.submit(0, kCapulet, said) == before + 1);
    CHECK(ball.town.log(0, ball.room).size() == before + 1);
  }
}

TEST_CASE("a hub can't make a log go on where it did not stop", "[core]") {
  Ball ball;
  const std::string text = R"({"text":"forged"})";
  const wire::Record good = ball.next(ball.romeo.user(), RecordKind::message, text);
  const auto with = [&](auto change) {
    wire::Record record = good;
    change(record);
    return ball.refused(std::vector{record});
  };
  CHECK(with([](auto& record) { record.prev_hash[0] ^= 1; }) == "conflict");
  CHECK(with([](auto& record) { record.term = 2; }) == "conflict");
  CHECK(with([](auto& record) { record.time -= 1; }) == "conflict");
  CHECK(with([](auto& record) { record.ordinal += 1; }) == "conflict");
  CHECK(with([](auto& record) { record.target = record.seq; }) == "conflict");
  CHECK(with([](auto& record) { record.content = "no JSON"; }) == "conflict");
  CHECK(with([](auto& record) { record.content = R"({"text":7})"; }) == "conflict");
  CHECK(with([](auto& record) { record.kind = RecordKind::create; }) == "conflict");
  CHECK(with([](auto& record) { record.origin = "verona.example"; }) == "conflict");
  CHECK(ball.refused(std::vector{good}, "verona.example") == "timeout");
  for (const std::string ban : {R"({"server":"","banned":true})", R"({"server":"NO name"})", "{}"})
    CHECK(ball.refused(std::vector{ball.next(ball.romeo.user(), RecordKind::server, ban)}) ==
          "conflict");
  // The newest record, but not as it is known.
  auto log = ball.town.records(0, ball.room);
  log.back().time += 1;
  CHECK(ball.refused(std::vector{log.back()}) == "conflict");
  // What is before a record that does not follow is as good as alone.
  wire::Record odd = next_record({good}, ball.romeo.user(), RecordKind::message, text);
  odd.ordinal = good.ordinal;
  CHECK(ball.town.follow(1, kMontague, {good, odd}).error().code == Code::conflict);
  CHECK(ball.town.records(1, ball.room).size() == good.seq);
  CHECK(ball.town.follow(1, kMontague, {good}) == good.seq);
}

TEST_CASE("a gap in what a hub feeds is no crime", "[core]") {
  Ball ball;
  const wire::Record good = ball.next(ball.romeo.user(), RecordKind::message, R"({"text":"hm"})");
  // The head says from where on it is missing.
  wire::Record later = good;
  ++later.seq;
  CHECK(ball.town.follow(1, kMontague, {later}) == good.seq - 1);
  CHECK(ball.town.follow(1, kMontague, {good}) == good.seq);
  // Nor is one before all: what founds the room will say whether it is wanted.
  CHECK(ball.town.follow(2, kMontague, {good}) == 0);
}

TEST_CASE("a hub can't let users of another server in who did not ask", "[core]") {
  Ball ball;
  const UserId& nurse = ball.nurse.user();
  using wire::Membership;
  CHECK(ball.refused(std::vector{ball.next(ball.romeo.user(), RecordKind::member,
                                           member(nurse, Membership::joined))}) == "conflict");
  // A group that it says one of ours has founded.
  wire::CreateContent content;
  content.name = "trap";
  content.members = {nurse};
  content.nonce = "n";
  wire::Record create;
  create.seq = 1;
  create.kind = RecordKind::create;
  create.origin = kMontague;
  create.sender = ball.romeo.user();
  create.content = wire::to_json(content);
  create.content_hash = blake2b_256(create.content);
  create.room = wire::room_id_of(create);
  CHECK(ball.town.follow(1, kMontague, {create}).error().code == Code::forbidden);
  // A room of its own that nobody here asked for, and one under another's id.
  content.members = {ball.romeo.user()};
  create.content = wire::to_json(content);
  create.content_hash = blake2b_256(create.content);
  CHECK(ball.town.follow(1, kMontague, {create}).error().code == Code::conflict);
  create.room = {};
  create.room = wire::room_id_of(create);
  CHECK(ball.town.follow(1, kMontague, {create}).error().code == Code::forbidden);
  CHECK(ball.nurse.get(wire::RoomList{}).size("/rooms") == 0);
}

TEST_CASE("a 1:1 room begins only as both servers make it, and at its hub", "[core]") {
  Ball ball;
  const UserId& romeo = ball.romeo.user();
  const UserId& nurse = ball.nurse.user();
  const wire::Record good = direct_create(romeo, nurse);
  const std::string& hub = good.origin;
  const std::size_t at = hub == kMontague ? 0 : 1;
  const std::string other = hub == kMontague ? kCapulet : kMontague;
  const auto hand_in = [&](std::size_t to, const std::string& from, std::string content) {
    Draft draft;
    draft.room = good.room;
    draft.kind = RecordKind::create;
    draft.sender = from == kMontague ? romeo : nurse;
    draft.client_msg_id = id_of(1);
    draft.content = std::move(content);
    draft.origin = from;
    draft.origin_signature = kSignature;
    return ball.town.submit(to, from, std::move(draft));
  };
  CHECK_FALSE(hand_in(1 - at, hub, good.content).has_value());
  std::string renamed = good.content;
  renamed.replace(renamed.find("\"name\":\"\""), 9, "\"name\":\"x\"");
  CHECK_FALSE(hand_in(at, other, renamed).has_value());
  CHECK(ball.town.log(at, good.room).empty());
  CHECK(hand_in(at, other, good.content) == 1);
  CHECK(hand_in(at, other, good.content) == 1);

  wire::Record forged = good;
  forged.time = 5;
  forged.room = {};
  forged.room = wire::room_id_of(forged);
  CHECK_FALSE(ball.town.follow(1 - at, hub, {forged}).has_value());
  CHECK_FALSE(ball.town.follow(1 - at, "verona.example", {good}).has_value());
  CHECK(ball.town.follow(1 - at, hub, {good}) == 1);
}

TEST_CASE("notices about rooms and people that are not the sender's change nothing", "[core]") {
  Ball ball;
  const UserId prince = *UserId::parse("prince@verona.example");
  const auto rooms = [&] { return ball.nurse.get(wire::RoomList{}).size("/rooms"); };
  Notice notice{ball.room, 9, ball.nurse.user(), wire::Membership::invited, prince, 0};
  // Another server about a room whose hub is known.
  CHECK(ball.town.notice(1, "verona.example", notice).has_value());
  CHECK(rooms() == 0);
  // Nobody of ours invites by the word of another server.
  notice.room = RoomId(blake2b_256("theirs"));
  notice.by = ball.juliet.user();
  CHECK(ball.town.notice(1, "verona.example", notice).has_value());
  CHECK(rooms() == 0);
  notice.by = prince;
  CHECK(ball.town.notice(1, "verona.example", notice).has_value());
  CHECK(rooms() == 1);
  // Taken back by another one.
  notice.membership = wire::Membership::left;
  CHECK(ball.town.notice(1, kMontague, notice).has_value());
  CHECK(rooms() == 1);
  // Joined is nothing that a notice can say.
  notice.membership = wire::Membership::joined;
  notice.room = RoomId(blake2b_256("another"));
  CHECK(ball.town.notice(1, "verona.example", notice).has_value());
  CHECK(rooms() == 1);
}

TEST_CASE("requests of strangers are bounded", "[core]") {
  Ball ball;
  const UserId prince = *UserId::parse("prince@verona.example");
  for (int i = 0; i < 300; ++i) {
    const RoomId room(blake2b_256(std::to_string(i)));
    const Notice notice{room, 2, ball.nurse.user(), wire::Membership::invited, prince, 0};
    static_cast<void>(ball.town.notice(1, "verona.example", notice));
  }
  wire::RoomList all;
  all.limit = 200;
  CHECK(ball.nurse.get(std::move(all)).size("/rooms") == 200);
}

}  // namespace
}  // namespace chatd::core
