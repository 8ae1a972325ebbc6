#include "federation/key_files.hpp"

#include "federation/key_certificate.hpp"
#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>

using namespace chatd;
using namespace chatd::federation;
using tests::kDay;
using tests::key_pair;
using tests::kMontague;
using tests::kNow;

namespace {

Secret seed(char byte) { return Secret(std::string(32, byte)); }

SigningKeysFile signing_keys() {
  const KeyPair root = key_pair('r');
  SigningKeysFile file{std::string(kMontague), root.public_key(), {}, seed('w')};
  for (const char byte : {'a', 'b'})
    file.keys.push_back({certify(root, kMontague, key_pair(byte).public_key(),
                                 {kNow + byte * kDay, kNow + (byte + 30) * kDay}),
                         seed(byte)});
  return file;
}

// Why `text` is refused, after `from` in it was replaced.
template <class Parse>
std::string fault(std::string text, const std::string& from, const std::string& to, Parse parse) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  const auto parsed = parse(text);
  return parsed ? "" : parsed.error().message;
}

}  // namespace

TEST_CASE("a root key reads back from its file", "[federation]") {
  const Secret text = to_text(RootKeyFile{std::string(kMontague), seed('r')});

  const auto file = parse_root_key_file(text.reveal());

  REQUIRE(file);
  CHECK(file->server == kMontague);
  CHECK(file->seed.equals(std::string(32, 'r')));
}

TEST_CASE("a damaged root key is refused with its line, and not shown", "[federation]") {
  const std::string text(to_text(RootKeyFile{std::string(kMontague), seed('r')}).reveal());
  const std::string secret = text.substr(text.rfind(' ') + 1, 43);
  const auto why = [&](const std::string& from, const std::string& to) {
    return fault(text, from, to, parse_root_key_file);
  };

  CHECK(why("key 1", "key 2") == "line 2: a form that this version of chatd does not know");
  CHECK(why("montague", "MONTAGUE") == "line 3: no server's name");
  CHECK(why("public", "pubic") == "line 4: \"public\" and one word are expected here");
  CHECK(why("secret " + secret, "") == "line 5: \"secret\" and one word are expected here");
  CHECK(why(secret, secret.substr(1)) == "line 5: 32 bytes of base64url are expected here");
  CHECK(why(secret, text.substr(text.find("public ") + 7, 43)) ==
        "line 5: the secret is not that of the public key");
  CHECK(why(secret + "\n", secret + "\nmore\n") == "line 6: nothing more is expected here");
  CHECK(!parse_root_key_file(""));
}

TEST_CASE("signing keys read back from their file", "[federation]") {
  const Secret text = to_text(signing_keys());

  const auto file = parse_signing_keys_file(text.reveal());

  REQUIRE(file);
  CHECK(file->root == key_pair('r').public_key());
  REQUIRE(file->keys.size() == 2);
  CHECK(file->keys[1].certified.key == key_pair('b').public_key());
  CHECK(file->keys[1].seed.equals(std::string(32, 'b')));
  CHECK(file->requested.equals(std::string(32, 'w')));
  CHECK(to_text(*file).equals(text.reveal()));
}

TEST_CASE("signing keys that the root key did not certify are refused", "[federation]") {
  const std::string text(to_text(signing_keys()).reveal());
  const auto why = [&](const std::string& from, const std::string& to) {
    return fault(text, from, to, parse_signing_keys_file);
  };

  CHECK(why("montague", "capulet") == "line 5: a signing key is not certified by the root key");
  CHECK(why(federation::text(key_pair('r').public_key()),
            federation::text(key_pair('x').public_key())) ==
        "line 5: a signing key is not certified by the root key");
  CHECK(why("key 170838", "key 170839") ==
        "line 5: a signing key is not certified by the root key");
  CHECK(why("key 17", "key x17") == "line 5: a time in milliseconds is expected here");
  CHECK(why("requested ", "lost ") == "line 7: a key is expected here");
  const std::string key =
      text.substr(text.find("key 17"), text.find("requested") - text.find("key 17"));
  CHECK(why("requested", key + "requested") == "line 7: a key is there twice");
}

TEST_CASE("a key is certified where its secret never is", "[federation]") {
  const KeyRequest request{std::string(kMontague), key_pair('a').public_key(), kNow};

  const auto read = KeyRequest::parse(request.text());
  REQUIRE(read);
  const KeyCertificate certificate{read->server, certify(key_pair('r'), read->server, read->key,
                                                         {read->from, read->from + 90 * kDay})};
  const auto carried = KeyCertificate::parse(certificate.text());

  REQUIRE(carried);
  CHECK(carried->server == kMontague);
  CHECK(carried->key.key == key_pair('a').public_key());
  CHECK(check(carried->key, key_pair('r').public_key(), kMontague));
}

TEST_CASE("a request says when the key is to end, if that is why it is certified", "[federation]") {
  const KeyRequest request{std::string(kMontague), key_pair('a').public_key(), kNow, kNow + kDay};

  const auto read = KeyRequest::parse(request.text());

  REQUIRE(read);
  CHECK(read->key == request.key);
  CHECK(read->from == kNow);
  CHECK(read->until == kNow + kDay);
  const KeyRequest backwards{std::string(kMontague), request.key, kNow, kNow};
  CHECK(KeyRequest::parse(backwards.text()).error().message ==
        "the key would end before it begins");
  CHECK(KeyCertificate::parse(request.text()).error().message.find("request, not") !=
        std::string::npos);
}

TEST_CASE("what is no request or certificate is told what it is instead", "[federation]") {
  const KeyRequest request{std::string(kMontague), key_pair('a').public_key(), kNow};
  const KeyCertificate certificate{
      std::string(kMontague), certify(key_pair('r'), kMontague, request.key, {kNow, kNow + kDay})};
  const std::string text = certificate.text();

  CHECK(KeyRequest::parse(text).error().message.find("certificate already") != std::string::npos);
  CHECK(KeyCertificate::parse(request.text()).error().message.find("request, not") !=
        std::string::npos);
  CHECK(KeyCertificate::parse(text.substr(0, 100)).error().message.find("too early") !=
        std::string::npos);
  CHECK(KeyCertificate::parse("???").error().message.find("base64url") != std::string::npos);
  CHECK(KeyCertificate::parse(text + "AAAA").error().message == "something follows its end");
  CHECK(!KeyRequest::parse(""));
}
