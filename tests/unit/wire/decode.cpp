#include "daemon/wire/codec.hpp"
#include "daemon/wire/limits.hpp"

#include <catch2/catch.hpp>

#include <string>

// What the door makes of bytes, whichever method they are for.

using namespace chatd;
using namespace chatd::wire;

namespace {

Request taken(std::string_view frame) {
  Decoder decoder;
  Decoded decoded = decoder.decode(frame);
  auto* request = std::get_if<Request>(&decoded);
  if (request == nullptr) FAIL("refused: " << std::get<BadRequest>(decoded).error.message);
  return std::move(*request);
}

BadRequest refused(std::string_view frame) {
  Decoder decoder;
  Decoded decoded = decoder.decode(frame);
  REQUIRE(std::holds_alternative<BadRequest>(decoded));
  return std::get<BadRequest>(std::move(decoded));
}

std::string ping(std::string_view members) {
  return R"({"jsonrpc":"2.0","method":"session.ping")" + std::string(members) + "}";
}

// {"a":{"a":...1}}, so many objects.
std::string nested(std::size_t depth) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += R"({"a":)";
  out += '1';
  return out + std::string(depth, '}');
}

std::string plugin_call(std::string_view params) {
  return R"({"jsonrpc":"2.0","id":1,"method":"x.hello.greet","params":)" + std::string(params) +
         "}";
}

}  // namespace

