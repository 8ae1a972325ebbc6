// What a store refuses to open, each with its own sentence, and what damage does to one that opens.
#include "plugins/storage_lmdb/bytes.hpp"
#include "tests/unit/plugins/storage_lmdb/store_world.hpp"

#include <random>

namespace chatd::storage_lmdb {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;

// A folder with a store that was folded once and has something in its journal.
class Written {
 public:
  Written() : options_(options_for(folder_)) {
    const auto store = open_store(options_);
    std::string text;
    for (std::uint64_t seq = 1; seq <= 40; ++seq) {
      for (int where = 0; where < 8; ++where) {
        text = "record " + std::to_string(seq) + std::string(seq * 11, 'r');
        REQUIRE(outcome(store->commit(std::vector{append(room(where), seq, text)})).empty());
        records_ += text.size();
      }
      const std::string key = "key " + std::to_string(seq);
      const std::string value(seq == 7 ? 9000 : 30, 'v');
      REQUIRE(outcome(store->commit(std::vector{put(key, value)})).empty());
      if (seq == 30) REQUIRE(outcome(store->settle()).empty());
    }
  }

  [[nodiscard]] fs::path file(const char* name) const { return options_.path / name; }
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] const tests::TempFolder& folder() const { return folder_; }
  // Why the store does not open; "" when it does.
  [[nodiscard]] std::string refusal() const {
    auto store = Store::open(options_);
    return store ? "" : store.error().text;
  }
  // Changes a row of the table "meta".
  void set_meta(const char* name, std::string_view key, std::string_view value) const {
    const auto env = Env::open(file(name), options_.map_bytes).value();
    auto txn = WriteTxn::begin(*env).value();
    REQUIRE(txn.put(txn.table(kMetaTable, 0).value(), key, value).has_value());
    REQUIRE(txn.commit().has_value());
  }

 private:
  tests::TempFolder folder_;
  Options options_;
  std::size_t records_ = 0;
};

