#include "federation/signature.hpp"

#include "daemon/base/encoding.hpp"
#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace chatd;
using namespace chatd::federation;
using tests::key_pair;
using tests::kMontague;

TEST_CASE("a key signs as RFC 8032 says", "[federation]") {
  // RFC 8032 section 7.1, test 1: its secret key is our seed.
  const auto key = KeyPair::from_seed(
      Secret(*from_hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
  REQUIRE(key);
  CHECK(hex(std::string_view(reinterpret_cast<const char*>(key->public_key().bytes.data()), 32)) ==
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST_CASE("a seed of another length makes no key", "[federation]") {
  CHECK_FALSE(KeyPair::from_seed(Secret(std::string(31, 'a'))));
  CHECK_FALSE(KeyPair::from_seed(Secret()));
}

TEST_CASE("a signature holds for its key, purpose, server and form alone", "[federation]") {
  const KeyPair key = key_pair('a');
  const KeyPair other = key_pair('b');
  const Signature signature = key.sign(Purpose::document, kMontague, "form");

  const auto holds = [&](const PublicKey& by, Purpose purpose, std::string_view server,
                         std::string_view form) {
    return is_signed(signature, by, purpose, server, form);
  };
  CHECK(holds(key.public_key(), Purpose::document, kMontague, "form"));
  CHECK_FALSE(holds(other.public_key(), Purpose::document, kMontague, "form"));
  CHECK_FALSE(holds(key.public_key(), Purpose::key, kMontague, "form"));
  CHECK_FALSE(holds(key.public_key(), Purpose::document, "capulet.example", "form"));
  CHECK_FALSE(holds(key.public_key(), Purpose::document, "montague.examplef", "orm"));
  CHECK_FALSE(holds(key.public_key(), Purpose::document, kMontague, "Form"));

  Signature changed = signature;
  changed.bytes[10] ^= 1;
  CHECK_FALSE(is_signed(changed, key.public_key(), Purpose::document, kMontague, "form"));
  Signature renamed = signature;
  renamed.key = other.public_key().id();
  CHECK_FALSE(is_signed(renamed, key.public_key(), Purpose::document, kMontague, "form"));
}

TEST_CASE("each purpose has a context of its own", "[federation]") {
  std::set<std::string_view> contexts;
  for (const Purpose purpose : {Purpose::key, Purpose::document, Purpose::dial, Purpose::accept,
                                Purpose::record, Purpose::head})
    contexts.insert(context(purpose));
  CHECK(contexts.size() == 6);
}

TEST_CASE("a signature reads back from its bytes", "[federation]") {
  const Signature signature = key_pair('a').sign(Purpose::key, kMontague, "form");
  ByteWriter out;
  write(out, signature);

  CHECK(out.view().size() == 96);
  ByteReader in(out.view());
  CHECK((read_signature(in) == signature));
  CHECK(in.empty());
  ByteReader cut(out.view().substr(0, 95));
  CHECK_FALSE(read_signature(cut));
}
