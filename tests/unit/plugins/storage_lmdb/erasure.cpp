#include "tests/unit/plugins/storage_lmdb/store_world.hpp"

#include <random>
#include <string_view>
#include <unordered_set>

namespace chatd::storage_lmdb {
namespace {

constexpr std::size_t kChunk = 12;  // what counts as recognisable

// Bytes that don't compress, so that they would stand in a file as they are.
class Secrets {
 public:
  std::string make(std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }

 private:
  std::mt19937 random_{42};
};

// How many pieces of the secrets any file of the store still has.
std::size_t pieces_found(const Options& options, const std::vector<std::string>& secrets) {
  std::unordered_set<std::string_view> pieces;
  for (const std::string_view secret : secrets)
    for (std::size_t at = 0; at + kChunk <= secret.size(); at += kChunk)
      pieces.insert(secret.substr(at, kChunk));
  std::size_t found = 0;
  for (const char* name : {kJournalFile, kHistoryFile}) {
    const std::string bytes = bytes_of(options.path / name);
    std::unordered_set<std::string_view> in_file;
    for (std::size_t at = 0; at + kChunk <= bytes.size(); ++at) {
      const auto piece = pieces.find(std::string_view(bytes).substr(at, kChunk));
      if (piece != pieces.end()) in_file.insert(*piece);
    }
    found += in_file.size();
  }
  return found;
}

// Rooms with secrets of several sizes among harmless records.
struct Said {
  std::vector<std::string> secrets;
  std::uint64_t per_room = 0;
};
constexpr int kRooms = 30;

Said say_secrets(Store& store, Secrets& make) {
  Said said;
  for (const std::size_t size : {80, 300, 1500, 2500, 5000, 60}) {
    ++said.per_room;
    for (int where = 0; where < kRooms; ++where) {
      const std::string secret = make.make(size);
      const std::string harmless = make.make(70);
      REQUIRE(outcome(store.commit(std::vector{append(room(where), said.per_room, secret),
                                               append(room(where + 500), said.per_room, harmless)}))
                  .empty());
      said.secrets.push_back(secret);
    }
  }
  return said;
}

void erase_secrets(Store& store, const Said& said) {
  for (int where = 0; where < kRooms; ++where)
    for (std::uint64_t seq = 1; seq <= said.per_room; ++seq)
      REQUIRE(outcome(store.commit(std::vector{replace(room(where), seq, "erased")})).empty());
}

// Upkeep when a test says so.
Options options_with_no_upkeep(const tests::TempFolder& folder) {
  Options options = options_for(folder);
  options.work = [](const std::function<void()>&) { return false; };
  return options;
}

}  // namespace

TEST_CASE("what was erased from the journal is in no file any more", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const Options options = options_with_no_upkeep(folder);
  const auto store = open_store(options);
  Secrets make;
  const Said said = say_secrets(*store, make);
  REQUIRE(pieces_found(options, said.secrets) > 1000);
  erase_secrets(*store, said);
  CHECK(stat(*store, "erasures_pending") == 1);

  REQUIRE(outcome(store->settle()).empty());

  CHECK(stat(*store, "erasures_pending") == 0);
  CHECK(pieces_found(options, said.secrets) == 0);
  CHECK(findings(*store).empty());
}

TEST_CASE("what was erased from the history is in no file any more", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const Options options = options_with_no_upkeep(folder);
  const auto store = open_store(options);
  Secrets make;
  const Said said = say_secrets(*store, make);
  REQUIRE(outcome(store->settle()).empty());
  // Later transactions spread old bytes of LMDB's memory into the gaps of other pages.
  for (int round = 0; round < 5; ++round) {
    for (int where = 0; where < 100; ++where) {
      const std::string bytes = make.make(40 + static_cast<std::size_t>(where) * 7);
      const RoomId other = room(1000 + where * 3);
      REQUIRE(
          outcome(store->commit(std::vector{append(other, store->head(other).value() + 1, bytes)}))
              .empty());
    }
    REQUIRE(outcome(store->settle()).empty());
  }
  REQUIRE(pieces_found(options, said.secrets) > 1000);
  erase_secrets(*store, said);

  REQUIRE(outcome(store->settle()).empty());

  CHECK(pieces_found(options, said.secrets) == 0);
  CHECK(findings(*store).empty());
}

TEST_CASE("nothing erased comes back into the files with later writes", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const Options options = options_with_no_upkeep(folder);
  const auto store = open_store(options);
  Secrets make;
  const Said said = say_secrets(*store, make);
  erase_secrets(*store, said);
  REQUIRE(outcome(store->settle()).empty());

  for (int i = 0; i < 200; ++i) {
    const RoomId other = room(2000 + i % 50);
    const std::string bytes = make.make(static_cast<std::size_t>(i) * 9);
    REQUIRE(
        outcome(store->commit(std::vector{append(other, store->head(other).value() + 1, bytes)}))
            .empty());
    if (i % 50 == 0) REQUIRE(outcome(store->settle()).empty());
  }

  CHECK(pieces_found(options, said.secrets) == 0);
}

TEST_CASE("an erasure happens without being asked for", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const Options options = options_for(folder);
  const auto store = open_store(options);
  Secrets make;
  const Said said = say_secrets(*store, make);

  erase_secrets(*store, said);

  CHECK(stat(*store, "erasures_pending") == 0);
  CHECK(pieces_found(options, said.secrets) == 0);
}

TEST_CASE("an erasure that died half-way is finished by the next store", "[storage_lmdb]") {
  const tests::TempFolder folder;
  Options options = options_with_no_upkeep(folder);
  Secrets make;
  Said said;
  const FaultPoint point = GENERATE(FaultPoint::fold_written, FaultPoint::trim_written,
                                    FaultPoint::erase_quiet, FaultPoint::erase_half);
  {
    bool is_armed = false;
    options.dies_at = [&](FaultPoint at) { return is_armed && at == point; };
    const auto store = open_store(options);
    said = say_secrets(*store, make);
    erase_secrets(*store, said);
    is_armed = true;
    REQUIRE_FALSE(outcome(store->settle()).empty());
  }
  options.dies_at = nullptr;

  const auto store = open_store(options);
  CHECK(stat(*store, "erasures_pending") == 1);
  REQUIRE(outcome(store->settle()).empty());

  CHECK(pieces_found(options, said.secrets) == 0);
  CHECK(read_all(*store, room(3)).size() == said.per_room);
  CHECK(findings(*store).empty());
}

TEST_CASE("an erasure waits for a reader and is done after it", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const Options options = options_with_no_upkeep(folder);
  const auto store = open_store(options);
  Secrets make;
  const Said said = say_secrets(*store, make);
  erase_secrets(*store, said);
  std::string meanwhile;

  const auto status = store->read_range(
      {room(1), 1, kEverything, 1, kEverything, false}, [&](std::uint64_t, std::string_view) {
        meanwhile = outcome(store->settle());  // a host must not; here nothing is held
        return CHATD_OK;
      });

  REQUIRE(status);
  CHECK_THAT(meanwhile, Catch::Matchers::Contains("long read is under way"));
  REQUIRE(outcome(store->settle()).empty());
  CHECK(pieces_found(options, said.secrets) == 0);
}

TEST_CASE("an erasure gives space back to the file system", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const auto store = open_store(options_with_no_upkeep(folder));
  const std::string large(1 << 20, 'L');
  for (std::uint64_t seq = 1; seq <= 8; ++seq)
    REQUIRE(outcome(store->commit(std::vector{append(room(1), seq, large)})).empty());
  REQUIRE(stat(*store, "disk_bytes") > 8 << 20);

  REQUIRE(outcome(store->commit(std::vector{replace(room(1), 1, "")})).empty());
  REQUIRE(outcome(store->settle()).empty());

  CHECK(stat(*store, "disk_bytes") < 1 << 20);
}

}  // namespace chatd::storage_lmdb
