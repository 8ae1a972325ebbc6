#include "tests/unit/plugins/storage_lmdb/store_world.hpp"

#include <atomic>
#include <deque>
#include <thread>

namespace chatd::storage_lmdb {
namespace {

// Commits `count` records to a room, several at a time.
void fill(Store& store, const RoomId& where, int count) {
  std::deque<std::string> texts;
  std::vector<Write> writes;
  for (std::uint64_t seq = store.head(where).value() + 1; count > 0; --count, ++seq) {
    texts.push_back("a message with some words in it, number " + std::to_string(seq));
    writes.push_back(append(where, seq, texts.back()));
    if (writes.size() < 50 && count > 1) continue;
    REQUIRE(outcome(store.commit(writes)).empty());
    writes.clear();
  }
}

}  // namespace

TEST_CASE("what was folded reads like what was not", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const auto store = open_store(options_for(folder));
  fill(*store, room(1), 700);
  REQUIRE(outcome(store->commit(std::vector{put("a", "1"), put("b", "2")})).empty());
  const Records before = read_all(*store, room(1));

  REQUIRE(outcome(store->settle()).empty());

  CHECK(stat(*store, "unfolded_writes") == 0);
  CHECK(read_all(*store, room(1)) == before);
  CHECK(scan(*store, "") == Pairs{{"a", "1"}, {"b", "2"}});
  CHECK(findings(*store).empty());
}

TEST_CASE("a range goes on from the history into the journal", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const auto store = open_store(options_for(folder));
  fill(*store, room(1), 300);
  REQUIRE(outcome(store->settle()).empty());
  fill(*store, room(1), 20);

  const Records forth = read(*store, {room(1), 291, kEverything, 20, kEverything, false});
  const Records back = read(*store, {room(1), 1, kEverything, 40, kEverything, true});

  REQUIRE(forth.size() == 20);
  CHECK(forth.front().first == 291);
  CHECK(forth.back().first == 310);
  REQUIRE(back.size() == 40);
  CHECK(back.front().first == 320);
  CHECK(back.back().second == "a message with some words in it, number 281");
}

TEST_CASE("a room that gets a record now and then has few runs", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const auto store = open_store(options_for(folder));

  for (int i = 0; i < 400; ++i) {
    fill(*store, room(1), 1);
    REQUIRE(outcome(store->settle()).empty());
  }

  CHECK(stat(*store, "folded_runs") < 20);
  CHECK(read_all(*store, room(1)).size() == 400);
}

TEST_CASE("a full memtable is folded without being asked", "[storage_lmdb]") {
  const tests::TempFolder folder;
  Options options = options_for(folder);
  options.fold_writes = 100;
  const auto store = open_store(options);

  fill(*store, room(1), 1000);

  CHECK(stat(*store, "unfolded_writes") <= 200);
  CHECK(read_all(*store, room(1)).size() == 1000);
}

TEST_CASE("when nobody folds in the background, commits do, and memory stays bounded",
          "[storage_lmdb]") {
  const tests::TempFolder folder;
  Options options = options_for(folder);
  options.fold_writes = 100;
  options.slice_writes = 10;
  options.work = [](const std::function<void()>&) { return false; };
  const auto store = open_store(options);

  for (int i = 0; i < 40; ++i) {
    fill(*store, room(1), 50);
    CHECK(stat(*store, "unfolded_writes") <= 300);
  }

  CHECK(read_all(*store, room(1)).size() == 2000);
}

TEST_CASE("the journal's file does not grow while folding keeps up", "[storage_lmdb]") {
  const tests::TempFolder folder;
  Options options = options_for(folder);
  options.fold_writes = 500;
  const auto store = open_store(options);
  fill(*store, room(1), 3000);
  const std::uint64_t early = stat(*store, "journal_used_bytes");

  fill(*store, room(1), 20'000);

  CHECK(stat(*store, "journal_used_bytes") < 2 * early);
}

TEST_CASE("records of every size survive the fold", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const auto store = open_store(options_for(folder));
  Records wanted;
  std::uint64_t seq = 0;
  for (const std::size_t size : {0, 1, 63, 64, 65, 2000, 4080, 4081, 70'000, 0, 1 << 20, 5}) {
    std::string bytes(size, 'x');
    for (std::size_t i = 0; i < size; i += 7) bytes[i] = static_cast<char>(i * i >> 3);
    wanted.emplace_back(++seq, bytes);
    REQUIRE(outcome(store->commit(std::vector{append(room(1), seq, bytes)})).empty());
  }

  REQUIRE(outcome(store->settle()).empty());

  CHECK(read_all(*store, room(1)) == wanted);
  CHECK(findings(*store).empty());
}

// What the thread sanitizer should see: commits, folds, erasures and reads at once.
TEST_CASE("readers, a writer and the upkeep don't disturb each other", "[storage_lmdb]") {
  const tests::TempFolder folder;
  Options options = options_for(folder);
  options.fold_writes = 60;
  options.slice_writes = 10;
  std::vector<std::thread> upkeep;
  options.work = [&upkeep](std::function<void()> task) {
    upkeep.emplace_back(std::move(task));
    return true;
  };
  const auto store = open_store(options);
  constexpr std::uint64_t kCommits = 400;
  std::atomic<std::uint64_t> committed{0};
  std::atomic<int> wrong{0};
  std::atomic<bool> is_over{false};

  const auto watch = [&] {
    while (!is_over) {
      const std::uint64_t at_least = committed;
      std::uint64_t next = 1;
      const auto status = store->read_range(
          {room(1), 1, kEverything, kEverything, kEverything, false},
          [&](std::uint64_t seq, std::string_view bytes) {
            const std::string number = std::to_string(seq);
            if (seq != next++ || (bytes != "said " + number && bytes != "erased " + number))
              ++wrong;
            return CHATD_OK;
          });
      if (!status || next <= at_least) ++wrong;
    }
  };
  std::thread one(watch);
  std::thread other(watch);
  for (std::uint64_t seq = 1; seq <= kCommits; ++seq) {
    const std::string said = "said " + std::to_string(seq);
    const std::string erased = "erased " + std::to_string(seq / 2);
    std::vector writes{append(room(1), seq, said)};
    if (seq % 20 == 0) writes.push_back(replace(room(1), seq / 2, erased));
    if (!store->commit(writes)) ++wrong;
    committed = seq;
  }
  is_over = true;
  one.join();
  other.join();
  for (std::thread& thread : upkeep) thread.join();

  CHECK(wrong == 0);
  CHECK(outcome(store->settle()).empty());
  CHECK(findings(*store).empty());
}

}  // namespace chatd::storage_lmdb
