#include "daemon/wire/codec.hpp"
#include "daemon/wire/events.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace chatd;
using namespace chatd::wire;

namespace {

const RoomId kRoom = *RoomId::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
const UserId kJuliet = *UserId::parse("juliet@capulet.example");

}  // namespace

TEST_CASE("an answer carries the request's id and its result", "[wire]") {
  CHECK(encode_answer("7", SendAnswer{5, 1234, std::nullopt}) ==
        R"({"jsonrpc":"2.0","id":7,"result":{"seq":5,"time":1234}})");
  CHECK(encode_answer(R"("a")", Nothing{}) == R"({"jsonrpc":"2.0","id":"a","result":{}})");
}

TEST_CASE("an answer has every kind of value", "[wire]") {
  RoomSummary summary;
  summary.room = kRoom;
  summary.name = "a \"b\" \\ \n\x01 \xc3\xa4";
  summary.peer = kJuliet;
  summary.last_message = RawJson{R"({"seq":1})"};

  CHECK(encode_answer("1", RoomListAnswer{.rooms = {summary}, .next = "x"}) ==
        R"({"jsonrpc":"2.0","id":1,"result":{"rooms":[{"room":)"
        R"("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","type":"group","membership":"joined",)"
        R"("name":"a \"b\" \\ \n\u0001 )"
        "\xc3\xa4"
        R"(","peer":"juliet@capulet.example","head_seq":0,"read_seq":0,"unread":0,)"
        R"("last_active":0,"last_message":{"seq":1}}],"next":"x"}})");
}

TEST_CASE("a member that is not there is left out, an empty list is not", "[wire]") {
  CHECK(to_json(RoomListAnswer{}) == R"({"rooms":[]})");
}

TEST_CASE("an answer may reveal the secret that it brings", "[wire]") {
  CHECK(to_json(LoginAnswer{.user = kJuliet, .device = DeviceId(1), .token = Secret("t\"1")}) ==
        R"({"user":"juliet@capulet.example","device":"0000000000000001","token":"t\"1"})");
}

TEST_CASE("an error that the client caused is told in its own words", "[wire]") {
  CHECK(encode_error("7", {Code::not_found, "there is no room \"x\""}) ==
        R"({"jsonrpc":"2.0","id":7,"error":{"code":-32003,)"
        R"("message":"there is no room \"x\"","data":{"code":"not_found"}}})");
  CHECK(encode_error("7", {Code::not_found, ""}) ==
        R"({"jsonrpc":"2.0","id":7,"error":{"code":-32003,)"
        R"("message":"There is no such thing.","data":{"code":"not_found"}}})");
}

TEST_CASE("an error of the server is told without what the operator's log says", "[wire]") {
  for (const Code code : {Code::internal, Code::unavailable, Code::read_only, Code::timeout}) {
    const std::string text = encode_error("7", {code, "open /var/lib/chatd: EIO"});

    CHECK(text.find("/var/lib") == std::string::npos);
    CHECK(text.find(sentence(code)) != std::string::npos);
  }
}

TEST_CASE("an error says when to try again", "[wire]") {
  CHECK(encode_error("7", {Code::rate_limited, "too fast", 1500}) ==
        R"({"jsonrpc":"2.0","id":7,"error":{"code":-32007,"message":"too fast",)"
        R"("data":{"code":"rate_limited","retry_after_ms":1500}}})");
}

TEST_CASE("an error without an id is for null", "[wire]") {
  CHECK(encode_error("", {Code::invalid_json, "x"}).starts_with(R"({"jsonrpc":"2.0","id":null,)"));
}

TEST_CASE("an event is a notification with the record spliced in", "[wire]") {
  Record record;
  record.seq = 5;
  record.sender = kJuliet;
  record.device = DeviceId(0xab);
  record.client_msg_id = *ClientMsgId::parse("01890a5d-ac96-774b-bcce-b302099a8057");
  record.time = 1234;
  record.content = "{ \"text\":\"\\u0041\"}";
  RecordEvent event{.room = kRoom, .record = {}};
  append_json(event.record.text, record);

  CHECK(encode_event(event) ==
        R"({"jsonrpc":"2.0","method":"room.record","params":{)"
        R"("room":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","record":{"seq":5,)"
        R"("kind":"message","sender":"juliet@capulet.example","device":"00000000000000ab",)"
        R"("client_msg_id":"01890a5d-ac96-774b-bcce-b302099a8057","time":1234,)"
        R"("content":{ "text":"\u0041"}}}})");
  CHECK(encode_event(BehindEvent{}) == R"({"jsonrpc":"2.0","method":"sync.behind","params":{}})");
}

TEST_CASE("every event and answer is valid JSON as it stands", "[wire]") {
  Decoder decoder;
  const auto is_json = [&](const std::string& text) {
    const Decoded decoded = decoder.decode(text);
    const auto* bad = std::get_if<BadRequest>(&decoded);
    return bad == nullptr || bad->error.code != Code::invalid_json;
  };
  for_each_event([&]<class E>() {
    E event{};
    if constexpr (requires { event.record; }) event.record.text = "{}";
    INFO(E::kEvent.name);
    CHECK(is_json(encode_event(event)));
  });
  for_each_method([&]<class T>() {
    typename T::Answer answer{};
    if constexpr (requires { answer.records.text; }) answer.records.text = "[]";
    if constexpr (requires { answer.storage.text; }) answer.storage.text = "{}";
    INFO(T::kMethod.name);
    CHECK(is_json(encode_answer("1", answer)));
  });
}

TEST_CASE("control characters are escaped, other scripts are not", "[wire]") {
  std::string out;
  append_string(out, std::string_view("\0\x1f\x7f/\xe2\x80\xa8", 7));

  CHECK(out == "\"\\u0000\\u001f\x7f/\xe2\x80\xa8\"");
}

TEST_CASE("numbers are written whole", "[wire]") {
  std::string out;
  append_number(out, UINT64_MAX);
  out += ' ';
  append_number(out, INT64_MIN);

  CHECK(out == "18446744073709551615 -9223372036854775808");
}