TEST_CASE("a request's id comes back as it was", "[wire]") {
  CHECK(taken(ping(R"(,"id":7)")).id == "7");
  CHECK(taken(ping(R"(,"id":-7)")).id == "-7");
  CHECK(taken(ping(R"(,"id":18446744073709551615)")).id == "18446744073709551615");
  CHECK(taken(ping(R"(,"id":"abc")")).id == R"("abc")");
  CHECK(taken(ping(R"(,"id":"")")).id == R"("")");
  CHECK(taken(ping(R"(,"id":"\u0041\"\n\\")")).id == R"("A\"\n\\")");
  CHECK(taken(ping(R"(,"id":")" + std::string(kMaxRequestIdBytes, 'x') + '"')).id.size() ==
        kMaxRequestIdBytes + 2);
}

TEST_CASE("an id that is neither a whole number nor a short string is refused", "[wire]") {
  for (const std::string& id : {std::string("null"), std::string("1.5"), std::string("1e3"),
                                std::string("true"), std::string("{}"), std::string("[1]"),
                                '"' + std::string(kMaxRequestIdBytes + 1, 'x') + '"'}) {
    const BadRequest bad = refused(ping(",\"id\":" + id));

    INFO(id);
    CHECK(bad.id == "null");
    CHECK(bad.error.code == Code::invalid_request);
  }
}

TEST_CASE("a request without an id is a notification", "[wire]") {
  CHECK(taken(ping("")).id.empty());
}

TEST_CASE("a notification with wrong parameters or method gets no answer", "[wire]") {
  CHECK(refused(R"({"jsonrpc":"2.0","method":"room.get","params":{}})").id.empty());
  CHECK(refused(R"({"jsonrpc":"2.0","method":"no.such"})").id.empty());
  CHECK(refused(R"({"jsonrpc":"1.0","method":"session.ping"})").id == "null");  // is no request
}

TEST_CASE("bytes that are not JSON are refused", "[wire]") {
  for (const std::string& frame :
       {std::string(), std::string(" "), std::string("hello"), std::string("{"),
        std::string("{\"a\":1"), ping("") + "x", ping("") + ping(""), ping(",\"id\":01"),
        ping(",\"id\":1,"), std::string("{'a':1}"), "\xef\xbb\xbf" + ping(""), std::string("\0", 1),
        ping("") + std::string(1, '\0'), ping(",\"id\":123456789012345678901234567890")}) {
    const BadRequest bad = refused(frame);

    INFO(frame);
    CHECK(bad.id == "null");
    CHECK(bad.error.code == Code::invalid_json);
  }
}

TEST_CASE("invalid UTF-8 is refused", "[wire]") {
  for (const char* bytes :
       {"\xff", "\xc3", "\xc0\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    const BadRequest bad = refused(ping(",\"id\":\"" + std::string(bytes) + '"'));

    CHECK(bad.error.code == Code::invalid_json);
  }
}

TEST_CASE("half of a surrogate pair is refused, wherever it stands", "[wire]") {
  for (const char* text : {R"(\ud800)", R"(\udc00)", R"(\ud800x)", R"(\ud800\u0041)",
                           R"(\ud800\ud800)", R"(\udc00\ud800)", R"(\ud83d\n\ude00)"}) {
    INFO(text);
    CHECK(refused(plugin_call(R"({"a":")" + std::string(text) + R"("})")).error.code ==
          Code::invalid_json);
    CHECK(refused(plugin_call(R"({")" + std::string(text) + R"(":1})")).error.code ==
          Code::invalid_json);
  }
  CHECK(taken(ping(R"(,"id":"\ud83d\ude00")")).id == "\"\xf0\x9f\x98\x80\"");
}

TEST_CASE("a batch is refused", "[wire]") {
  const BadRequest bad = refused("[" + ping(",\"id\":1") + "]");

  CHECK(bad.id == "null");
  CHECK(bad.error.code == Code::invalid_request);
  CHECK(refused("[]").error.code == Code::invalid_request);
}

TEST_CASE("JSON that is no JSON-RPC 2.0 request is refused in words", "[wire]") {
  const auto message = [](std::string_view frame) {
    const BadRequest bad = refused(frame);
    CHECK(bad.error.code == Code::invalid_request);
    return bad.error.message;
  };

  CHECK(message("7") == "a request is one JSON object; lists are not taken");
  CHECK(message("{}") == "\"jsonrpc\" is not \"2.0\"");
  CHECK(message(R"({"jsonrpc":2.0,"method":"sync"})") == "\"jsonrpc\" is not \"2.0\"");
  CHECK(message(R"({"jsonrpc":"2.0"})") == "\"method\" is missing or not a string");
  CHECK(message(R"({"jsonrpc":"2.0","method":7})") == "\"method\" is missing or not a string");
  CHECK(message(ping(R"(,"extra":1)")) == "\"extra\" is not a member of a request");
  CHECK(message(R"({"jsonrpc":"2.0","id":1,"result":{}})") ==
        "\"result\" is not a member of a request");
}

TEST_CASE("a request that is wrong is answered under its own id", "[wire]") {
  CHECK(refused(R"({"id":5,"method":"sync"})").id == "5");
  CHECK(refused(R"({"id":"a","jsonrpc":"2.0","method":"no.such"})").id == R"("a")");
}

TEST_CASE("a member of the request that is there twice is refused", "[wire]") {
  for (const char* twice : {R"("jsonrpc":"2.0")", R"("id":2)", R"("method":"sync")",
                            R"("params":{})", R"("p\u0061rams":{})", R"("\u006dethod":"sync")"}) {
    const BadRequest bad = refused(ping(R"(,"id":1,"params":{},)" + std::string(twice)));

    INFO(twice);
    CHECK(bad.error.code == Code::invalid_request);
    CHECK(bad.error.message.find("twice") != std::string::npos);
  }
}

TEST_CASE("members may be written with escapes and stand in any order", "[wire]") {
  const Request request =
      taken(R"({"\u0070arams":{"a":1},"m\u0065thod":"x.hello.greet","id":1,"jsonrpc":"2.\u0030"})");

  CHECK(std::get<PluginCall>(request.params).params == R"({"a":1})");
}

TEST_CASE("parameters by position are refused", "[wire]") {
  CHECK(refused(ping(R"(,"id":1,"params":[])")).error.message == "\"params\" is not an object");
  CHECK(refused(ping(R"(,"id":1,"params":null)")).error.code == Code::invalid_params);
  CHECK(refused(plugin_call("[1]")).error.message == "\"params\" is not an object");
  CHECK(refused(plugin_call("null")).error.message == "\"params\" is not an object");
}

TEST_CASE("parameters that are left out are none", "[wire]") {
  CHECK(std::holds_alternative<SessionPing>(taken(ping(",\"id\":1")).params));
  CHECK(std::get<PluginCall>(taken(R"({"jsonrpc":"2.0","id":1,"method":"x.a.b"})").params).params ==
        "{}");
}

TEST_CASE("a method that nobody has is named in the refusal", "[wire]") {
  const BadRequest bad = refused(R"({"jsonrpc":"2.0","id":1,"method":"room.destroy"})");

  CHECK(bad.error.code == Code::unknown_method);
  CHECK(bad.error.message == "there is no method \"room.destroy\"");
}

TEST_CASE("a peer's words in a refusal are cut between characters", "[wire]") {
  std::string name = "a";
  for (int i = 0; i < 100; ++i) name += "\xf0\x9f\x98\x80";
  const auto quoted = [&](std::string_view frame) {
    const std::string answer = encode_error("1", refused(frame).error);
    Decoder decoder;  // takes no invalid UTF-8
    const Decoded decoded = decoder.decode(answer);
    CHECK(std::get<BadRequest>(decoded).error.code == Code::invalid_request);
    CHECK(answer.size() < 250);
  };

  quoted(R"({"jsonrpc":"2.0","id":1,"method":")" + name + "\"}");
  quoted(ping(",\"" + name + "\":1"));
  quoted(ping(R"(,"id":1,"params":{")" + name + "\":1}"));
  quoted(R"({"jsonrpc":"2.0","id":1,"method":"message.send","params":{"room":)"
         R"("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","client_msg_id":)"
         R"("01890a5d-ac96-774b-bcce-b302099a8057","content":{")" +
         name + "\":1,\"" + name + "\":2}}}");
}

