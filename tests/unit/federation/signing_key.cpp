#include "federation/signing_key.hpp"

#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace chatd;
using namespace chatd::federation;
using tests::kDay;
using tests::key_pair;
using tests::kMontague;
using tests::kNow;

namespace {

SigningKey certified(char seed, Validity validity) {
  return certify(key_pair('r'), kMontague, key_pair(seed).public_key(), validity);
}

std::string fault(const SigningKey& key, char root = 'r', std::string_view server = kMontague) {
  const Status status = check(key, key_pair(root).public_key(), server);
  return status ? "" : status.error().message;
}

}  // namespace

TEST_CASE("the root key certifies a signing key for one server and one time", "[federation]") {
  const SigningKey key = certified('a', {kNow, kNow + 30 * kDay});
  const std::string_view not_certified = "a signing key is not certified by the root key";

  CHECK(fault(key) == "");
  CHECK(fault(key, 'x') == not_certified);
  CHECK(fault(key, 'r', tests::kCapulet) == not_certified);
  SigningKey longer = key;
  longer.validity.until += kDay;
  CHECK(fault(longer) == not_certified);
  SigningKey other = key;
  other.key = key_pair('b').public_key();
  CHECK(fault(other) == not_certified);
}

TEST_CASE("a signing key is valid for 90 days at most", "[federation]") {
  CHECK(fault(certified('a', {kNow, kNow + 90 * kDay})) == "");
  CHECK(fault(certified('a', {kNow, kNow + 90 * kDay + 1})) ==
        "a signing key is valid for more than 90 days");
  CHECK(fault(certified('a', {kNow, kNow})) == "a signing key ends before it begins");
}

TEST_CASE("a signing key is valid within its time, give or take what clocks differ",
          "[federation]") {
  const SigningKey key = certified('a', {kNow, kNow + kDay});
  const TimeMs skew = 5 * 60 * 1000;

  CHECK(key.is_valid_at(kNow));
  CHECK(key.is_valid_at(kNow - skew));
  CHECK_FALSE(key.is_valid_at(kNow - skew - 1));
  CHECK(key.is_valid_at(kNow + kDay + skew - 1));
  CHECK_FALSE(key.is_valid_at(kNow + kDay + skew));
}

TEST_CASE("over a year of rotation whoever has a document a week old knows the key in use",
          "[federation]") {
  std::vector<SigningKey> keys;
  std::vector<std::vector<SigningKey>> published;  // as of each day
  char seed = 0;
  for (int day = 0; day < 365; ++day) {
    const TimeMs now = kNow + day * kDay;
    if (is_rotation_due(keys, now)) keys.push_back(certified(++seed, next_validity(keys, now)));
    published.push_back(keys);

    const SigningKey* in_use = key_in_use(keys, now);
    REQUIRE(in_use != nullptr);
    bool is_known = false;
    for (const SigningKey& key : published[static_cast<std::size_t>(day < 7 ? 0 : day - 7)])
      is_known = is_known || key.key == in_use->key;
    CHECK(is_known);
  }
  CHECK(seed == 13);  // a key is for 29 days, and one is announced ahead
}

TEST_CASE("while two signing keys overlap the newer one signs and both verify", "[federation]") {
  const std::vector<SigningKey> first{certified('a', next_validity({}, kNow))};
  std::vector<SigningKey> keys = first;
  keys.push_back(certified('b', next_validity(first, kNow)));
  const TimeMs overlap = kNow + 29 * kDay;

  CHECK(key_in_use(keys, overlap - 1)->key == key_pair('a').public_key());
  CHECK(key_in_use(keys, overlap)->key == key_pair('b').public_key());
  CHECK(keys[0].is_valid_at(overlap));
  CHECK(keys[1].is_valid_at(overlap));
}

TEST_CASE("a server whose clock was ahead when it made its keys makes one for now",
          "[federation]") {
  const std::vector<SigningKey> keys{certified('a', {kNow - 60 * kDay, kNow - 30 * kDay}),
                                     certified('b', {kNow + kDay, kNow + 31 * kDay})};

  CHECK(key_in_use(keys, kNow) == nullptr);
  CHECK(is_rotation_due(keys, kNow));
  CHECK(next_validity(keys, kNow) == Validity{kNow, kNow + 30 * kDay});
}

TEST_CASE("a server that was down over the end of its keys begins anew", "[federation]") {
  const std::vector<SigningKey> keys{certified('a', {kNow - 60 * kDay, kNow - 30 * kDay})};

  CHECK(key_in_use(keys, kNow) == nullptr);
  CHECK(is_rotation_due(keys, kNow));
  CHECK(next_validity(keys, kNow) == Validity{kNow, kNow + 30 * kDay});
}
