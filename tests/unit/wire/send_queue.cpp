#include "daemon/wire/send_queue.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace chatd::wire;

namespace {

using Outcome = SendQueue::Outcome;

const SendQueue::Policy kPolicy{.max_live_bytes = 100,
                                .max_live_packets = 4,
                                .max_bytes = 1000,
                                .behind = Packet::text("behind")};

// With its frame header, so many bytes.
Packet packet_of(std::size_t bytes) { return Packet::text(std::string(bytes - 2, 'x')); }

std::string drain(SendQueue& queue) {
  std::string all;
  for (; !queue.empty(); queue.pop()) all += std::string(queue.front().payload()) + "|";
  return all;
}

}  // namespace

TEST_CASE("a packet has the header its length asks for", "[wire]") {
  const auto [size, header] = GENERATE(table<std::size_t, std::string>(
      {{0, {"\x81\x00", 2}},
       {125, "\x81\x7d"},
       {126, {"\x81\x7e\x00\x7e", 4}},
       {65'535, "\x81\x7e\xff\xff"},
       {65'536, {"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10}}}));
  const std::string payload(size, 'x');
  const Packet packet = Packet::text(payload);
  CHECK((packet.frame() == header + payload));
  CHECK((packet.payload() == payload));
}

TEST_CASE("an empty packet is nothing", "[wire]") {
  const Packet nothing;
  CHECK_FALSE(nothing);
  CHECK(nothing.frame().empty());
  CHECK(nothing.payload().empty());
  CHECK(Packet::text(""));
}

TEST_CASE("packets leave in the order they came, whatever they are", "[wire]") {
  SendQueue queue(kPolicy);
  CHECK(queue.push(Packet::text("a"), Delivery::live) == Outcome::queued);
  CHECK(queue.push(Packet::text("b"), Delivery::reply) == Outcome::queued);
  CHECK(queue.push(Packet::text("c"), Delivery::live) == Outcome::queued);
  CHECK(queue.size() == 3);
  CHECK(queue.bytes() == 9);
  CHECK(drain(queue) == "a|b|c|");
  CHECK(queue.bytes() == 0);
}

TEST_CASE("over the number of live packets the reader is behind, and told once", "[wire]") {
  SendQueue queue(kPolicy);
  for (int i = 0; i < 4; ++i)
    REQUIRE(queue.push(Packet::text("x"), Delivery::live) == Outcome::queued);
  CHECK(queue.push(Packet::text("lost"), Delivery::live) == Outcome::fell_behind);
  CHECK(queue.push(Packet::text("lost"), Delivery::live) == Outcome::dropped);
  CHECK(queue.push(Packet::text("answer"), Delivery::reply) == Outcome::queued);
  CHECK(queue.is_behind());
  CHECK(drain(queue) == "x|x|x|x|behind|answer|");

  CHECK(queue.push(Packet::text("still lost"), Delivery::live) == Outcome::dropped);
  queue.resume_live();
  CHECK(queue.push(Packet::text("again"), Delivery::live) == Outcome::queued);
  CHECK(drain(queue) == "again|");
}

TEST_CASE("over the bytes of live packets the reader is behind", "[wire]") {
  SendQueue queue(kPolicy);
  CHECK(queue.push(packet_of(60), Delivery::live) == Outcome::queued);
  CHECK(queue.push(packet_of(41), Delivery::live) == Outcome::fell_behind);
}

TEST_CASE("one live packet longer than the bound still passes", "[wire]") {
  SendQueue queue(kPolicy);
  CHECK(queue.push(packet_of(120), Delivery::live) == Outcome::queued);
  CHECK(queue.push(packet_of(10), Delivery::live) == Outcome::fell_behind);
}

TEST_CASE("a long answer that waits makes nobody look slow", "[wire]") {
  SendQueue queue(kPolicy);
  for (int i = 0; i < 7; ++i)
    REQUIRE(queue.push(packet_of(100), Delivery::reply) == Outcome::queued);
  CHECK(queue.push(Packet::text("live"), Delivery::live) == Outcome::queued);
  CHECK_FALSE(queue.is_behind());
}

TEST_CASE("answers over the bound are an overflow, but one always fits", "[wire]") {
  SendQueue queue(kPolicy);
  CHECK(queue.push(Packet::text(std::string(5'000, 'x')), Delivery::reply) == Outcome::queued);
  CHECK(queue.push(Packet::text("x"), Delivery::reply) == Outcome::overflow);
  queue.pop();
  CHECK(queue.push(packet_of(100), Delivery::reply) == Outcome::queued);
}

TEST_CASE("a queue that never quite drains stays small", "[wire]") {
  SendQueue queue(kPolicy);
  REQUIRE(queue.push(Packet::text("0"), Delivery::live) == Outcome::queued);
  for (int i = 1; i < 10'000; ++i) {
    REQUIRE(queue.push(Packet::text(std::to_string(i)), Delivery::live) == Outcome::queued);
    REQUIRE(queue.front().payload() == std::to_string(i - 1));
    queue.pop();
  }
  CHECK(queue.size() == 1);
  CHECK(queue.bytes() == 2 + 4);
}
