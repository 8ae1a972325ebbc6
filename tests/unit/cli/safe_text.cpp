#include "cli/safe_text.hpp"

#include <catch2/catch.hpp>

namespace chatd::cli {
namespace {

TEST_CASE("text in any script stays as it is", "[cli]") {
  const std::string text = "Zürich 東京 🎭 العربية";

  CHECK(safe_line(text) == text);
  CHECK(safe_json('"' + text + '"') == '"' + text + '"');
}

TEST_CASE("control characters and direction marks become question marks", "[cli]") {
  CHECK(safe_line("a\x1b[31m\x7f\t\n\r") == "a?[31m????");
  CHECK(safe_line("a\xc2\x9b\xe2\x80\xae\xe2\x81\xa6\xe2\x80\xa8") == "a????");
}

TEST_CASE("line feeds and tabs stay where lines are wanted", "[cli]") {
  CHECK(safe_lines("a\tb\nc\r") == "a\tb\nc?");
}

TEST_CASE("bytes that are no UTF-8 are shown as broken", "[cli]") {
  const std::string broken = "\xef\xbf\xbd";

  CHECK(safe_line("a\xff") == "a" + broken);
  CHECK(safe_line("\xc0\xaf") == broken + broken);
  CHECK(safe_line("\xed\xa0\x80") == broken + broken + broken);
  CHECK(safe_line("\xe2\x82") == broken + broken);
}

TEST_CASE("JSON keeps its value when its characters are escaped", "[cli]") {
  CHECK(safe_json("{\"a\":\"\xe2\x80\xae\xc2\x9b\x7f\"}") == R"({"a":"\u202e\u009b\u007f"})");
}

TEST_CASE("the width of a line counts characters, not bytes", "[cli]") {
  CHECK(display_width("Zürich") == 6);
  CHECK(display_width("") == 0);
}

}  // namespace
}  // namespace chatd::cli
