#include "daemon/base/ids.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace chatd;

TEST_CASE("a user id is a local part and a server name", "[base]") {
  const auto user = UserId::parse("juliet.c_2-x@capulet.example");

  REQUIRE(user);
  CHECK(user->text() == "juliet.c_2-x@capulet.example");
  CHECK(user->localpart() == "juliet.c_2-x");
  CHECK(user->server() == "capulet.example");
  CHECK_FALSE(user->empty());
  CHECK(UserId::of("juliet", "localhost")->text() == "juliet@localhost");
}

TEST_CASE("an empty user id has empty parts", "[base]") {
  const UserId nobody;

  CHECK(nobody.empty());
  CHECK(nobody.localpart().empty());
  CHECK(nobody.server().empty());
}

TEST_CASE("a user id with a wrong part is refused in words", "[base]") {
  const std::string label63(63, 'a');
  const std::string too_long_server =
      label63 + "." + label63 + "." + label63;  // 191 characters, of good labels
  for (const std::string& text : {std::string(),
                                  std::string("juliet"),
                                  std::string("@capulet.example"),
                                  std::string("juliet@"),
                                  std::string("Juliet@capulet.example"),
                                  std::string("ju liet@capulet.example"),
                                  std::string("juliet@Capulet.example"),
                                  std::string("juliet@capulet..example"),
                                  std::string("juliet@.example"),
                                  std::string("juliet@example."),
                                  std::string("juliet@-a.example"),
                                  std::string("juliet@a-.example"),
                                  std::string("juliet@a_b.example"),
                                  std::string("a@b@c.example"),
                                  std::string("jul\xc3\xafy@capulet.example"),
                                  std::string("juliet@capulet.example:8443"),
                                  std::string("juliet\0@c.example", 17),
                                  std::string(65, 'a') + "@capulet.example",
                                  "juliet@" + std::string(64, 'a') + ".example",
                                  "juliet@" + too_long_server}) {
    const auto user = UserId::parse(text);

    INFO(text);
    REQUIRE_FALSE(user);
    CHECK(user.error().code == Code::invalid_params);
    CHECK_FALSE(user.error().message.empty());
  }
}

TEST_CASE("the longest local part, label and server name are taken", "[base]") {
  const std::string label63(63, 'a');
  const std::string server190 = label63 + "." + label63 + "." + std::string(62, 'a');

  CHECK(UserId::parse(std::string(64, 'a') + "@" + server190));
}

TEST_CASE("a room id is 43 characters of base64url for 32 bytes", "[base]") {
  Hash256 hash{};
  hash[0] = 0xfb;
  hash[31] = 0x01;
  const RoomId room(hash);

  CHECK(room.text() == "-wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE");
  CHECK(*RoomId::parse(room.text()) == room);
  CHECK(*RoomId::from_bytes(room.bytes()) == room);
  CHECK_FALSE(room.empty());
  CHECK(RoomId().empty());
}

TEST_CASE("a room id of another length or alphabet is refused", "[base]") {
  const std::string good = "-wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE";
  for (const std::string& text :
       {std::string(), good.substr(1), good + "A", good + "=", "+" + good.substr(1),
        " " + good.substr(1), good.substr(0, 42) + "F"}) {  // the last: stray bits
    INFO(text);
    REQUIRE_FALSE(RoomId::parse(text));
    CHECK(RoomId::parse(text).error().code == Code::invalid_params);
  }
  CHECK_FALSE(RoomId::from_bytes("short"));
}

TEST_CASE("a device id is 16 lower-case hexadecimal digits", "[base]") {
  CHECK(DeviceId(0x0123456789abcdefULL).text() == "0123456789abcdef");
  CHECK(DeviceId::parse("0123456789abcdef")->value() == 0x0123456789abcdefULL);
  CHECK(DeviceId::parse("ffffffffffffffff")->value() == UINT64_MAX);
  for (const char* text : {"", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF",
                           "0123456789abcdeg", "0x23456789abcdef", " 123456789abcdef"}) {
    INFO(text);
    REQUIRE_FALSE(DeviceId::parse(text));
    CHECK(DeviceId::parse(text).error().code == Code::invalid_params);
  }
}

TEST_CASE("a message id is a UUID of version 7", "[base]") {
  const auto id = ClientMsgId::parse("01890a5d-ac96-774b-bcce-b302099a8057");

  REQUIRE(id);
  CHECK(id->text() == "01890a5d-ac96-774b-bcce-b302099a8057");
  CHECK(id->bytes().size() == 16);
  CHECK(*ClientMsgId::from_bytes(id->bytes()) == *id);
  CHECK(*ClientMsgId::parse("01890A5D-AC96-774B-BCCE-B302099A8057") == *id);
}

TEST_CASE("a message id that is no UUIDv7 is refused", "[base]") {
  for (const char* text :
       {"", "01890a5d-ac96-774b-bcce-b302099a805", "01890a5d-ac96-774b-bcce-b302099a80577",
        "01890a5d-ac96-474b-bcce-b302099a8057", "01890a5d-ac96-774b-ccce-b302099a8057",
        "01890a5d-ac96-774b-3cce-b302099a8057", "01890a5dac96774bbcceb302099a8057",
        "01890a5d-ac96-774b-bcce-b302099a805g", "{1890a5d-ac96-774b-bcce-b302099a805}",
        "01890a5d_ac96_774b_bcce_b302099a8057", "00000000-0000-0000-0000-000000000000"}) {
    INFO(text);
    REQUIRE_FALSE(ClientMsgId::parse(text));
    CHECK(ClientMsgId::parse(text).error().code == Code::invalid_params);
  }
  CHECK_FALSE(ClientMsgId::from_bytes("short"));
}

TEST_CASE("message ids are ordered by their time", "[base]") {
  const auto older = ClientMsgId::parse("01890a5d-ac96-7fff-bfff-ffffffffffff");
  const auto newer = ClientMsgId::parse("01890a5d-ac97-7000-8000-000000000000");

  CHECK(*older < *newer);
  CHECK(ClientMsgId() < *older);
}

TEST_CASE("a session id tells its I/O thread", "[base]") {
  const SessionId session(7, 42);

  CHECK(session.io_thread() == 7);
  CHECK((session.value() & 0xff) == 42);
  CHECK(session != SessionId(6, 42));
  CHECK(SessionId(255, 1).io_thread() == 255);
}
