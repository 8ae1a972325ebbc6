#include "daemon/base/mailbox.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

using chatd::Mailbox;

TEST_CASE("a mailbox gives all that waits, in order", "[base]") {
  int wakes = 0;
  Mailbox<int> box(10, [&] { ++wakes; });
  std::vector<int> got{99};

  CHECK(box.put(1));
  CHECK(box.put(2));
  box.take_all(got);

  CHECK(got == std::vector<int>{1, 2});
  box.take_all(got);
  CHECK(got.empty());
}

TEST_CASE("a mailbox wakes once for each emptiness", "[base]") {
  int wakes = 0;
  Mailbox<int> box(10, [&] { ++wakes; });
  std::vector<int> got;

  CHECK(box.put(1));
  CHECK(box.put(2));
  CHECK(wakes == 1);
  box.take_all(got);
  box.put_owed(3);
  CHECK(wakes == 2);
}

TEST_CASE("a full mailbox refuses and leaves the item untouched", "[base]") {
  Mailbox<std::unique_ptr<int>> box(1, [] {});
  auto item = std::make_unique<int>(7);
  std::vector<std::unique_ptr<int>> got;

  CHECK(box.put(std::make_unique<int>(1)));
  CHECK_FALSE(box.put(std::move(item)));
  REQUIRE(item);
  CHECK(*item == 7);
  box.put_owed(std::move(item));  // what is owed goes over the capacity

  box.take_all(got);
  REQUIRE(got.size() == 2);
  CHECK(*got[1] == 7);
}

TEST_CASE("many threads put, one takes: nothing is lost, each sender's order kept", "[threads]") {
  constexpr int kSenders = 4;
  constexpr int kItems = 5000;
  struct Item {
    int sender;
    int number;
  };
  std::mutex mutex;
  std::condition_variable woken;
  bool is_woken = false;
  Mailbox<Item> box(64, [&] {
    const std::lock_guard lock(mutex);
    is_woken = true;
    woken.notify_one();
  });

  std::vector<std::thread> senders;
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&box, sender] {
      for (int number = 0; number < kItems; ++number) {
        if (number % 10 == 0) {
          box.put_owed({sender, number});
        } else {
          while (!box.put({sender, number})) std::this_thread::yield();
        }
      }
    });
  }
  std::vector<int> next(kSenders, 0);
  std::vector<Item> got;
  bool is_in_order = true;
  for (int taken = 0; taken < kSenders * kItems;) {
    {
      std::unique_lock lock(mutex);
      REQUIRE(woken.wait_for(lock, std::chrono::seconds(30), [&] { return is_woken; }));
      is_woken = false;
    }
    box.take_all(got);
    for (const Item& item : got) {
      auto& expected = next[static_cast<std::size_t>(item.sender)];
      is_in_order = is_in_order && item.number == expected;
      expected = item.number + 1;
      ++taken;
    }
  }
  for (std::thread& sender : senders) sender.join();

  CHECK(is_in_order);
  CHECK(next == std::vector<int>(kSenders, kItems));
}
