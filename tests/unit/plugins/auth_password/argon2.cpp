#include "plugins/auth_password/argon2.hpp"

#include <catch2/catch.hpp>
#include <sodium.h>

using auth_password::Argon2;
using auth_password::Verdict;

namespace {
constexpr std::size_t kMemory = 7 * 1024 * 1024;
}

TEST_CASE("a hash tells its own cost and is verified with it", "[auth_password]") {
  REQUIRE(sodium_init() >= 0);
  const Argon2 weak(1, kMemory);
  const Argon2 strong(2, kMemory);

  const std::string stored = weak.hash("correct horse").value();

  CHECK(stored.rfind("$argon2id$v=19$m=7168,t=1,p=1$", 0) == 0);
  CHECK(strong.verify(stored, "correct horse") == Verdict::right);
  CHECK(strong.verify(stored, "battery staple") == Verdict::wrong);
  CHECK(strong.is_outdated(stored));
  CHECK_FALSE(weak.is_outdated(stored));
}

TEST_CASE("two hashes of one password differ", "[auth_password]") {
  const Argon2 argon2(1, kMemory);

  CHECK(argon2.hash("correct horse").value() != argon2.hash("correct horse").value());
}

TEST_CASE("a damaged hash is wrong, whatever its bytes are", "[auth_password]") {
  const Argon2 argon2(1, kMemory);
  const std::string good = argon2.hash("correct horse").value();

  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK(argon2.verify(good.substr(0, size), "correct horse") != Verdict::right);
  CHECK(argon2.verify(std::string(4096, '$'), "correct horse") == Verdict::wrong);
  CHECK(argon2.verify(std::string(16, '\0'), "correct horse") == Verdict::wrong);
}

TEST_CASE("keys are short and differ for any two names", "[auth_password]") {
  const std::string one = auth_password::key_of("romeo@one.example");

  CHECK(one.size() == 33);
  CHECK(one != auth_password::key_of("romeo@two.example"));
  CHECK(one == auth_password::key_of("romeo@one.example"));
}
