#include "daemon/wire/codec.hpp"
#include "daemon/wire/limits.hpp"

#include <catch2/catch.hpp>

#include <string>

// The one thing a client sends that is kept as its exact bytes.

using namespace chatd;
using namespace chatd::wire;

namespace {

std::string send(std::string_view content) {
  return R"({"jsonrpc":"2.0","id":1,"method":"message.send","params":{"room":)"
         R"("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","client_msg_id":)"
         R"("01890a5d-ac96-774b-bcce-b302099a8057","content":)" +
         std::string(content) + "}}";
}

Decoded decode(std::string_view frame) {
  Decoder decoder;
  return decoder.decode(frame);
}

Content taken(std::string_view content) {
  Decoded decoded = decode(send(content));
  if (const auto* bad = std::get_if<BadRequest>(&decoded)) FAIL("refused: " << bad->error.message);
  return std::move(std::get<MessageSend>(std::get<Request>(decoded).params).content);
}

Error refused(std::string_view content) {
  const Decoded decoded = decode(send(content));
  REQUIRE(std::holds_alternative<BadRequest>(decoded));
  return std::get<BadRequest>(decoded).error;
}

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("content is kept as the exact bytes sent", "[wire]") {
  for (const std::string& content :
       {std::string(R"({"text":"hello"})"), std::string("{ \"text\" :\t\"a\"\r\n}"),
        std::string(R"({"z":[1.0,1e2,-0,{"b":2,"a":1}],"text":"\u0041\/\ud83d\ude00","a":null})"),
        std::string("{\"text\":\"}{\\\"}\",\"x\":\"]\"}"),
        std::string("{\"text\":\"\xf0\x9f\x98\x80 gr\xc3\xbc\xc3\x9f\"}"),
        std::string(R"({"te\u0078t":"escaped key"})")}) {
    INFO(content);
    CHECK(taken(content).bytes == content);
    CHECK(taken("  " + content + " \n ").bytes == content);
  }
}

TEST_CASE("the members around a content do not touch it", "[wire]") {
  const Decoded decoded =
      decode(R"({"params" : { "content":{"text" : "a", "params":{"content":{}}} , "content_":1}})");
  CHECK(std::holds_alternative<BadRequest>(decoded));

  Decoded edit = decode(R"({"id":1,"params":{"content" : {"text":"a","content":{"text":"b"}} ,)"
                        R"("target":3,"room":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",)"
                        R"("client_msg_id":"01890a5d-ac96-774b-bcce-b302099a8057"},)"
                        R"("method":"message.edit","jsonrpc":"2.0"})");
  CHECK(std::get<MessageEdit>(std::get<Request>(edit).params).content.bytes ==
        R"({"text":"a","content":{"text":"b"}})");
}

TEST_CASE("the content that was checked is the content that is kept", "[wire]") {
  // Two readers that disagree on which of two counts would let an unchecked one through.
  const std::string good = R"({"text":"checked"})";
  const std::string evil = R"({"unchecked":1})";
  const std::string head = R"({"jsonrpc":"2.0","id":1,"method":"message.send",)";
  const std::string rest = R"("room":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",)"
                           R"("client_msg_id":"01890a5d-ac96-774b-bcce-b302099a8057",)";
  for (const std::string& first : {good, evil}) {
    const std::string& second = first == good ? evil : good;
    for (const std::string& key : {std::string("content"), std::string("c\\u006fntent")}) {
      for (const std::string& other : {std::string("content"), std::string("conten\\u0074")}) {
        CHECK(std::holds_alternative<BadRequest>(decode(head + "\"params\":{" + rest + '"' + key +
                                                        "\":" + first + ",\"" + other +
                                                        "\":" + second + "}}")));
      }
    }
    for (const std::string& other : {std::string("params"), std::string("p\\u0061rams")}) {
      CHECK(std::holds_alternative<BadRequest>(
          decode(head + "\"params\":{" + rest + "\"content\":" + first + "},\"" + other + "\":{" +
                 rest + "\"content\":" + second + "}}")));
    }
  }
  const Decoded escaped =
      decode(head + "\"p\\u0061rams\":{" + rest + "\"c\\u006fntent\":" + good + "}}");
  CHECK(std::get<MessageSend>(std::get<Request>(escaped).params).content.bytes == good);
}

