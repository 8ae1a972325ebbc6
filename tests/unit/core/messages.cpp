#include "daemon/wire/codec.hpp"
#include "tests/unit/core/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace chatd::core {
namespace {

struct Pair {
  World world;
  Actor alice = world.sign_up("alice");
  Actor bob = world.sign_up("bob");
  RoomId room = alice.found_group("garden", {&bob});

  Pair() {
    alice.forget_events();
    bob.forget_events();
  }
  // The record as it is read now.
  Json record(Seq seq) {
    wire::HistoryGet params;
    params.room = room;
    params.after = seq - 1;
    params.limit = 1;
    return alice.get(std::move(params)).at("/records/0");
  }
  Reply edit(Actor& by, Seq target, const std::string& text) {
    return by.ask(wire::MessageEdit{room, by.new_id(), target, text_content(text)});
  }
  Reply redact(Actor& by, Seq target) {
    return by.ask(wire::MessageRedact{room, by.new_id(), target, std::nullopt});
  }
  Reply react(Actor& by, Seq target, const std::string& reaction, bool set = true) {
    return by.ask(wire::MessageReact{room, by.new_id(), target, reaction, set});
  }
};

TEST_CASE("a message reaches each device of each member, the sender's others included", "[core]") {
  Pair pair;
  Actor alice_too = pair.world.log_in("alice");
  Actor bob_too = pair.world.log_in("bob");
  Actor carol = pair.world.sign_up("carol");
  for (Actor* const each : {&pair.alice, &carol, &alice_too, &bob_too}) each->forget_events();

  const Seq seq = pair.alice.send(pair.room, "hello");

  for (Actor* const device : {&pair.bob, &bob_too, &alice_too}) {
    const auto told = device->events("room.record");
    REQUIRE(told.size() == 1);
    CHECK(told[0].text("/room") == pair.room.text());
    CHECK(told[0].number("/record/seq") == seq);
    CHECK(told[0].text("/record/sender") == pair.alice.user().text());
    CHECK(told[0].text("/record/device") == pair.alice.device().text());
    CHECK(told[0].text("/record/content/text") == "hello");
  }
  CHECK(pair.alice.events("room.record").empty());  // who sent it has the answer
  CHECK(carol.link().events.empty());
}

TEST_CASE("a device that has not synced yet gets no events", "[core]") {
  Pair pair;
  Actor fresh(pair.world);
  REQUIRE(fresh.log_in("bob").is_ok());

  pair.alice.send(pair.room, "hello");

  CHECK(fresh.link().events.empty());
}

TEST_CASE("nothing is acknowledged or delivered before it is on disk", "[core]") {
  Pair pair;
  pair.world.store.hold();

  const std::string id =
      pair.alice.begin(wire::MessageSend{pair.room, pair.alice.new_id(), text_content("hello")});
  pair.world.settle();

  CHECK_FALSE(pair.alice.answer<wire::MessageSend>(id).has_value());
  CHECK(pair.bob.link().events.empty());
  CHECK(pair.bob.history(pair.room).raw().find("hello") == std::string::npos);
  pair.world.store.release();
  pair.world.settle();
  CHECK(pair.alice.answer<wire::MessageSend>(id)->is_ok());
  CHECK(pair.bob.events("room.record").size() == 1);
}

TEST_CASE("a message sent again is the same one, also after a restart", "[core]") {
  Pair pair;
  const ClientMsgId id = pair.alice.new_id();
  const wire::MessageSend params{pair.room, id, text_content("hello you")};
  const Json first = pair.alice.get(params);
  pair.alice.send(pair.room, "and then");
  pair.bob.forget_events();

  CHECK(pair.alice.get(params).raw() == first.raw());
  pair.world.restart();
  pair.alice.reconnect();
  CHECK(pair.alice.get(params).raw() == first.raw());

  CHECK(pair.bob.link().events.empty());
  const std::string log = pair.alice.history(pair.room).raw();
  CHECK(log.find("hello you") == log.rfind("hello you"));
}

TEST_CASE("a message sent again while the first is on its way is the same one", "[core]") {
  Pair pair;
  const wire::MessageSend params{pair.room, pair.alice.new_id(), text_content("once")};

  const std::string first = pair.alice.begin(params);
  const std::string second = pair.alice.begin(params);
  pair.world.settle();

  const auto one = pair.alice.answer<wire::MessageSend>(first);
  const auto other = pair.alice.answer<wire::MessageSend>(second);
  REQUIRE((one && other));
  CHECK(one->result.raw() == other->result.raw());
}

TEST_CASE("ids count per device: another device's same id is another message", "[core]") {
  Pair pair;
  Actor alice_too = pair.world.log_in("alice");
  const wire::MessageSend params{pair.room, pair.alice.new_id(), text_content("hello")};

  const Seq first = pair.alice.get(params).number("/seq");

  CHECK(alice_too.get(params).number("/seq") == first + 1);
  CHECK(pair.bob.get(params).number("/seq") == first + 2);
}

TEST_CASE("an id that does not grow is still new once, and known after that", "[core]") {
  Pair pair;
  const ClientMsgId early = pair.alice.new_id();
  const Seq seq = pair.alice.send(pair.room, "later id first");
  const wire::MessageSend params{pair.room, early, text_content("earlier id")};

  CHECK(pair.alice.get(params).number("/seq") == seq + 1);
  CHECK(pair.alice.get(params).number("/seq") == seq + 1);
}

TEST_CASE("content is kept as the exact bytes that came, with what it says of others", "[core]") {
  Pair pair;
  wire::Decoder decoder;
  const std::string content =
      R"({ "text":"hi \u0040bob", "reply_to":1,"mentions":["bob@test.example"], "x":{"y":[1]} })";
  const std::string frame =
      fmt::format(R"({{"jsonrpc":"2.0","id":9,"method":"message.send","params":{{"room":"{}",)"
                  R"("client_msg_id":"{}","content":{}}}}})",
                  pair.room.text(), pair.alice.new_id().text(), content);

  pair.world.request(pair.alice.session(), decoder.decode(frame));
  pair.world.settle();

  REQUIRE(pair.alice.answer<wire::MessageSend>("9")->is_ok());
  REQUIRE(pair.bob.link().events.size() == 1);
  CHECK(pair.bob.link().events[0].find(content) != std::string::npos);
}

// "a" is one byte, the others are up to four.
TEST_CASE("a text has up to 100,000 characters, whatever they are", "[core]") {
  Pair pair;
  wire::Decoder decoder;
  const auto send = [&](const std::string& text) {
    const std::string id = pair.world.next_request_id();
    const std::string frame =
        fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"message.send","params":{{"room":"{}",)"
                    R"("client_msg_id":"{}","content":{{"text":"{}"}}}}}})",
                    id, pair.room.text(), pair.alice.new_id().text(), text);
    pair.world.request(pair.alice.session(), decoder.decode(frame));
    pair.world.settle();
    return pair.alice.answer<wire::MessageSend>(id)->code;
  };
  for (const std::string character : {"a", "ä", "€", "😀"}) {
    CAPTURE(character);
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += character;
    CHECK(send(text).empty());
    CHECK(send(text + character) == "too_large");
  }
  CHECK(pair.bob.events("room.record").size() == 4);
}

TEST_CASE("the admin may allow shorter texts only", "[core]") {
  Pair pair;
  const Seq seq = pair.alice.send(pair.room, "12345678901");
  Settings settings = World::default_settings();
  settings.max_text_characters = 10;
  pair.world.core->apply(settings);

  CHECK(pair.alice.try_send(pair.room, "1234567890").is_ok());
  CHECK(pair.alice.try_send(pair.room, "12345678901").code == "too_large");
  CHECK(pair.edit(pair.alice, seq, "12345678901").code == "too_large");
  CHECK(pair.edit(pair.alice, seq, "1234567890").is_ok());
}

TEST_CASE("the decoder counts what the core then compares", "[core]") {
  wire::Decoder decoder;
  const auto decoded = decoder.decode(
      R"({"jsonrpc":"2.0","id":1,"method":"message.send","params":{)"
      R"("room":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",)"
      R"("client_msg_id":"018bcfe5-6800-7000-8000-000000000002","content":{"text":"äö\u20ac😀"}}})");
  const auto* const request = std::get_if<wire::Request>(&decoded);
  REQUIRE(request != nullptr);
  CHECK(std::get<wire::MessageSend>(request->params).content.characters == 4);
}