TEST_CASE("a plugin's method gets its parameters as the exact bytes sent", "[wire]") {
  const std::string params = "{ \"b\" : [1.0, 1e2 ],\n\t\"a\":{\"b\":1,\"b\":\"\\u0041/\\/\"} }";
  const auto call = std::get<PluginCall>(taken(plugin_call(" \n" + params + " ")).params);

  CHECK(call.method == "x.hello.greet");
  CHECK(call.params == params);
}

TEST_CASE("a plugin's method has a bounded name", "[wire]") {
  const auto call = [](std::size_t bytes) {
    return R"({"jsonrpc":"2.0","id":1,"method":"x.)" + std::string(bytes - 2, 'a') + "\"}";
  };

  CHECK(std::holds_alternative<PluginCall>(taken(call(kMaxPluginMethodBytes)).params));
  CHECK(refused(call(kMaxPluginMethodBytes + 1)).error.code == Code::unknown_method);
}

TEST_CASE("JSON deeper than the limit is refused, however long the frame", "[wire]") {
  // The request itself is the first level.
  CHECK(std::holds_alternative<PluginCall>(taken(plugin_call(nested(kMaxJsonDepth - 1))).params));
  for (const std::size_t depth : {kMaxJsonDepth + 1, kMaxJsonDepth * 2, std::size_t{100'000}}) {
    INFO(depth);
    if (depth < 1000)
      CHECK(refused(plugin_call(nested(depth - 1))).error.code == Code::invalid_json);
    CHECK(refused(std::string(depth, '[')).error.code == Code::invalid_json);
  }
  const std::string padding(10'000, ' ');
  CHECK(refused(padding + plugin_call(nested(kMaxJsonDepth)) + padding).error.code ==
        Code::invalid_json);
}

TEST_CASE("one decoder keeps its depth limit after a long frame", "[wire]") {
  Decoder decoder;
  CHECK(std::holds_alternative<Request>(
      decoder.decode(plugin_call("{\"a\":\"" + std::string(300'000, 'x') + "\"}"))));

  const Decoded deep = decoder.decode(plugin_call(nested(kMaxJsonDepth)));

  CHECK(std::holds_alternative<BadRequest>(deep));
}

TEST_CASE("a frame of the largest size is taken, one byte more is not", "[wire]") {
  const std::string frame = ping(",\"id\":1");
  const std::string largest = frame + std::string(kMaxFrameBytes - frame.size(), ' ');

  CHECK(taken(largest).id == "1");
  const BadRequest bad = refused(largest + " ");
  CHECK(bad.id == "null");
  CHECK(bad.error.code == Code::too_large);
  CHECK(bad.error.message.find(std::to_string(kMaxFrameBytes)) != std::string::npos);
}

TEST_CASE("a whole number is taken as far as every JSON reader holds it exactly", "[wire]") {
  const auto read = [](std::string_view seq) {
    return R"({"jsonrpc":"2.0","id":1,"method":"receipt.read","params":{"room":)"
           R"("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","seq":)" +
           std::string(seq) + "}}";
  };

  CHECK(std::get<ReceiptRead>(taken(read("9007199254740991")).params).seq == 9007199254740991);
  CHECK(std::get<ReceiptRead>(taken(read("0")).params).seq == 0);
  CHECK(refused(read("9007199254740992")).error.message ==
        "\"seq\" is larger than 9007199254740991");
  CHECK(refused(read("18446744073709551615")).error.code == Code::invalid_params);
  for (const char* seq : {"-1", "1.0", "1e2", "1.5", "\"1\"", "true", "[1]"}) {
    INFO(seq);
    CHECK(refused(read(seq)).error.message == "\"seq\" is not a whole number from 0 up");
  }
  CHECK(refused(read("18446744073709551616")).error.code == Code::invalid_json);
}

TEST_CASE("a list is taken up to its length", "[wire]") {
  const auto create = [](std::size_t count) {
    std::string invite;
    for (std::size_t i = 0; i < count; ++i)
      invite += (i == 0 ? "\"u" : ",\"u") + std::to_string(i) + "@one.example\"";
    return R"({"jsonrpc":"2.0","id":1,"method":"room.create","params":{"name":"n","invite":[)" +
           invite + "]}}";
  };

  CHECK(std::get<RoomCreate>(taken(create(kMaxRoomMembers - 1)).params).invite->size() ==
        kMaxRoomMembers - 1);
  CHECK(std::get<RoomCreate>(taken(create(0)).params).invite->empty());
  const BadRequest bad = refused(create(kMaxRoomMembers));
  CHECK(bad.error.code == Code::too_large);
  CHECK(bad.error.message == "\"invite\" has more than 99 items");
}

TEST_CASE("the cursors of a whole account fit into one sync", "[wire]") {
  std::string frame = R"({"jsonrpc":"2.0","id":1,"method":"sync","params":{"account_version":0,)"
                      R"("rooms":[)";
  for (std::size_t i = 0; i < kMaxSyncCursors; ++i) {
    if (i > 0) frame += ',';
    frame += R"({"room":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","seq":)" +
             std::to_string(1'000'000 + i) + "}";
  }

  const Request request = taken(frame + "]}}");

  CHECK(std::get<Sync>(request.params).rooms.size() == kMaxSyncCursors);
}

TEST_CASE("a decoder goes on after bytes it refused", "[wire]") {
  Decoder decoder;

  CHECK(std::holds_alternative<BadRequest>(decoder.decode("{")));
  CHECK(std::holds_alternative<BadRequest>(decoder.decode(std::string(5000, '['))));
  CHECK(std::holds_alternative<Request>(decoder.decode(ping(",\"id\":1"))));
}
