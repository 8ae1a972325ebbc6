#include "federation/server_document.hpp"

#include "federation/limits.hpp"
#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <string>

using namespace chatd;
using namespace chatd::federation;
using tests::document_of;
using tests::kCapulet;
using tests::kDay;
using tests::key_pair;
using tests::kMontague;
using tests::kNow;

namespace {

ServerDocument montague() { return document_of(kMontague, key_pair('r'), key_pair('a')); }

// Montague's document with a change, signed anew by the key 'a'.
ServerDocument with(const std::function<void(ServerDocument&)>& change) {
  ServerDocument document = montague();
  change(document);
  sign(document, key_pair('a'));
  return document;
}

std::string reading_fault(const ServerDocument& document) {
  const auto read = decode_document(encode(document));
  return read ? "" : read.error().message;
}

std::string fault(const ServerDocument& document, TimeMs now = kNow) {
  const Status status = verify(document, kMontague, now);
  return status ? "" : status.error().message;
}

const std::string kUnreadable = "a server document can't be read: ";
const std::string kNotValid = "the server document of montague.example is not valid: ";

}  // namespace

TEST_CASE("a server document reads back and verifies", "[federation]") {
  const std::string bytes = encode(montague());
  const auto document = decode_document(bytes);

  REQUIRE(document);
  CHECK(encode(*document) == bytes);
  CHECK(fault(*document) == "");
  CHECK(document->server == kMontague);
  CHECK(document->endpoints == montague().endpoints);
  CHECK(document->features == montague().features);
  CHECK(document->limits.text_characters == 100'000);
  CHECK(document->contact == "abuse@montague.example");
}

TEST_CASE("the largest server document is within its bound", "[federation]") {
  ServerDocument document = montague();
  document.keys.clear();
  for (std::size_t i = 0; i < kMaxKeys; ++i)
    document.keys.push_back(certify(key_pair('r'), kMontague,
                                    key_pair(static_cast<char>(i)).public_key(),
                                    {kNow + static_cast<TimeMs>(i), kNow + kDay}));
  const std::string label(63, 'a');
  const std::string host = label + '.' + label + '.' + label.substr(0, 62);
  document.endpoints.assign(kMaxEndpoints, {host, 65535});
  document.features.clear();
  for (std::size_t i = 0; i < kMaxFeatures; ++i)
    document.features.push_back(std::string(62, 'f') + static_cast<char>('a' + i / 26) +
                                static_cast<char>('a' + i % 26));
  document.contact = std::string(kMaxContactBytes, 'c');

  CHECK(reading_fault(document) == "");
}

TEST_CASE("a server document is refused when its form is not the one", "[federation]") {
  const auto unreadable = [](const std::function<void(ServerDocument&)>& change) {
    const std::string message = reading_fault(with(change));
    return message.starts_with(kUnreadable) ? message.substr(kUnreadable.size()) : message;
  };
  using Document = ServerDocument;

  CHECK(unreadable([](Document& d) { d.server = "Montague.example"; }) ==
        "its server is no lower-case domain name");
  CHECK(unreadable([](Document& d) {
          d.protocols = {2, 1};
        }) == "a range of protocol versions is none");
  CHECK(unreadable([](Document& d) {
          d.protocols = {0, 1};
        }) == "a range of protocol versions is none");
  CHECK(unreadable([](Document& d) { d.keys.push_back(d.keys[0]); }) ==
        "its keys are not in order");
  CHECK(unreadable([](Document& d) {
          d.keys.push_back(d.keys[0]);
          ++d.keys[1].validity.from;
        }) == "it names a key twice");
  CHECK(unreadable([](Document& d) { d.keys.resize(kMaxKeys + 1); }) == "it has more than 16 keys");
  CHECK(unreadable([](Document& d) { d.endpoints.resize(kMaxEndpoints + 1); }) ==
        "it has more than 8 endpoints");
  CHECK(unreadable([](Document& d) { d.endpoints[0].host = "a b"; }) ==
        "an endpoint's host is no lower-case domain name");
  CHECK(unreadable([](Document& d) { d.endpoints[0].port = 0; }) ==
        "an endpoint's port is not 1 to 65535");
  CHECK(unreadable([](Document& d) {
          d.features = {"presence", "media"};
        }) == "its features are not in order");
  CHECK(unreadable([](Document& d) {
          d.features = {"media", "media"};
        }) == "its features are not in order");
  CHECK(unreadable([](Document& d) { d.features = {"Media"}; }) ==
        "a feature has other characters than a-z, 0-9, '.', '_', '-', '/' and '='");
  CHECK(unreadable([](Document& d) { d.features = {std::string(65, 'f')}; }) ==
        "blob is longer than allowed");
  CHECK(unreadable([](Document& d) { d.features.resize(kMaxFeatures + 1); }) ==
        "it has more than 64 features");
  CHECK(unreadable([](Document& d) { d.contact = "a\nb"; }) ==
        "its contact is not printable ASCII");
}

TEST_CASE("a server document that is cut, followed, too long or new is refused", "[federation]") {
  const std::string bytes = encode(montague());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(decode_document(std::string_view(bytes).substr(0, size)));

  CHECK(decode_document(bytes + '\0').error().message ==
        kUnreadable + "something follows its signature");
  CHECK(decode_document(std::string(kMaxDocumentBytes + 1, 'a')).error().code == Code::too_large);
  CHECK(decode_document('\2' + bytes.substr(1)).error().message ==
        kUnreadable + "it has a form that this version does not know");
}

TEST_CASE("a server document is believed for its server alone", "[federation]") {
  CHECK(verify(montague(), kCapulet, kNow).error().message ==
        "the server document of capulet.example is not valid: it is the one of montague.example");
}

TEST_CASE("a server document is believed for 7 days at most", "[federation]") {
  const auto until = [](TimeMs expires) {
    return with([&](ServerDocument& d) { d.expires = expires; });
  };
  const TimeMs issued = montague().issued;

  CHECK(fault(until(issued + 7 * kDay)) == "");
  CHECK(fault(until(issued + 7 * kDay + 1)) ==
        kNotValid + "it wants to be believed for more than 7 days");
  CHECK(fault(until(issued)) == kNotValid + "it expires before it was issued");
  CHECK(fault(montague(), issued + 7 * kDay - 1) == "");
  CHECK(fault(montague(), issued + 7 * kDay) == kNotValid + "it has expired");
  CHECK(fault(montague(), issued - 5 * 60 * 1000) == "");
  CHECK(fault(montague(), issued - 5 * 60 * 1000 - 1) ==
        kNotValid + "it was issued in the future: a clock is wrong");
}

TEST_CASE("a server document is refused when a signature does not hold", "[federation]") {
  ServerDocument changed = montague();
  changed.contact = "nobody@montague.example";
  CHECK(fault(changed) == kNotValid + "its signature does not match");

  ServerDocument unnamed = montague();
  sign(unnamed, key_pair('x'));
  CHECK(fault(unnamed) == kNotValid + "it is signed by a key that it does not name");

  const KeyPair other_root = key_pair('s');
  CHECK(fault(with([&](ServerDocument& d) { d.root = other_root.public_key(); })) ==
        kNotValid + "a signing key is not certified by the root key");
  CHECK(fault(with([&](ServerDocument& d) {
          d.keys.push_back(certify(key_pair('r'), kMontague, key_pair('b').public_key(),
                                   {kNow, kNow + 91 * kDay}));
        })) == kNotValid + "a signing key is valid for more than 90 days");
}

TEST_CASE("a server document is refused when the key that signed it has ended", "[federation]") {
  const auto valid = [](Validity validity) {
    return with([&](ServerDocument& d) {
      d.keys = {certify(key_pair('r'), kMontague, key_pair('a').public_key(), validity)};
    });
  };
  const std::string not_valid = kNotValid + "it is signed by a key that is not valid";

  CHECK(fault(valid({kNow - kDay, kNow + kDay})) == "");
  CHECK(fault(valid({kNow - kDay, kNow + kDay}), kNow + 2 * kDay) == not_valid);
  CHECK(fault(valid({kNow + kDay, kNow + 2 * kDay}), kNow + kDay) == not_valid);
}

TEST_CASE("a server document takes the place of an older one of the same root", "[federation]") {
  const ServerDocument known = montague();
  const ServerDocument newer = with([](ServerDocument& d) { d.issued += 1; });
  CHECK(check_successor(known, known, kNow));
  CHECK(check_successor(known, newer, kNow));
  CHECK(check_successor(newer, known, kNow + 2 * kDay).error().message ==
        "the server document of montague.example is older than the one known");

  const auto identity =
      check_successor(known, document_of(kMontague, key_pair('s'), key_pair('a')), kNow);
  CHECK(identity.error().code == Code::conflict);
  CHECK(identity.error().message ==
        "montague.example shows another root key than before: its identity changed");
}

TEST_CASE("a document that was made by a clock that was ahead does not stay the newest",
          "[federation]") {
  for (const TimeMs ahead : {TimeMs{1}, kDay / 24, kDay})
    CHECK(check_successor(with([&](ServerDocument& d) { d.issued += ahead; }), montague(), kNow));
}

TEST_CASE("a key that was ended does not come to life again", "[federation]") {
  const auto ended_at = [](TimeMs until) {
    return with([&](ServerDocument& d) {
      d.keys.push_back(
          certify(key_pair('r'), kMontague, key_pair('b').public_key(), {kNow - kDay / 2, until}));
    });
  };

  CHECK(check_successor(ended_at(kNow + kDay), ended_at(kNow), kNow));
  CHECK(check_successor(ended_at(kNow), ended_at(kNow + kDay), kNow).error().message ==
        "the server document of montague.example lengthens the life of a key");
  CHECK(check_successor(ended_at(kNow), montague(), kNow));  // old keys may be left out
}

TEST_CASE("two servers speak the highest version that both know", "[federation]") {
  CHECK(highest_common({1, 3}, {2, 5}) == 3u);
  CHECK(highest_common({2, 5}, {1, 3}) == 3u);
  CHECK(highest_common({1, 1}, {1, 1}) == 1u);
  CHECK_FALSE(highest_common({1, 2}, {3, 4}));
}
