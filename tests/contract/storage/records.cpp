// What every plugin that serves chatd.storage.v1 must do with records.
#include "tests/contract/storage/running_store.hpp"

#include <thread>

namespace chatd::tests {
namespace {

const std::string kVerona(CHATD_STORAGE_ROOM_SIZE, 'v');
const std::string kMantua("\0\xff mantua has zeros and such! \0\xff", CHATD_STORAGE_ROOM_SIZE);

// "first", "second" and so on up to `count`, in kVerona.
void fill(RunningStore& store, std::uint64_t count) {
  for (std::uint64_t seq = 1; seq <= count; ++seq) {
    const std::string bytes = "record " + std::to_string(seq);
    REQUIRE(store.commit({append(kVerona, seq, bytes)}) == CHATD_OK);
  }
}

std::vector<std::uint64_t> seqs(const Records& records) {
  std::vector<std::uint64_t> numbers;
  for (const auto& [seq, bytes] : records) numbers.push_back(seq);
  return numbers;
}

using Seqs = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("a room that nobody wrote to has head 0 and no records", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());

  CHECK(store.head(kVerona) == 0);
  CHECK(store.read(kVerona).empty());
}

TEST_CASE("records come back as they were appended, each in its room", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  const std::string binary("\0\x01\xff{}", 5);

  REQUIRE(store.commit({append(kVerona, 1, "wherefore"), append(kMantua, 1, binary),
                        append(kVerona, 2, ""), append(kVerona, 3, "art thou")}) == CHATD_OK);

  CHECK(store.head(kVerona) == 3);
  CHECK(store.head(kMantua) == 1);
  CHECK(store.read(kVerona) == Records{{1, "wherefore"}, {2, ""}, {3, "art thou"}});
  CHECK(store.read(kMantua) == Records{{1, binary}});
}

TEST_CASE("a range is read in both directions and what is not there is skipped", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  fill(store, 9);

  CHECK(seqs(store.read(kVerona, 3, 5)) == Seqs{3, 4, 5});
  CHECK(seqs(store.read(kVerona, 3, 5, 99, 999, CHATD_RANGE_REVERSE)) == Seqs{5, 4, 3});
  CHECK(seqs(store.read(kVerona, 0, 2)) == Seqs{1, 2});
  CHECK(seqs(store.read(kVerona, 8, 100)) == Seqs{8, 9});
  CHECK(seqs(store.read(kVerona, 8, UINT64_MAX, 99, 999, CHATD_RANGE_REVERSE)) == Seqs{9, 8});
  CHECK(store.read(kVerona, 10, 100).empty());
  CHECK(store.read(kVerona, 5, 4).empty());
}

TEST_CASE("a range ends at max_records, counted from where it starts", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  fill(store, 9);

  CHECK(seqs(store.read(kVerona, 1, 9, 2)) == Seqs{1, 2});
  CHECK(seqs(store.read(kVerona, 1, 9, 2, 999, CHATD_RANGE_REVERSE)) == Seqs{9, 8});
  CHECK(store.read(kVerona, 1, 9, 0).empty());
}

TEST_CASE("a range stays within max_bytes, but one record always comes", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  const std::string ten(10, 'x');
  REQUIRE(store.commit({append(kVerona, 1, ten), append(kVerona, 2, ten),
                        append(kVerona, 3, ten)}) == CHATD_OK);

  CHECK(seqs(store.read(kVerona, 1, 3, 9, 20)) == Seqs{1, 2});
  CHECK(seqs(store.read(kVerona, 1, 3, 9, 19)) == Seqs{1});
  CHECK(seqs(store.read(kVerona, 1, 3, 9, 0, CHATD_RANGE_REVERSE)) == Seqs{3});
}

TEST_CASE("a callback that returns anything but OK ends the reading", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  fill(store, 3);
  const chatd_range range{sizeof range, 0, str(kVerona), 1, 3, 9, 999};
  int calls = 0;

  const chatd_status status = store.table().read_range(
      store.self(), &range,
      [](void* arg, std::uint64_t, chatd_str) {
        return ++*static_cast<int*>(arg) == 2 ? CHATD_E_LIMIT : CHATD_OK;
      },
      &calls);

  CHECK(status == CHATD_E_LIMIT);
  CHECK(calls == 2);
}

TEST_CASE("a record that does not follow the head is refused, and all with it", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  fill(store, 2);

  for (const std::uint64_t wrong : {0, 1, 2, 4}) {
    CHECK(store.commit({put("key", "value"), append(kMantua, 1, "x"),
                        append(kVerona, wrong, "x")}) == CHATD_E_CONFLICT);
    CHECK_FALSE(store.last_error().empty());
  }
  CHECK(store.commit({append(kVerona, 3, "x"), append(kVerona, 3, "y")}) == CHATD_E_CONFLICT);

  CHECK(store.head(kVerona) == 2);
  CHECK(store.head(kMantua) == 0);
  CHECK(store.get("key") == "status " + std::to_string(CHATD_E_NOT_FOUND));
  CHECK(store.commit({append(kVerona, 3, "z")}) == CHATD_OK);
}

TEST_CASE("a replaced record has its new bytes and its old place", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  fill(store, 3);

  REQUIRE(store.commit({replace(kVerona, 2, "gone")}) == CHATD_OK);

  CHECK(store.read(kVerona) == Records{{1, "record 1"}, {2, "gone"}, {3, "record 3"}});
  CHECK(store.head(kVerona) == 3);
}

TEST_CASE("a record of the same commit can be replaced", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());

