// What every plugin that serves chatd.storage.v1 must do across restarts, copies and erasures.
#include "tests/contract/storage/running_store.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

namespace chatd::tests {
namespace {

const std::string kVerona(CHATD_STORAGE_ROOM_SIZE, 'v');

// Whether any file below `folder` has `bytes` in it.
bool is_found(const std::filesystem::path& folder, const std::string& bytes) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    if (content.find(bytes) != std::string::npos) return true;
  }
  return false;
}

void write_a_little(RunningStore& store) {
  REQUIRE(store.commit({append(kVerona, 1, "one"), append(kVerona, 2, "two"), put("a", "1"),
                        put("b", "2"), put("c", "3")}) == CHATD_OK);
  REQUIRE(store.commit({replace(kVerona, 1, "uno"), erase("b"), put("c", "tre")}) == CHATD_OK);
}

void require_a_little(RunningStore& store) {
  REQUIRE(store.read(kVerona) == Records{{1, "uno"}, {2, "two"}});
  REQUIRE(store.head(kVerona) == 2);
  REQUIRE(store.scan("") == Pairs{{"a", "1"}, {"c", "tre"}});
}

}  // namespace

TEST_CASE("what was committed is there after a restart", "[storage]") {
  if (keeps_nothing()) return;
  const TempFolder folder;
  {
    RunningStore store(folder.path());
    write_a_little(store);
  }

  RunningStore store(folder.path());

  require_a_little(store);
  CHECK(store.commit({append(kVerona, 2, "x")}) == CHATD_E_CONFLICT);
  CHECK(store.commit({append(kVerona, 3, "three")}) == CHATD_OK);
}

TEST_CASE("a second instance on the same data is refused, the first goes on", "[storage]") {
  if (keeps_nothing()) return;
  const TempFolder folder;
  RunningStore store(folder.path());
  testing::FakeHost second(config_in(folder.path()));

  CHECK(second.start(plugin_under_test()) != "");

  CHECK_FALSE(second.logs().empty());
  write_a_little(store);
  require_a_little(store);
}

TEST_CASE("a backup has the state of its moment and the store goes on", "[storage]") {
  const TempFolder folder;
  const std::filesystem::path target = folder.path() / "backup";
  RunningStore store(folder.path() / "live");
  write_a_little(store);

  const chatd_status status = store.host().on_worker(
      [&] { return store.table().backup(store.self(), str(target.native())); });
  if (status == CHATD_E_UNSUPPORTED && keeps_nothing()) return;
  REQUIRE(status == CHATD_OK);
  REQUIRE(store.commit({append(kVerona, 3, "later")}) == CHATD_OK);

  RunningStore copy(target);
  require_a_little(copy);
  CHECK(copy.findings().empty());
}

TEST_CASE("a backup does not write into a folder that exists", "[storage]") {
  if (keeps_nothing()) return;
  const TempFolder folder;
  const std::filesystem::path target = folder.path() / "backup";
  std::filesystem::create_directory(target);
  RunningStore store(folder.path() / "live");

  CHECK(store.table().backup(store.self(), str(target.native())) == CHATD_E_CONFLICT);
  CHECK_FALSE(store.last_error().empty());
  CHECK(std::filesystem::is_empty(target));
}

TEST_CASE("replaced bytes are gone from the disk when no erasure is pending", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  const std::string secret = "Capulet's secret, 0x5ec7e7";
  REQUIRE(store.commit({append(kVerona, 1, secret), append(kVerona, 2, "harmless")}) == CHATD_OK);
  if (!keeps_nothing()) REQUIRE(is_found(folder.path(), secret));

  REQUIRE(store.commit({replace(kVerona, 1, "erased")}) == CHATD_OK);
  REQUIRE(store.host().settle());

  CHECK(store.stats().at("erasures_pending") == 0);
  CHECK_FALSE(is_found(folder.path(), secret));
  CHECK(store.read(kVerona) == Records{{1, "erased"}, {2, "harmless"}});
}

TEST_CASE("a check finds nothing wrong where nothing is", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  write_a_little(store);

  CHECK(store.findings().empty());
}

TEST_CASE("the store tells its size", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  write_a_little(store);

  const auto stats = store.stats();

  CHECK(stats.contains("disk_bytes"));
  CHECK(stats.contains("erasures_pending"));
}

}  // namespace chatd::tests