TEST_CASE("an edit is a record of its own, by the author only", "[core]") {
  Pair pair;
  const Seq seq = pair.alice.send(pair.room, "teh pen");
  pair.bob.forget_events();

  CHECK(pair.edit(pair.bob, seq, "mine").code == "forbidden");
  const Reply reply = pair.edit(pair.alice, seq, "the pen");

  CHECK(reply.result.number("/seq") == seq + 1);
  const auto told = pair.bob.events("room.record");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/record/kind") == "edit");
  CHECK(told[0].number("/record/target") == seq);
  CHECK(told[0].text("/record/content/text") == "the pen");
  CHECK(pair.record(seq).text("/content/text") == "teh pen");
  CHECK(pair.edit(pair.alice, seq + 1, "an edit of an edit").code == "not_found");
  CHECK(pair.edit(pair.alice, 1, "the room itself").code == "not_found");
  CHECK(pair.edit(pair.alice, 1000, "nothing").code == "not_found");
}

TEST_CASE("a redaction erases a message and all its edits from the disk; the numbers stay",
          "[core]") {
  Pair pair;
  const Seq seq = pair.alice.send(pair.room, "secret one");
  pair.edit(pair.alice, seq, "secret two");
  pair.edit(pair.alice, seq, "secret three");
  pair.bob.forget_events();

  const Reply reply = pair.redact(pair.alice, seq);

  REQUIRE(reply.is_ok());
  CHECK(reply.result.number("/seq") == seq + 3);
  const auto told = pair.bob.events("room.record");
  REQUIRE(told.size() == 1);
  CHECK(told[0].text("/record/kind") == "redact");
  CHECK(told[0].number("/record/target") == seq);
  CHECK(pair.record(seq).flag("/erased"));
  CHECK_FALSE(pair.record(seq).has("/content"));
  CHECK(pair.alice.history(pair.room).raw().find("secret") == std::string::npos);
  for (Seq each = 1; each <= seq + 3; ++each) {
    const auto stored = pair.world.medium.read(Range{pair.room, each, each, 1, 1 << 20, false});
    REQUIRE(stored->size() == 1);
    CHECK(stored->front().bytes.find("secret") == std::string::npos);
  }
  CHECK(pair.world.admin(wire::AdminRoomVerify{pair.room}).result.size("/problems") == 0);
}

