#include "daemon/wire/codec.hpp"
#include "daemon/wire/events.hpp"
#include "daemon/wire/openrpc.hpp"
#include "tests/unit/wire/file.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

#include <set>
#include <string>

// The documents say what the code does.

using namespace chatd;
using namespace chatd::wire;

namespace {

constexpr const char* kHowToMend =
    "run: cmake --build build/dev --target protocol_files, and commit what it writes";

// Every "$ref" below `json`.
void collect_refs(const simdjson::dom::element& json, std::set<std::string>& refs) {
  simdjson::dom::array array;
  simdjson::dom::object object;
  if (json.get(array) == simdjson::SUCCESS) {
    for (const auto item : array) collect_refs(item, refs);
  } else if (json.get(object) == simdjson::SUCCESS) {
    for (const auto [key, value] : object) {
      if (key == "$ref") refs.emplace(value.get_string().value());
      collect_refs(value, refs);
    }
  }
}

// The anchors that GitHub and others give to the headings of a Markdown text.
std::set<std::string> anchors_of(const std::string& text) {
  std::set<std::string> anchors;
  for (std::size_t at = text.find("\n#"); at != std::string::npos; at = text.find("\n#", at + 1)) {
    const std::size_t begin = text.find(' ', at) + 1;
    std::string anchor;
    for (const char c : text.substr(begin, text.find('\n', begin) - begin)) {
      if (c == ' ') anchor += '-';
      if (c == '-' || c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0)
        anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    anchors.insert(anchor);
  }
  return anchors;
}

// Whether all "](#anchor)" of a Markdown text lead somewhere; names the first that does not.
std::string dead_link(const std::string& text) {
  const std::set<std::string> anchors = anchors_of(text);
  for (std::size_t at = text.find("](#"); at != std::string::npos; at = text.find("](#", at + 1)) {
    const std::string anchor = text.substr(at + 3, text.find(')', at) - at - 3);
    if (!anchors.contains(anchor)) return anchor;
  }
  return {};
}

}  // namespace

TEST_CASE("PROTOCOL.md ends with the chapters that the code makes", "[wire]") {
  const std::string text = tests::read_file(CHATD_WIRE_FOLDER "/PROTOCOL.md");
  const std::size_t begin = text.find(kChaptersBegin);
  REQUIRE(begin != std::string::npos);

  INFO(kHowToMend);
  CHECK((text.substr(begin + kChaptersBegin.size()) == protocol_chapters()));
}

TEST_CASE("openrpc.json is what the code makes", "[wire]") {
  INFO(kHowToMend);
  CHECK((tests::read_file(CHATD_WIRE_FOLDER "/openrpc.json") == openrpc_document()));
}

TEST_CASE("the links inside PROTOCOL.md and RECORD.md lead somewhere", "[wire]") {
  CHECK(dead_link(tests::read_file(CHATD_WIRE_FOLDER "/PROTOCOL.md")) == "");
  CHECK(dead_link(tests::read_file(CHATD_WIRE_FOLDER "/RECORD.md")) == "");
}

TEST_CASE("openrpc.json is valid JSON whose references resolve", "[wire]") {
  simdjson::dom::parser parser;
  const auto document = parser.parse(openrpc_document()).value();
  std::set<std::string> refs;
  collect_refs(document, refs);

  CHECK(refs.size() > 5);
  for (const std::string& ref : refs) {
    INFO(ref);
    REQUIRE(ref.starts_with("#/"));
    CHECK(document.at_pointer(ref.substr(1)).is_object());
  }
}

TEST_CASE("openrpc.json describes every client method and none of the admin's", "[wire]") {
  simdjson::dom::parser parser;
  const auto document = parser.parse(openrpc_document()).value();
  std::set<std::string_view> described;
  for (const auto method : document["methods"].get_array()) {
    described.insert(method["name"].get_string().value());
    CHECK(method["params"].is_array());
    CHECK(method["result"]["name"].is_string());
    CHECK(method["result"]["schema"].is_object());
    for (const auto param : method["params"].get_array()) {
      CHECK(param["schema"].is_object());
    }
  }

  CHECK(document["openrpc"].get_string().value() == std::string_view("1.3.2"));
  CHECK(document["info"]["version"].is_string());
  for_each_method([&]<class T>() {
    INFO(T::kMethod.name);
    CHECK(described.contains(T::kMethod.name) == (T::kMethod.access != Access::admin));
  });
}

TEST_CASE("a running server's OpenRPC document has the methods of its plugins", "[wire]") {
  simdjson::dom::parser parser;
  const std::string text = openrpc_document(
      {{"x.dice.roll", "Rolls \"dice\".",
        R"({"type":"object","required":["sides"],"properties":{"sides":{"type":"integer"},)"
        R"("times":{"$comment":"1 unless told"}}})"},
       {"x.dice.odd", "Says little.", "true"}});
  const auto document = parser.parse(text).value();
  const auto find = [&](std::string_view name) {
    for (const auto method : document["methods"].get_array())
      if (method["name"].get_string().value() == name) return method;
    FAIL("there is no " << name);
    return document;
  };

  const auto roll = find("x.dice.roll");
  CHECK(roll["summary"].get_string().value() == "Rolls \"dice\".");
  CHECK(simdjson::minify(roll["params"].value()) ==
        R"([{"name":"sides","required":true,"schema":{"type":"integer"}},)"
        R"({"name":"times","required":false,"schema":{"$comment":"1 unless told"}}])");
  CHECK(roll["x-params-schema"]["required"].at(0).get_string().value() == "sides");
  CHECK(roll["result"]["schema"].is_object());
  CHECK(find("x.dice.odd")["params"].get_array().size() == 0);
  CHECK(find("message.send").is_object());
}

TEST_CASE("every method and event has its own name, sentence and heading", "[wire]") {
  const std::string chapters = protocol_chapters();
  std::set<std::string_view> names;
  std::size_t count = 0;
  const auto check = [&](std::string_view name, std::string_view summary) {
    INFO(name);
    names.insert(name);
    ++count;
    CHECK(summary.ends_with('.'));
    CHECK(chapters.find("\n### " + std::string(name) + "\n\n" + std::string(summary)) !=
          std::string::npos);
  };
  for_each_method([&]<class T>() { check(T::kMethod.name, T::kMethod.summary); });
  for_each_event([&]<class E>() { check(E::kEvent.name, E::kEvent.summary); });

  CHECK(names.size() == count);
}
