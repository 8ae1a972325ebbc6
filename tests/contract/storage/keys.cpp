// What every plugin that serves chatd.storage.v1 must do with keys.
#include "tests/contract/storage/running_store.hpp"

namespace chatd::tests {
namespace {

const std::string kNotFound = "status " + std::to_string(CHATD_E_NOT_FOUND);
const std::string kInvalid = "status " + std::to_string(CHATD_E_INVALID);

std::vector<std::string> keys(const Pairs& pairs) {
  std::vector<std::string> names;
  for (const auto& [key, value] : pairs) names.push_back(key);
  return names;
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("a key has the value it was last set to", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());

  REQUIRE(store.commit({put("a", "1"), put("b", "")}) == CHATD_OK);
  REQUIRE(store.commit({put("a", "2")}) == CHATD_OK);

  CHECK(store.get("a") == "2");
  CHECK(store.get("b").empty());
  CHECK(store.get("c") == kNotFound);
}

TEST_CASE("a deleted key is gone, and deleting it again is no error", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  REQUIRE(store.commit({put("a", "1")}) == CHATD_OK);

  REQUIRE(store.commit({erase("a")}) == CHATD_OK);
  REQUIRE(store.commit({erase("a")}) == CHATD_OK);

  CHECK(store.get("a") == kNotFound);
  CHECK(store.scan("").empty());
}

TEST_CASE("of the writes of one commit the later ones count", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());

  REQUIRE(store.commit({put("a", "1"), put("a", "2"), put("b", "1"), erase("b"), erase("c"),
                        put("c", "3")}) == CHATD_OK);

  CHECK(store.scan("") == Pairs{{"a", "2"}, {"c", "3"}});
}

TEST_CASE("a scan gives what starts with the prefix, in the order of the bytes", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  const std::string zero("a\0", 2);
  REQUIRE(store.commit({put("a\xff", "5"), put("b", "x"), put("ab", "4"), put("a", "1"),
                        put(zero, "2"), put("aB", "3"), put("\xff", "x"), put("Z", "x")}) ==
          CHATD_OK);

  CHECK(keys(store.scan("a")) == Keys{"a", zero, "aB", "ab", "a\xff"});
  CHECK(keys(store.scan("")) == Keys{"Z", "a", zero, "aB", "ab", "a\xff", "b", "\xff"});
  CHECK(store.scan("ac").empty());
}

TEST_CASE("a scan goes on behind a key and stops at its limit", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  REQUIRE(store.commit({put("a", ""), put("u/1", ""), put("u/2", ""), put("u/3", ""),
                        put("v", "")}) == CHATD_OK);

  CHECK(keys(store.scan("u/", {}, 2)) == Keys{"u/1", "u/2"});
  CHECK(keys(store.scan("u/", "u/2", 2)) == Keys{"u/3"});
  CHECK(keys(store.scan("u/", "u/11", 2)) == Keys{"u/2", "u/3"});
  CHECK(keys(store.scan("u/", "a", 9)) == Keys{"u/1", "u/2", "u/3"});
  CHECK(store.scan("u/", "v", 9).empty());
  CHECK(store.scan("u/", {}, 0).empty());
}

TEST_CASE("a callback that returns anything but OK ends a scan", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  REQUIRE(store.commit({put("a", ""), put("b", ""), put("c", "")}) == CHATD_OK);
  int calls = 0;

  const chatd_status status = store.table().scan(
      store.self(), {}, {}, 9,
      [](void* arg, chatd_str, chatd_str) {
        ++*static_cast<int*>(arg);
        return CHATD_E_DENIED;
      },
      &calls);

  CHECK(status == CHATD_E_DENIED);
  CHECK(calls == 1);
}

TEST_CASE("keys and values out of bounds are refused with a sentence", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());
  const std::string longest(CHATD_STORAGE_MAX_KEY, 'k');
  const std::string largest(CHATD_STORAGE_MAX_VALUE, 'v');

  CHECK(store.commit({put("", "x")}) == CHATD_E_INVALID);
  CHECK_FALSE(store.last_error().empty());
  CHECK(store.commit({put(longest + "k", "x")}) == CHATD_E_INVALID);
  CHECK(store.commit({erase(longest + "k")}) == CHATD_E_INVALID);
  CHECK(store.commit({put("k", largest + "v")}) == CHATD_E_INVALID);
  CHECK(store.get("") == kInvalid);
  CHECK(store.scan("").empty());

  CHECK(store.commit({put(longest, largest)}) == CHATD_OK);
  CHECK(store.get(longest) == largest);
}

TEST_CASE("a commit of nothing is fine", "[storage]") {
  const TempFolder folder;
  RunningStore store(folder.path());

  CHECK(store.table().commit(store.self(), nullptr, 0) == CHATD_OK);
}

}  // namespace chatd::tests