TEST_CASE("an erased message is neither edited nor erased nor reacted to again", "[core]") {
  Pair pair;
  const Seq seq = pair.alice.send(pair.room, "gone");
  pair.redact(pair.alice, seq);
  const auto check = [&] {
    CHECK(pair.edit(pair.alice, seq, "back").code == "conflict");
    CHECK(pair.redact(pair.alice, seq).code == "conflict");
    CHECK(pair.react(pair.bob, seq, "!").code == "conflict");
  };
  check();
  pair.world.restart();
  pair.alice.reconnect();
  pair.bob.reconnect();
  check();
}

TEST_CASE("members erase their own messages, admins and owners anyone's", "[core]") {
  Pair pair;
  const Seq of_alice = pair.alice.send(pair.room, "by the owner");
  const Seq of_bob = pair.bob.send(pair.room, "by a member");

  CHECK(pair.redact(pair.bob, of_alice).code == "forbidden");
  CHECK(pair.redact(pair.alice, of_bob).is_ok());
  CHECK(pair.redact(pair.bob, 1).code == "not_found");
}

TEST_CASE("in a 1:1 room each erases only the own messages", "[core]") {
  Pair pair;
  pair.room = pair.alice.open_direct(pair.bob);
  const Seq seq = pair.alice.send(pair.room, "hello");

  CHECK(pair.redact(pair.bob, seq).code == "forbidden");
  CHECK(pair.redact(pair.alice, seq).is_ok());
}