  REQUIRE(store.commit({append(kVerona, 1, "hasty"), replace(kVerona, 1, "wiser")}) == CHATD_OK);

  CHECK(store.read(kVerona) == Records{{1, "wiser"}});
}

TEST_CASE("what is not there can't be replaced", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  fill(store, 2);

  CHECK(store.commit({put("key", "value"), replace(kVerona, 3, "x")}) == CHATD_E_NOT_FOUND);
  CHECK(store.commit({replace(kVerona, 0, "x")}) == CHATD_E_NOT_FOUND);
  CHECK(store.commit({replace(kMantua, 1, "x")}) == CHATD_E_NOT_FOUND);

  CHECK(store.get("key") == "status " + std::to_string(CHATD_E_NOT_FOUND));
}

TEST_CASE("records out of bounds are refused with a sentence", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  const std::string largest(CHATD_STORAGE_MAX_VALUE, 'm');

  CHECK(store.commit({append("short", 1, "x")}) == CHATD_E_INVALID);
  CHECK_FALSE(store.last_error().empty());
  CHECK(store.commit({append(kVerona, 1, largest + "x")}) == CHATD_E_INVALID);
  CHECK(store.commit({record(0, kVerona, 1, "x")}) == CHATD_E_INVALID);
  CHECK(store.commit({record(5, kVerona, 1, "x")}) == CHATD_E_INVALID);
  CHECK(store.head(kVerona) == 0);

  CHECK(store.commit({append(kVerona, 1, largest)}) == CHATD_OK);
  CHECK(store.read(kVerona) == Records{{1, largest}});
}

TEST_CASE("a newer host's longer writes are read as far as they are known", "[storage]") {
  struct LongerWrite {
    chatd_write known;
    std::uint64_t unknown[3];
  };
  const TempFolder folder;
  RunningStore store(folder.path());
  LongerWrite writes[] = {{append(kVerona, 1, "one"), {9, 9, 9}}, {put("two", "2"), {9, 9, 9}}};
  for (LongerWrite& write : writes) write.known.size = sizeof write;

  REQUIRE(store.table().commit(store.self(), &writes[0].known, 2) == CHATD_OK);

  CHECK(store.read(kVerona) == Records{{1, "one"}});
  CHECK(store.get("two") == "2");
}

TEST_CASE("readers see every commit that returned, and no half of one", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  constexpr int kCommits = 300;
  std::atomic<int> committed{0};
  std::atomic<int> wrong{0};
  std::atomic<bool> is_over{false};

  const auto watch = [&] {
    while (!is_over) {
      const int before = committed;
      const chatd_range range{sizeof range, CHATD_RANGE_REVERSE, str(kVerona), 1, UINT64_MAX, 1, 1};
      std::uint64_t newest = 0;
      store.table().read_range(
          store.self(), &range,
          [](void* arg, std::uint64_t seq, chatd_str) {
            *static_cast<std::uint64_t*>(arg) = seq;
            return CHATD_OK;
          },
          &newest);
      std::vector<std::string> values;
      store.table().scan(
          store.self(), str("both/"), {}, 9,
          [](void* arg, chatd_str, chatd_str value) {
            static_cast<std::vector<std::string>*>(arg)->push_back(text(value));
            return CHATD_OK;
          },
          &values);
      if (newest < static_cast<std::uint64_t>(before)) ++wrong;
      if (before > 0 && (values.size() != 2 || values[0] != values[1])) ++wrong;
    }
  };
  std::thread one(watch);
  std::thread other(watch);
  for (int i = 1; i <= kCommits; ++i) {
    const std::string value = std::to_string(i);
    if (store.commit({append(kVerona, static_cast<std::uint64_t>(i), value), put("both/a", value),
                      put("both/b", value)}) != CHATD_OK)
      ++wrong;
    committed = i;
  }
  is_over = true;
  one.join();
  other.join();

  CHECK(wrong == 0);
}

}  // namespace chatd::tests
