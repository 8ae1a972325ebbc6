#include "federation/head.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace chatd;
using namespace chatd::federation;

namespace {

RoomHead head_in(std::uint8_t bucket, Seq seq) {
  Hash256 room{};
  room[0] = bucket;
  return {RoomId(room), 1, seq, blake2b_256("a record")};
}

}  // namespace

TEST_CASE("a head that moved changes the digest of its bucket alone", "[federation]") {
  const auto before = digests_of(std::vector{head_in(0, 1), head_in(7, 1), head_in(255, 1)});
  const auto after = digests_of(std::vector{head_in(0, 1), head_in(7, 2), head_in(255, 1)});

  REQUIRE(before.size() == kBuckets);
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket)
    CHECK((before[bucket] == after[bucket]) == (bucket != 7));
}

TEST_CASE("the digest of an empty bucket is the hash of nothing", "[federation]") {
  const auto digests = digests_of({});

  REQUIRE(digests.size() == kBuckets);
  for (const Hash256& digest : digests) CHECK(digest == blake2b_256(""));
}
