#include "cache.hpp"

#include "driver.hpp"
#include <sys/stat.h>

using namespace client;

namespace {

Record record(std::uint64_t seq, const char* kind, const char* sender, json content,
              std::uint64_t target = 0) {
  Record made;
  made.seq = seq;
  made.kind = kind;
  made.sender = sender;
  made.target = target;
  made.content = std::move(content);
  return made;
}

struct OpenCache {
  TempDir folder;
  Cache cache = *Cache::open(folder.path() + "/a").value;
};

}  // namespace

TEST_CASE("the cache with the token in it is for its owner alone", "[cache]") {
  OpenCache open;
  struct stat about {};

  REQUIRE(stat((open.folder.path() + "/a/cache.db").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  REQUIRE(stat((open.folder.path() + "/a").c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0700);
}

TEST_CASE("two clients cannot use one cache", "[cache]") {
  OpenCache open;

  const auto second = Cache::open(open.folder.path() + "/a");

  CHECK_FALSE(second.value.has_value());
  CHECK(second.error.find("in use") != std::string::npos);
}

TEST_CASE("a file that is no cache is an error in words", "[cache]") {
  TempDir folder;
  std::filesystem::create_directories(folder.path() + "/a");
  std::FILE* const file = std::fopen((folder.path() + "/a/cache.db").c_str(), "w");
  std::fputs("this is not a database, however long it is read", file);
  std::fclose(file);

  const auto opened = Cache::open(folder.path() + "/a");

  CHECK_FALSE(opened.value.has_value());
  CHECK(opened.error.find("can't be used") != std::string::npos);
}

TEST_CASE("edits by its author change a message, others' do not", "[cache]") {
  OpenCache open;
  open.cache.add_record("r", record(1, "message", "juliet@test", {{"text", "O Romeo"}}));
  open.cache.add_record("r", record(2, "edit", "nurse@test", {{"text", "forged"}}, 1));

  CHECK(open.cache.message("r", 1)->text == "O Romeo");
  CHECK_FALSE(open.cache.message("r", 1)->is_edited);

  open.cache.add_record("r", record(3, "edit", "juliet@test", {{"text", "O Romeo, Romeo"}}, 1));

  CHECK(open.cache.message("r", 1)->text == "O Romeo, Romeo");
  CHECK(open.cache.message("r", 1)->is_edited);
}

TEST_CASE("reactions are counted by who set them and not took them back", "[cache]") {
  OpenCache open;
  const auto react = [&](std::uint64_t seq, const char* who, bool is_set) {
    open.cache.add_record("r",
                          record(seq, "reaction", who, {{"reaction", "+1"}, {"set", is_set}}, 1));
  };
  open.cache.add_record("r", record(1, "message", "juliet@test", {{"text", "x"}}));

  react(2, "romeo@test", true);
  react(3, "romeo@test", true);
  react(4, "nurse@test", true);
  react(5, "nurse@test", false);

  CHECK(open.cache.message("r", 1)->reactions.at("+1") == std::set<std::string>{"romeo@test"});
}

TEST_CASE("erased content leaves the disk, with that of its edits", "[cache]") {
  TempDir folder;
  {
    Cache cache = *Cache::open(folder.path()).value;
    cache.add_record("r", record(1, "message", "juliet@test", {{"text", "SECRET-ONE"}}));
    cache.add_record("r", record(2, "edit", "juliet@test", {{"text", "SECRET-TWO"}}, 1));
    cache.erase_content("r", 1);
    CHECK(cache.message("r", 1)->is_erased);
    CHECK(cache.message("r", 1)->text.empty());
  }
  std::FILE* const file = std::fopen((folder.path() + "/cache.db").c_str(), "r");
  std::string bytes(1 << 20, '\0');
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file));
  std::fclose(file);
  CHECK(bytes.size() > 4096);
  CHECK(bytes.find("SECRET") == std::string::npos);
}

TEST_CASE("a full disk is noticed and nothing more is written", "[cache]") {
  TempDir folder;
  auto opened = Database::open(folder.path() + "/x.db", "CREATE TABLE t (x TEXT);");
  Database& db = *opened.value;
  db.run("PRAGMA max_page_count = 3");

  db.run("INSERT INTO t VALUES (?)", {std::string(1 << 20, 'x')});
  CHECK(db.error().find("full") != std::string::npos);
  db.run("INSERT INTO t VALUES ('small')");

  int rows = 0;
  db.run("SELECT * FROM t", {}, [&](const SqlRow&) { ++rows; });
  CHECK(rows == 0);
}

TEST_CASE("unread is counted here where all is held, and taken from the server where not",
          "[cache]") {
  OpenCache open;
  Room room;
  room.id = "r";
  room.head = room.last = 5;
  room.first = 4;
  room.read_seq = room.counted_read = 1;
  room.counted_unread = 3;
  room.counted_head = 4;
  open.cache.add_record("r", record(4, "message", "juliet@test", {{"text", "x"}}));
  open.cache.add_record("r", record(5, "message", "juliet@test", {{"text", "x"}}));

  CHECK(open.cache.unread(room, "romeo@test") == 4);  // three it was told of and one since

  room.read_seq = 4;
  CHECK(open.cache.unread(room, "romeo@test") == 1);
  room.read_seq = 5;
  CHECK(open.cache.unread(room, "romeo@test") == 0);
}
