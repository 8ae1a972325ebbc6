#include "daemon/base/log.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace chatd;

namespace {

// The lines that were logged while it lives.
class Tap {
 public:
  Tap() {
    log::set_tap([this](TimeMs time, log::Level level, std::string_view line) {
      times.push_back(time);
      levels.push_back(level);
      lines.emplace_back(line);
    });
  }
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;
  ~Tap() { log::set_tap({}); }

  std::vector<TimeMs> times;
  std::vector<log::Level> levels;
  std::vector<std::string> lines;
};

std::string line_with(std::string_view value) {
  const Tap tap;
  log::info("event", {{"key", value}});
  return tap.lines.at(0);
}

}  // namespace

TEST_CASE("a log line is its event and its fields", "[base]") {
  const Tap tap;

  log::warning("peer is slow", {{"peer", "one.example"}, {"ms", 1500}, {"again", true}});

  REQUIRE(tap.lines.size() == 1);
  CHECK(tap.lines[0] == "peer is slow peer=one.example ms=1500 again=true");
  CHECK(tap.levels[0] == log::Level::warning);
  CHECK(tap.times[0] > 1'700'000'000'000);
}

TEST_CASE("a log value is quoted where it would be misread", "[base]") {
  CHECK(line_with("plain/value:1") == "event key=plain/value:1");
  CHECK(line_with("") == "event key=\"\"");
  CHECK(line_with("two words") == "event key=\"two words\"");
  CHECK(line_with("a=b") == "event key=\"a=b\"");
  CHECK(line_with(R"(say "x" \)") == R"(event key="say \"x\" \\")");
  CHECK(line_with("gr\xc3\xbc\xc3\x9f") == "event key=\"gr\xc3\xbc\xc3\x9f\"");
}

TEST_CASE("no log value can forge a line or move the cursor", "[base]") {
  CHECK(line_with("a\nERROR forged") == "event key=\"a\\x0aERROR forged\"");
  CHECK(line_with("\x1b[2J\r\x7f") == "event key=\"\\x1b[2J\\x0d\\x7f\"");
  CHECK(line_with(std::string_view("\0", 1)) == "event key=\"\\x00\"");
  CHECK(line_with("\xc2\x9b"
                  "2J") == "event key=\"\\xc2\\x9b2J\"");  // CSI as one code point
  CHECK(line_with("\xc2\xa0") == "event key=\"\xc2\xa0\"");
  CHECK(line_with("\xc2") == "event key=\"\xc2\"");
}

TEST_CASE("a log value with braces is no format", "[base]") {
  CHECK(line_with("{} {0}") == "event key=\"{} {0}\"");
}

TEST_CASE("lines below the level are dropped", "[base]") {
  const Tap tap;

  log::debug("dropped");
  log::set_level(log::Level::debug);
  log::debug("kept");
  log::set_level(log::Level::error);
  log::warning("dropped");
  log::error("kept too");
  log::set_level(log::Level::info);

  CHECK(tap.lines == std::vector<std::string>{"kept", "kept too"});
  CHECK(tap.levels == std::vector<log::Level>{log::Level::debug, log::Level::error});
}
