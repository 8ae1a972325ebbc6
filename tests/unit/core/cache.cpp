#include "daemon/core/cache.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>

namespace chatd::core {
namespace {

struct Thing {
  int version = 0;
  std::uint64_t last_ticket = 0;
};

// A cache whose things are read when the test says so.
struct Shelf {
  TaskScope tasks;
  Gate disk;
  int reads = 0;
  Status next;  // what the next read gives; well: version 1
  Cache<int, Thing> cache{2, [this](int) { return fetch(); }};

  Task<Result<std::unique_ptr<Thing>>> fetch() {
    ++reads;
    co_await disk.wait();
    if (!next) co_return fail(next.error());
    co_return std::make_unique<Thing>(Thing{1, 0});
  }
  Task<void> load_into(int id, std::string& out) {
    auto thing = co_await cache.load(id);
    out = thing ? "version " + std::to_string((*thing)->version) : thing.error().message;
  }
  void load(int id, std::string& out) { tasks.spawn(load_into(id, out)); }
};

TEST_CASE("whoever asks while a thing is being read waits for the same read", "[core]") {
  Shelf shelf;
  std::string one;
  std::string other;
  shelf.load(7, one);
  shelf.load(7, other);
  CHECK(one.empty());

  shelf.disk.open();

  CHECK(one == "version 1");
  CHECK(other == "version 1");
  CHECK(shelf.reads == 1);
  CHECK(shelf.cache.size() == 1);
}

TEST_CASE("a read that fails is told to all who wait, and the next tries again", "[core]") {
  Shelf shelf;
  std::string one;
  std::string other;
  shelf.next = fail(Code::unavailable, "busy");
  shelf.load(7, one);
  shelf.load(7, other);
  shelf.disk.open();
  CHECK(one == "busy");
  CHECK(other == "busy");

  shelf.next = {};
  shelf.load(7, one);
  shelf.disk.open();
  CHECK(one == "version 1");
}

TEST_CASE("what was made while it was being read is newer than what was read", "[core]") {
  Shelf shelf;
  std::string read;
  shelf.load(7, read);
  shelf.cache.put(7, std::make_unique<Thing>(Thing{2, 0}));
  shelf.disk.open();

  CHECK(read == "version 2");
  CHECK(shelf.cache.size() == 1);
  CHECK(shelf.cache.find(7)->version == 2);
}

TEST_CASE("a full cache drops what was not used for longest, but nothing on its way to the disk",
          "[core]") {
  Shelf shelf;
  for (int id = 1; id <= 4; ++id)
    shelf.cache.put(id, std::make_unique<Thing>(Thing{1, id == 1 ? 5u : 0u}));
  REQUIRE(shelf.cache.find(2) != nullptr);  // used just now

  shelf.cache.trim(4);

  CHECK(shelf.cache.size() == 2);
  CHECK(shelf.cache.find(1) != nullptr);
  CHECK(shelf.cache.find(2) != nullptr);
  shelf.cache.put(5, std::make_unique<Thing>());
  shelf.cache.put(6, std::make_unique<Thing>());
  shelf.cache.trim(5);
  CHECK(shelf.cache.find(1) == nullptr);
}

TEST_CASE("when all is dropped, a read under way still answers", "[core]") {
  Shelf shelf;
  std::string read;
  shelf.load(7, read);
  shelf.cache.put(8, std::make_unique<Thing>());
  shelf.cache.drop_all();
  shelf.disk.open();

  CHECK(read == "version 1");
  CHECK(shelf.cache.find(8) == nullptr);
}

}  // namespace
}  // namespace chatd::core