TEST_CASE("a redaction sent again is the same one", "[core]") {
  Pair pair;
  const Seq seq = pair.alice.send(pair.room, "gone");
  const wire::MessageRedact params{pair.room, pair.alice.new_id(), seq, std::nullopt};

  const Json first = pair.alice.get(params);

  CHECK(pair.alice.get(params).raw() == first.raw());
}

TEST_CASE("an edit on its way when its message is erased does not survive it", "[core]") {
  Pair pair;
  Actor alice_too = pair.world.log_in("alice");
  const Seq seq = pair.alice.send(pair.room, "secret one");
  pair.world.store.hold();
  alice_too.begin(wire::MessageEdit{pair.room, alice_too.new_id(), seq, text_content("secret 2")});
  pair.world.settle();
  const std::string id =
      pair.alice.begin(wire::MessageRedact{pair.room, pair.alice.new_id(), seq, std::nullopt});
  pair.world.settle();
  alice_too.begin(wire::MessageEdit{pair.room, alice_too.new_id(), seq, text_content("secret 3")});
  pair.world.settle();
  pair.world.store.release();
  pair.world.settle();

  CHECK(pair.alice.answer<wire::MessageRedact>(id)->is_ok());
  CHECK(pair.alice.history(pair.room).raw().find("secret") == std::string::npos);
}

TEST_CASE("a reaction is set and taken back, by any member, on messages only", "[core]") {
  Pair pair;
  Actor carol = pair.world.sign_up("carol");
  const Seq seq = pair.alice.send(pair.room, "hello");
  pair.alice.forget_events();

  CHECK(pair.react(pair.bob, seq, "👍").is_ok());
  CHECK(pair.react(pair.bob, seq, "👍", false).is_ok());

  const auto told = pair.alice.events("room.record");
  REQUIRE(told.size() == 2);
  CHECK(told[0].text("/record/content/reaction") == "👍");
  CHECK(told[0].flag("/record/content/set"));
  CHECK_FALSE(told[1].flag("/record/content/set"));
  CHECK(pair.react(pair.bob, seq, "").code == "invalid_params");
  CHECK(pair.react(pair.bob, seq + 1, "👍").code == "not_found");
  CHECK(pair.react(carol, seq, "👍").code == "not_found");
}

TEST_CASE("who is not in a room posts nothing to it", "[core]") {
  Pair pair;
  Actor carol = pair.world.sign_up("carol");
  const Seq seq = pair.alice.send(pair.room, "hello");

  CHECK(carol.try_send(pair.room, "hi").code == "not_found");
  CHECK(carol.try_send(RoomId(), "hi").code == "not_found");
  CHECK(pair.edit(carol, seq, "hi").code == "not_found");
  CHECK(pair.redact(carol, seq).code == "not_found");
  pair.bob.get(wire::RoomLeave{pair.room});
  CHECK(pair.bob.try_send(pair.room, "hi").code == "not_found");
}

TEST_CASE("a room's time does not run backwards with the clock", "[core]") {
  Pair pair;
  const auto send = [&] {
    return pair.alice.get(wire::MessageSend{pair.room, pair.alice.new_id(), text_content("tick")})
        .number("/time");
  };
  const auto first = send();
  pair.world.clock.set_back(Millis(60'000));

  CHECK(send() >= first);
}

}  // namespace
}  // namespace chatd::core