TEST_CASE("a content takes 100,000 characters of any script, not one more", "[wire]") {
  for (const char* character :
       {"a", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\\n", "\\\""}) {
    for (const char* member : {"text", "ciphertext"}) {
      const std::string before = "{\"" + std::string(member) + "\":\"";
      const std::string longest = repeat(character, kMaxTextCharacters);

      INFO(character);
      CHECK(taken(before + longest + "\"}").bytes.size() == before.size() + longest.size() + 2);
      const Error error = refused(before + longest + character + "\"}");
      CHECK(error.code == Code::too_large);
      CHECK(error.message == "\"" + std::string(member) + "\" is longer than 100000 characters");
    }
  }
}

TEST_CASE("a character written as a pair of escapes is one character", "[wire]") {
  const std::string pair = R"(\ud83d\ude00)";
  const std::size_t pairs = 40'000;  // as many as fit the frame
  const std::string text = repeat(pair, pairs) + repeat("a", kMaxTextCharacters - pairs - 50'000) +
                           repeat("\xc3\xa4", 10'000);

  CHECK(taken("{\"text\":\"" + text + "\"}").bytes.size() == text.size() + 11);
}

TEST_CASE("a content has a body", "[wire]") {
  CHECK(refused("{}").message == "\"content\" has neither \"text\" nor \"ciphertext\"");
  CHECK(refused(R"({"body":"x"})").code == Code::invalid_params);
  CHECK(refused(R"({"text":""})").message == "\"text\" is empty");
  CHECK(refused(R"({"text":"a","ciphertext":""})").message == "\"ciphertext\" is empty");
  CHECK(refused(R"({"text":null})").message == "\"text\" is not a string");
  CHECK(refused(R"({"ciphertext":["x"]})").message == "\"ciphertext\" is not a string");
  CHECK(taken(R"({"text":"a","ciphertext":"b"})").bytes.size() == 29);
}

TEST_CASE("a content is an object", "[wire]") {
  for (const char* content : {"\"text\"", "[]", "7", "true"}) {
    INFO(content);
    CHECK(refused(content).message == "\"content\" is not an object");
  }
}

TEST_CASE("a member that a content has twice is refused, however it is written", "[wire]") {
  CHECK(refused(R"({"text":"a","text":"b"})").message == "\"content\" has \"text\" twice");
  CHECK(refused(R"({"text":"a","x":1,"y":2,"\u0078":1})").message == "\"content\" has \"x\" twice");
  CHECK(refused(R"({"text":"a","":1,"":2})").message == "\"content\" has \"\" twice");
}

TEST_CASE("a content with very many members is checked at once", "[wire]") {
  std::string content = "{\"text\":\"a\"";
  for (int i = 0; i < 40'000; ++i) content += ",\"k" + std::to_string(i) + "\":0";

  CHECK(taken(content + "}").bytes.size() == content.size() + 1);
  CHECK(refused(content + ",\"k777\":0}").message == "\"content\" has \"k777\" twice");
}

TEST_CASE("the server takes from a content what it looks at", "[wire]") {
  const Content content = taken(
      R"({"text":"@a","reply_to":41,"mentions":["a@one.example","b@two.example"],"mine":{"x":1}})");

  CHECK(content.reply_to == 41);
  REQUIRE(content.mentions.size() == 2);
  CHECK(content.mentions[1].text() == "b@two.example");
}

TEST_CASE("what the server looks at in a content is checked", "[wire]") {
  CHECK(refused(R"({"text":"a","reply_to":-1})").code == Code::invalid_params);
  CHECK(refused(R"({"text":"a","reply_to":"1"})").code == Code::invalid_params);
  CHECK(refused(R"({"text":"a","reply_to":9007199254740992})").code == Code::invalid_params);
  CHECK(refused(R"({"text":"a","mentions":"a@one.example"})").message ==
        "\"mentions\" is not a list");
  CHECK(refused(R"({"text":"a","mentions":["nobody"]})").code == Code::invalid_params);
  const auto mentions = [](std::size_t count) {
    return R"({"text":"a","mentions":[)" + repeat("\"a@one.example\",", count - 1) +
           "\"a@one.example\"]}";
  };
  CHECK(taken(mentions(kMaxRoomMembers)).mentions.size() == kMaxRoomMembers);
  CHECK(refused(mentions(kMaxRoomMembers + 1)).code == Code::too_large);
}
