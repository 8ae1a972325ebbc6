#include "tests/unit/plugins/storage_lmdb/store_world.hpp"

#include <csignal>
#include <sys/resource.h>

namespace chatd::storage_lmdb {
namespace {

// While it lives no file of this process grows beyond `bytes`: the disk is full, as far as write()
// is concerned.
class FullDisk {
 public:
  explicit FullDisk(std::uintmax_t bytes) : old_signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_limit_);
    rlimit limit = old_limit_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &old_limit_);
    std::signal(SIGXFSZ, old_signal_);
  }

 private:
  void (*old_signal_)(int);
  rlimit old_limit_{};
};

std::string noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 1;
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

}  // namespace

TEST_CASE("a full disk refuses commits, keeps reads and harms nothing", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const Options options = options_for(folder);
  const auto store = open_store(options);
  const std::string large = noise(200'000);
  REQUIRE(outcome(store->commit(std::vector{append(room(1), 1, large), put("a", "1")})).empty());

  {
    // Room for a part of what comes: the write is cut short, not refused.
    const FullDisk full(std::filesystem::file_size(options.path / kJournalFile) + 20'000);
    for (int attempt = 0; attempt < 3; ++attempt) {
      const Status status =
          store->commit(std::vector{append(room(1), 2, large), put("a", "2"), erase("b")});
      REQUIRE_FALSE(status);
      CHECK(status.error().status == CHATD_E_NO_SPACE);
      CHECK_THAT(status.error().text, Catch::Matchers::Contains("no space left"));
    }
    CHECK(read_all(*store, room(1)) == Records{{1, large}});
    CHECK(get(*store, "a") == "1");
  }

  CHECK(outcome(store->commit(std::vector{append(room(1), 2, large), put("a", "2")})).empty());
  CHECK(read_all(*store, room(1)).size() == 2);
  CHECK(outcome(store->settle()).empty());
  CHECK(findings(*store).empty());
}

TEST_CASE("a fold that finds the disk full is done later", "[storage_lmdb]") {
  const tests::TempFolder folder;
  Options options = options_for(folder);
  options.work = [](const std::function<void()>&) { return false; };
  const auto store = open_store(options);
  const std::string large = noise(300'000);
  REQUIRE(outcome(store->commit(std::vector{append(room(1), 1, large)})).empty());

  {
    const FullDisk full(std::filesystem::file_size(options.path / kHistoryFile) + 20'000);
    const Status status = store->settle();
    REQUIRE_FALSE(status);
    CHECK(status.error().status == CHATD_E_NO_SPACE);
    CHECK(read_all(*store, room(1)) == Records{{1, large}});
  }

  CHECK(outcome(store->settle()).empty());
  CHECK(read_all(*store, room(1)) == Records{{1, large}});
}

TEST_CASE("a file that has reached its map_size says so, and grows with a larger one",
          "[storage_lmdb]") {
  const tests::TempFolder folder;
  Options options = options_for(folder);
  options.map_bytes = 1 << 20;
  const std::string bytes = noise(50'000);
  std::uint64_t written = 0;
  {
    const auto store = open_store(options);
    Status status;
    while (status && written < 1000) {
      status = store->commit(std::vector{append(room(1), written + 1, bytes)});
      if (status) ++written;
    }
    REQUIRE_FALSE(status);
    CHECK(status.error().status == CHATD_E_NO_SPACE);
    CHECK_THAT(status.error().text, Catch::Matchers::Contains("map_size"));
    CHECK(read_all(*store, room(1)).size() == written);
  }
  options.map_bytes = std::size_t{1} << 30;

  const auto store = open_store(options);

  CHECK(read_all(*store, room(1)).size() == written);
  CHECK(outcome(store->commit(std::vector{append(room(1), written + 1, bytes)})).empty());
}

}  // namespace chatd::storage_lmdb
