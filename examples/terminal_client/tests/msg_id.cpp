#include "msg_id.hpp"

#include "driver.hpp"

using client::MsgIdMaker;

TEST_CASE("message ids are UUIDv7 of the present moment", "[msg_id]") {
  ManualTime time;
  MsgIdMaker ids(time.env(), "");

  const std::string id = ids.next();

  REQUIRE(id.size() == 36);
  CHECK(id[14] == '7');
  CHECK(std::string("89ab").find(id[19]) != std::string::npos);
  const auto ms = std::stoll(id.substr(0, 8) + id.substr(9, 4), nullptr, 16);
  CHECK(ms == time.env().wall_ms());
}

TEST_CASE("message ids grow within one millisecond, also when chance runs out", "[msg_id]") {
  ManualTime time;
  time.chance = 0.999999999999;
  MsgIdMaker ids(time.env(), "");
  std::string before;

  for (int i = 0; i < 20'000; ++i) {
    const std::string id = ids.next();
    REQUIRE(id > before);
    before = id;
  }
}

TEST_CASE("message ids grow when the clock is set back", "[msg_id]") {
  ManualTime time;
  MsgIdMaker ids(time.env(), "");
  const std::string before = ids.next();

  time.ms -= 500'000;

  CHECK(ids.next() > before);
}

TEST_CASE("message ids grow across a restart, also with the clock set back", "[msg_id]") {
  ManualTime time;
  const std::string before = MsgIdMaker(time.env(), "").next();
  time.ms -= 10;

  CHECK(MsgIdMaker(time.env(), before).next() > before);
}

TEST_CASE("a message id counted past its counter's end goes on in the next millisecond",
          "[msg_id]") {
  ManualTime time;
  const std::string last = "018bd000-0000-7fff-bfff-ffffffffffff";
  time.ms = 0;

  MsgIdMaker ids({time.env().steady_ms, [] { return std::int64_t{0}; }, time.env().random}, last);
  const std::string next = ids.next();

  CHECK(next > last);
  CHECK(next.substr(0, 13) == "018bd000-0001");
}
