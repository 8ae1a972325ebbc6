#include "daemon/base/file.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <sys/stat.h>

namespace chatd {
namespace {

namespace fs = std::filesystem;

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST_CASE("a file is made once, and replaced as a whole", "[base]") {
  const tests::TempFolder folder;
  const fs::path path = folder.path() / "a";

  REQUIRE(create_file(path, "one", 0600));
  CHECK(create_file(path, "two", 0600).error().code == Code::conflict);
  CHECK(read_file(path, 3) == std::string("one"));
  REQUIRE(replace_file(path, "three", 0640));

  CHECK(read_file(path, 10) == std::string("three"));
  CHECK((fs::status(path).permissions() & fs::perms::all) == fs::perms(0640));
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("what a crash left of a write is in nobody's way", "[base]") {
  const tests::TempFolder folder;
  const fs::path path = folder.path() / "a";
  std::ofstream(path.string() + ".new") << "half of";

  REQUIRE(create_file(path, "whole", 0600));

  CHECK(read_file(path, 10) == std::string("whole"));
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a file that can't be read or written is named", "[base]") {
  const tests::TempFolder folder;
  const fs::path path = folder.path() / "a";
  const fs::path lost = folder.path() / "no folder" / "a";
  std::ofstream(path) << "four";

  CHECK(read_file(lost, 10).error().code == Code::not_found);
  CHECK(create_file(lost, "x", 0600).error().message.find(lost.string()) == 0);
  const auto too_long = read_file(path, 3);
  REQUIRE(!too_long);
  CHECK(too_long.error().code == Code::too_large);
  CHECK(too_long.error().message == path.string() + " is longer than 3 bytes");
  CHECK(!read_file(folder.path(), 10));
}

TEST_CASE("a secret that others may read is refused", "[base]") {
  const tests::TempFolder folder;
  const fs::path path = folder.path() / "a";
  REQUIRE(create_file(path, "secret", 0600));
  CHECK(read_secret_file(path, 10)->reveal() == "secret");

  const mode_t mode = GENERATE(0640, 0620, 0604, 0602);
  REQUIRE(chmod(path.c_str(), mode) == 0);

  CHECK(read_secret_file(path, 10).error().code == Code::forbidden);
}

}  // namespace
}  // namespace chatd
