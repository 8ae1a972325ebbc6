#include "federation/identity.hpp"

#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

using namespace chatd;
using namespace chatd::federation;
using tests::kDay;
using tests::key_pair;
using tests::kMontague;
using tests::kNow;

namespace {

class Counting final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = ++last_;
  }

 private:
  std::uint8_t last_ = 0;
};

// montague.example with these signing keys, of which each was certified for some days.
struct Server {
  Counting random;
  std::vector<SigningKey> saved;
  Identity identity;

  explicit Server(std::vector<std::pair<char, Validity>> keys, bool has_root = true)
      : identity(make(std::move(keys), has_root)) {}
  Identity make(std::vector<std::pair<char, Validity>> keys, bool has_root) {
    std::vector<OwnKey> own;
    for (const auto& [seed, validity] : keys)
      own.push_back({certify(key_pair('r'), kMontague, key_pair(seed).public_key(), validity),
                     key_pair(seed)});
    return {std::string(kMontague), key_pair('r').public_key(),
            has_root ? std::optional(key_pair('r')) : std::nullopt, std::move(own),
            [this](const SigningKey& key, const Secret&) -> Status {
              saved.push_back(key);
              return {};
            }};
  }
  [[nodiscard]] const SigningKey& key(char seed) const {
    for (const OwnKey& own : identity.keys())
      if (own.certified.key == key_pair(seed).public_key()) return own.certified;
    FAIL("there is no such key");
    return identity.keys().front().certified;
  }
};

KeyId id_of(char seed) { return key_pair(seed).public_key().id(); }

constexpr Validity kThisMonth{kNow - kDay, kNow + 29 * kDay};
constexpr Validity kNextMonth{kNow + 28 * kDay, kNow + 58 * kDay};

}  // namespace

TEST_CASE("a key that may be stolen ends at once, and another one signs", "[federation]") {
  Server server({{'a', kThisMonth}, {'b', kNextMonth}});
  const ServerDocument before = *server.identity.document({}, kNow);

  CHECK(server.identity.end_key(id_of('a'), kNow, server.random));

  CHECK(server.key('a').validity == Validity{kThisMonth.from, kNow});
  CHECK(check(server.key('a'), key_pair('r').public_key(), kMontague));
  const KeyPair* const signer = server.identity.signer(kNow);
  REQUIRE(signer != nullptr);
  CHECK(signer->public_key() != key_pair('a').public_key());
  REQUIRE(server.saved.size() == 2);  // the end, then the new key
  CHECK(server.saved[0].key == key_pair('a').public_key());
  // Others take the document that says so, and no more the one before.
  const ServerDocument after = *server.identity.document({}, kNow + 1);
  CHECK(verify(after, kMontague, kNow + 1));
  CHECK(check_successor(before, after, kNow));
  CHECK_FALSE(check_successor(after, before, kNow));
}

TEST_CASE("a document is renewed each day, and when another key signs", "[federation]") {
  const TimeMs end = kNow + kDay;
  Server server({{'a', {kNow - kDay, end}}, {'b', {end - kDay / 24, end + 29 * kDay}}});
  const auto issued = [&](TimeMs now) { return *server.identity.document({}, now); };

  CHECK(server.identity.is_current(issued(kNow), kNow + kDay / 2));
  CHECK_FALSE(server.identity.is_current(issued(end), end + kDay));
  CHECK_FALSE(server.identity.is_current(issued(kNow), kNow - 1));
  // It was issued with the clock two hours late, which goes right now.
  CHECK_FALSE(server.identity.is_current(issued(end - kDay / 12), end));
}

TEST_CASE("a key that has not begun yet can be ended too", "[federation]") {
  Server server({{'a', kThisMonth}, {'b', kNextMonth}});

  CHECK(server.identity.end_key(id_of('b'), kNow, server.random));

  CHECK(server.key('b').validity == Validity{kNow - 1, kNow});
  CHECK(server.identity.signer(kNow)->public_key() == key_pair('a').public_key());
}

TEST_CASE("what has ended, or is another server's, can't be ended", "[federation]") {
  Server server({{'a', kThisMonth}});
  CHECK(server.identity.end_key(id_of('x'), kNow, server.random).error().code == Code::not_found);
  CHECK(server.identity.end_key(id_of('a'), kNow, server.random));
  CHECK(server.identity.end_key(id_of('a'), kNow, server.random).error().code == Code::not_found);
}

TEST_CASE("without the root key an end is certified elsewhere", "[federation]") {
  Server server({{'a', kThisMonth}}, false);
  CHECK(server.identity.end_key(id_of('a'), kNow, server.random).error().code == Code::unavailable);
  const auto wanted = server.identity.ended(id_of('a'), kNow);
  REQUIRE(wanted);

  const SigningKey certified = certify(key_pair('r'), kMontague, wanted->key, wanted->validity);
  CHECK(server.identity.add_key({certified, key_pair('a')}));

  CHECK(server.identity.keys().size() == 1);
  CHECK(server.identity.signer(kNow) == nullptr);
  // An end moves only to an earlier time.
  const SigningKey later = certify(key_pair('r'), kMontague, wanted->key, kThisMonth);
  CHECK(server.identity.add_key({later, key_pair('a')}).error().code == Code::conflict);
}