void overwrite(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace

TEST_CASE("a second store on the same folder is refused", "[storage_lmdb]") {
  const Written written;
  const auto first = open_store(written.options());

  CHECK_THAT(written.refusal(), Contains("another server is using this folder"));
  CHECK(first->head(room(1)).value() == 40);
}

TEST_CASE("a file of a newer schema is refused", "[storage_lmdb]") {
  const Written written;
  char newer[8];
  write_fixed(newer, kSchemaVersion + 1);

  written.set_meta(GENERATE(kJournalFile, kHistoryFile), "schema", {newer, sizeof newer});

  CHECK_THAT(written.refusal(), Contains("written by a newer chatd (schema 2"));
}

TEST_CASE("files of two stores are refused together", "[storage_lmdb]") {
  const Written one;
  const Written other;

  fs::copy_file(other.file(kJournalFile), one.file(kJournalFile),
                fs::copy_options::overwrite_existing);

  CHECK_THAT(one.refusal(), Contains("of different stores"));
}

TEST_CASE("a journal older than its history is refused", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const Options options = options_for(folder);
  const fs::path old_journal = folder.path() / "old";
  {
    const auto store = open_store(options);
    REQUIRE(outcome(store->commit(std::vector{put("a", "1")})).empty());
  }
  fs::copy_file(options.path / kJournalFile, old_journal);
  {
    const auto store = open_store(options);
    REQUIRE(outcome(store->commit(std::vector{put("a", "2")})).empty());
    REQUIRE(outcome(store->settle()).empty());
  }

  fs::rename(old_journal, options.path / kJournalFile);

  const auto store = Store::open(options);
  REQUIRE_FALSE(store);
  CHECK_THAT(store.error().text, Contains("journal.mdb is older than history.mdb"));
}

TEST_CASE("a missing file is not replaced by an empty one", "[storage_lmdb]") {
  const Written written;

  SECTION("the history") {
    fs::remove(written.file(kHistoryFile));
    CHECK_THAT(written.refusal(), Contains("history.mdb: is missing"));
  }
  SECTION("the journal") {
    fs::remove(written.file(kJournalFile));
    CHECK_THAT(written.refusal(), Contains("journal.mdb: is missing"));
  }
}

TEST_CASE("a first start that was interrupted between the files goes on", "[storage_lmdb]") {
  const tests::TempFolder folder;
  const Options options = options_for(folder);
  { const auto store = open_store(options); }
  fs::remove(options.path / kJournalFile);

  const auto store = open_store(options);

  CHECK(outcome(store->commit(std::vector{put("a", "1")})).empty());
}

TEST_CASE("what is no LMDB file is refused", "[storage_lmdb]") {
  const Written written;
  const char* const name = GENERATE(kJournalFile, kHistoryFile);

  SECTION("an empty one") {
    overwrite(written.file(name), "");
    CHECK_THAT(written.refusal(), Contains("it is empty"));
  }
  SECTION("a short one") {
    overwrite(written.file(name), "hello");
    CHECK_THAT(written.refusal(), Contains("not an LMDB file"));
  }
  SECTION("some other one") {
    overwrite(written.file(name), std::string(100'000, 'x'));
    CHECK_THAT(written.refusal(), Contains("not an LMDB file"));
  }
  SECTION("a folder") {
    fs::remove(written.file(name));
    fs::create_directory(written.file(name));
    CHECK_FALSE(written.refusal().empty());
  }
}

TEST_CASE("a file that was cut off is refused", "[storage_lmdb]") {
  const Written written;
  const fs::path file = written.file(GENERATE(kJournalFile, kHistoryFile));
  const std::uintmax_t size = fs::file_size(file);

  for (const std::uintmax_t left :
       {size / 2, size / 4, std::uintmax_t{3 * 4096}, std::uintmax_t{9000}, std::uintmax_t{4096}}) {
    fs::resize_file(file, left);
    INFO("cut to " << left);
    CHECK_THAT(written.refusal(), Contains("damaged"));
  }
}

TEST_CASE("a folder that can't be made is refused", "[storage_lmdb]") {
  const tests::TempFolder folder;
  overwrite(folder.path() / "store", "a file is in the way");

  const auto store = Store::open(options_for(folder));

  REQUIRE_FALSE(store);
  CHECK_THAT(store.error().text, Contains("store"));
}

// Whatever byte is wrong: the store is refused, or reads tell, or nothing depends on it. It never
// crashes and never gives a wrong record.
TEST_CASE("no damaged byte crashes the store or changes what was said", "[storage_lmdb]") {
  const Written written;
  const fs::path file = written.file(GENERATE(kJournalFile, kHistoryFile));
  const std::string good = bytes_of(file);
  std::mt19937 random(7);
  int refused = 0;
  for (int round = 0; round < 250; ++round) {
    std::string bad = good;
    // Half of the rounds hit the first bytes of a page: there stands what leads elsewhere.
    std::size_t at = random() % bad.size();
    if (round % 2 == 0) at = at / 4096 * 4096 + random() % 160;
    bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << random() % 8));
    overwrite(file, bad);
    INFO("byte " << at << " of " << file);

    const auto opened = Store::open(written.options());

    if (!opened) {
      ++refused;
      CHECK_FALSE(opened.error().text.empty());
      continue;
    }
    Store& store = **opened;
    std::string found;
    static_cast<void>(store.check([&](const std::string& line) {
      found += line;
      return CHATD_OK;
    }));
    for (int where = 0; where < 8; ++where) {
      std::uint64_t next = 1;
      bool is_right = true;
      const auto status = store.read_range(
          {room(where), 1, kEverything, kEverything, kEverything, false},
          [&](std::uint64_t seq, std::string_view bytes) {
            const std::string wanted = "record " + std::to_string(seq) + std::string(seq * 11, 'r');
            is_right = is_right && seq == next++ && bytes == wanted;
            return CHATD_OK;
          });
      CHECK(is_right);
      // Fewer records can only come from a state that the file was in before, as its second page
      // still describes it.
      if (status && next != 41 && at >= 2 * 4096) CHECK_FALSE(found.empty());
    }
    for (std::uint64_t seq = 1; seq <= 40; ++seq) {
      const std::string key = "key " + std::to_string(seq);
      static_cast<void>(store.get(key, [&](std::string_view, std::string_view value) {
        CHECK(value == std::string(seq == 7 ? 9000 : 30, 'v'));
        return CHATD_OK;
      }));
    }
  }
  CHECK(refused > 25);
}

}  // namespace chatd::storage_lmdb
