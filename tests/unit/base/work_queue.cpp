#include "daemon/base/work_queue.hpp"

#include "daemon/base/counter.hpp"

#include <catch2/catch.hpp>

#include <thread>
#include <vector>

using chatd::WorkQueue;

TEST_CASE("a full work queue refuses and leaves the item untouched", "[base]") {
  WorkQueue<std::vector<int>> queue(1);
  std::vector<int> second{1, 2};

  CHECK(queue.put({}));
  CHECK_FALSE(queue.put(std::move(second)));

  CHECK(second.size() == 2);
  CHECK(queue.size() == 1);
}

TEST_CASE("a closed work queue hands out what is left, then ends", "[base]") {
  WorkQueue<int> queue(10);
  CHECK(queue.put(1));
  CHECK(queue.put(2));

  queue.close();

  CHECK_FALSE(queue.put(3));
  CHECK(queue.take() == 1);
  CHECK(queue.try_take() == 2);
  CHECK(queue.take() == std::nullopt);
  CHECK(queue.try_take() == std::nullopt);
}

TEST_CASE("each item is taken once, whoever takes it", "[base]") {
  WorkQueue<int> queue(100'000);
  chatd::Counter sum;
  std::vector<std::thread> hands;
  for (int i = 0; i < 3; ++i)
    hands.emplace_back([&] {
      while (const auto item = queue.take()) sum.add(static_cast<std::uint64_t>(*item));
    });

  for (int i = 1; i <= 1000; ++i) REQUIRE(queue.put(int{i}));
  queue.close();
  for (std::thread& hand : hands) hand.join();

  CHECK(sum.read() == 500'500);
}
