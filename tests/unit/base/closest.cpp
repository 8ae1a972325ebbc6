#include "daemon/base/closest.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace chatd {
namespace {

const std::vector<std::string> kWords = {"port", "part", "certificate", "io_threads"};

TEST_CASE("a slip of a letter or two finds the word that was meant", "[base]") {
  CHECK(did_you_mean("prot", kWords) == ", did you mean \"port\"?");
  CHECK(did_you_mean("certifcate", kWords) == ", did you mean \"certificate\"?");
  CHECK(did_you_mean("io_thread", kWords) == ", did you mean \"io_threads\"?");
}

TEST_CASE("the nearest word wins, and the first of two equally near ones", "[base]") {
  CHECK(did_you_mean("part", kWords) == ", did you mean \"part\"?");
  CHECK(did_you_mean("pxrt", kWords) == ", did you mean \"port\"?");
}

TEST_CASE("a word that is like none of them gets no advice", "[base]") {
  CHECK(did_you_mean("banana", kWords).empty());
  CHECK(did_you_mean("", kWords).empty());
  CHECK(did_you_mean("port", {}).empty());
  CHECK(did_you_mean(std::string(1'000'000, 'p'), kWords).empty());
}

}  // namespace
}  // namespace chatd
