#include "tests/bench/load/frame.hpp"
#include "tests/bench/load/histogram.hpp"

#include <catch2/catch.hpp>

namespace chatd::bench {
namespace {

using std::chrono::nanoseconds;

TEST_CASE("a percentile is the value itself or at most a 64th above it", "[load]") {
  Histogram times;
  for (int i = 1; i <= 100000; ++i) times.add(nanoseconds(i));

  for (const int share : {1, 10, 500, 990, 999, 1000}) {
    const auto exact = 100 * share;
    const auto found = times.percentile(share / 1000.0).count();
    CHECK(found >= exact);
    CHECK(found <= exact + exact / 64);
  }
  CHECK(times.count() == 100000);
}

TEST_CASE("small values are kept exactly and none gives zero", "[load]") {
  Histogram times;

  CHECK(times.percentile(0.5).count() == 0);
  times.add(nanoseconds(7));
  CHECK(times.percentile(0.999).count() == 7);
}

TEST_CASE("a frame from a server is found once it is whole", "[load]") {
  for (const std::size_t size : {0U, 125U, 126U, 65535U, 65536U}) {
    std::string masked;
    append_frame(masked, Opcode::text, std::string(size, 'x'));
    // As a server sends it: without the bit that says so, and without the key.
    const std::size_t head = masked.size() - size;
    std::string frame = masked.substr(0, head - 4) + std::string(size, 'x');
    frame[1] = static_cast<char>(frame[1] & 0x7f);

    CHECK(!front_frame(std::string_view(frame).substr(0, frame.size() - 1)));
    const auto found = front_frame(frame + "next");
    REQUIRE(found);
    CHECK(found->opcode == Opcode::text);
    CHECK(found->is_last);
    CHECK(found->payload.size() == size);
    CHECK(found->size == frame.size());
  }
}

TEST_CASE("a frame that a server masked ends the connection", "[load]") {
  std::string masked;
  append_frame(masked, Opcode::text, "hello");

  const auto found = front_frame(masked);

  REQUIRE(found);
  CHECK(found->opcode == Opcode::close);
}

}  // namespace
}  // namespace chatd::bench
