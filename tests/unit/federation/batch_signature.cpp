#include "federation/batch_signature.hpp"

#include "daemon/wire/record.hpp"
#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace chatd;
using namespace chatd::federation;
using tests::key_pair;
using tests::kMontague;

namespace {

std::vector<std::string> forms(std::size_t count) {
  std::vector<std::string> forms;
  for (std::size_t i = 0; i < count; ++i) forms.push_back("form " + std::to_string(i));
  return forms;
}

std::vector<BatchSignature> signatures(const std::vector<std::string>& forms) {
  return sign_batch(key_pair('a'), Purpose::head, kMontague, forms);
}

bool holds(const BatchSignature& signature, std::string_view form) {
  BatchVerifier verifier;
  return verifier.is_signed(signature, key_pair('a').public_key(), Purpose::head, kMontague, form);
}

}  // namespace

TEST_CASE("each form of a batch holds with its own signature alone", "[federation]") {
  for (std::size_t count = 1; count <= kMaxBatch; count += count < 20 ? 1 : 11) {
    INFO(count);
    const auto all = forms(count);
    const auto signed_all = signatures(all);
    REQUIRE(signed_all.size() == count);
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = 0; j < count; ++j) CHECK(holds(signed_all[i], all[j]) == (i == j));
  }
}

TEST_CASE("a signature of a batch holds for nothing else", "[federation]") {
  const auto all = forms(5);
  const BatchSignature good = signatures(all)[1];
  REQUIRE(good.path.size() == 3);
  REQUIRE(good.sides == 1);
  const auto holds_when = [&](auto change) {
    BatchSignature changed = good;
    change(changed);
    return holds(changed, all[1]);
  };
  CHECK(holds_when([](BatchSignature&) {}));
  CHECK_FALSE(holds_when([](BatchSignature& s) { s.sides = 0; }));
  CHECK_FALSE(holds_when([](BatchSignature& s) { s.path[2][0] ^= 1; }));
  CHECK_FALSE(holds_when([](BatchSignature& s) { s.path.pop_back(); }));
  CHECK_FALSE(holds_when([](BatchSignature& s) { std::swap(s.path[0], s.path[1]); }));
  CHECK_FALSE(holds_when([](BatchSignature& s) { s.root.bytes[0] ^= 1; }));
  CHECK_FALSE(holds_when([](BatchSignature& s) { s.root.key = key_pair('b').public_key().id(); }));
}

TEST_CASE("what stands above the forms of a batch is no form", "[federation]") {
  const auto all = forms(4);
  BatchSignature first = signatures(all)[0];
  const BatchSignature second = signatures(all)[1];
  // The two leaves as one form, with what is left of the way.
  const std::string leaves = std::string(view(second.path[0])) + std::string(view(first.path[0]));
  first.path.erase(first.path.begin());
  CHECK_FALSE(holds(first, leaves));
  CHECK_FALSE(holds(first, '\1' + leaves));
}

TEST_CASE("a root that was found good makes nothing else good", "[federation]") {
  const auto all = forms(3);
  const auto good = signatures(all);
  BatchVerifier verifier;
  const auto holds = [&](const BatchSignature& signature, char key, Purpose purpose,
                         std::string_view server, std::string_view form) {
    return verifier.is_signed(signature, key_pair(key).public_key(), purpose, server, form);
  };
  REQUIRE(holds(good[0], 'a', Purpose::head, kMontague, all[0]));
  CHECK(holds(good[0], 'a', Purpose::head, kMontague, all[0]));
  CHECK(holds(good[2], 'a', Purpose::head, kMontague, all[2]));
  CHECK_FALSE(holds(good[0], 'a', Purpose::head, kMontague, all[1]));
  CHECK_FALSE(holds(good[0], 'b', Purpose::head, kMontague, all[0]));
  CHECK_FALSE(holds(good[0], 'a', Purpose::record, kMontague, all[0]));
  CHECK_FALSE(holds(good[0], 'a', Purpose::head, "capulet.example", all[0]));
  BatchSignature other = good[1];
  other.root.bytes[63] ^= 1;
  CHECK_FALSE(holds(other, 'a', Purpose::head, kMontague, all[1]));
  other = good[1];
  other.root.key = key_pair('b').public_key().id();
  CHECK_FALSE(holds(other, 'a', Purpose::head, kMontague, all[1]));
}

TEST_CASE("what this server has signed itself holds as anybody's does, and nothing more",
          "[federation]") {
  const auto all = forms(kMaxRecordBatch);
  const auto good = signatures(all);
  const PublicKey key = key_pair('a').public_key();
  BatchVerifier verifier;
  verifier.knows(good[0], key, Purpose::head, kMontague, all[0]);
  for (std::size_t i = 0; i < all.size(); ++i)
    CHECK(verifier.is_signed(good[i], key, Purpose::head, kMontague, all[i]));
  CHECK_FALSE(verifier.is_signed(good[0], key, Purpose::head, kMontague, all[1]));
  CHECK_FALSE(verifier.is_signed(good[0], key, Purpose::record, kMontague, all[0]));
  BatchSignature other = good[1];
  other.path[3][0] ^= 1;
  CHECK_FALSE(verifier.is_signed(other, key, Purpose::head, kMontague, all[1]));
}

TEST_CASE("a record's signature has a shorter way than a head's may have", "[federation]") {
  const auto is_read = [](std::size_t count) {
    const std::string bytes = bytes_of(signatures(forms(count))[0]);
    ByteReader in(bytes);
    return read_batch_signature(in, kMaxRecordPath).has_value();
  };
  CHECK(is_read(kMaxRecordBatch));
  CHECK_FALSE(is_read(kMaxRecordBatch + 1));
}

TEST_CASE("a signature of a batch is read as it was written", "[federation]") {
  for (const std::size_t count : {std::size_t{1}, std::size_t{5}, kMaxRecordBatch, kMaxBatch}) {
    const auto all = signatures(forms(count));
    for (const BatchSignature& signature : all) {
      const std::string bytes = bytes_of(signature);
      CHECK((bytes.size() <= wire::kMaxOriginSignatureBytes) == (count <= kMaxRecordBatch));
      ByteReader in(bytes);
      const auto read = read_batch_signature(in);
      REQUIRE(read);
      CHECK(*read == signature);
      CHECK(in.empty());
    }
  }
}

TEST_CASE("a signature with a longer way than any, or sides of none, is refused", "[federation]") {
  BatchSignature signature = signatures(forms(kMaxBatch))[0];
  const auto is_read = [&] {
    const std::string bytes = bytes_of(signature);
    ByteReader in(bytes);
    return read_batch_signature(in).has_value();
  };
  CHECK(is_read());
  signature.sides = 0x40;
  CHECK_FALSE(is_read());
  signature.sides = 0;
  signature.path.emplace_back();
  CHECK_FALSE(is_read());
}
