#include "federation/discovery.hpp"

#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <variant>
#include <vector>

using namespace chatd;
using namespace chatd::federation;
using tests::document_of;
using tests::kDay;
using tests::key_pair;
using tests::kMontague;
using tests::kNow;

namespace {

using Step = Discovery::Step;

ServerDocument montague() { return document_of(kMontague, key_pair('r'), key_pair('a')); }
ServerDocument of_another_root() { return document_of(kMontague, key_pair('s'), key_pair('a')); }

Discovery search(Pin pin = {}, std::optional<ServerDocument> known = {}) {
  return {std::string(kMontague), std::move(pin), std::nullopt, std::move(known)};
}

Discovery search_known_by(const PublicKey& root, Pin pin = {}) {
  return {std::string(kMontague), std::move(pin), root, std::nullopt};
}

// Where a step fetches from, as host:port.
std::string place(const Step& step) {
  REQUIRE(std::holds_alternative<Discovery::Fetch>(step));
  const Endpoint& at = std::get<Discovery::Fetch>(step).at;
  return at.host + ':' + std::to_string(at.port);
}

const Error& error(const Step& step) {
  REQUIRE(std::holds_alternative<Error>(step));
  return std::get<Error>(step);
}

const Discovery::Found& found(const Step& step) {
  REQUIRE(std::holds_alternative<Discovery::Found>(step));
  return std::get<Discovery::Found>(step);
}

const Result<std::string> kNothing = fail(Code::timeout, "no answer");

}  // namespace

TEST_CASE("a server is found by its domain, and where its document says", "[federation]") {
  Discovery discovery = search();

  CHECK(place(discovery.start()) == "montague.example:443");
  const Step step = discovery.take_document(encode(montague()), kNow);
  CHECK(found(step).document.root == montague().root);
  CHECK(found(step).endpoints == montague().endpoints);
}

TEST_CASE("a server is looked for at its domain, by SRV, and at the default port", "[federation]") {
  Discovery discovery = search();

  CHECK(place(discovery.start()) == "montague.example:443");
  const Step step = discovery.take_document(kNothing, kNow);
  REQUIRE(std::holds_alternative<Discovery::LookUp>(step));
  CHECK(std::get<Discovery::LookUp>(step).name == "_chatd._tcp.montague.example");
  CHECK(place(discovery.take_targets(std::vector<Endpoint>{{"a.example", 1}, {"b.example", 2}})) ==
        "a.example:1");
  CHECK(place(discovery.take_document(kNothing, kNow)) == "b.example:2");
  CHECK(place(discovery.take_document(std::string("{}"), kNow)) == "montague.example:8443");
  CHECK(error(discovery.take_document(kNothing, kNow)).message ==
        "montague.example is not found: montague.example:443: no answer; a.example:1: no answer; "
        "b.example:2: a server document can't be read: it has a form that this version does not "
        "know; montague.example:8443: no answer");
}

TEST_CASE("a server without SRV records is looked for at the default port", "[federation]") {
  Discovery discovery = search();
  (void)discovery.start();
  (void)discovery.take_document(kNothing, kNow);

  CHECK(place(discovery.take_targets(fail(Code::not_found, "no records"))) ==
        "montague.example:8443");
  const Step last = discovery.take_document(kNothing, kNow);
  CHECK(error(last).code == Code::unavailable);
  CHECK(error(last).message.find("; SRV: no records; ") != std::string::npos);
}

TEST_CASE("SRV records make no more than 8 places", "[federation]") {
  Discovery discovery = search();
  (void)discovery.start();
  (void)discovery.take_document(kNothing, kNow);
  (void)discovery.take_targets(std::vector<Endpoint>(1000, {"a.example", 1}));

  for (int i = 0; i < 7; ++i)
    CHECK(place(discovery.take_document(kNothing, kNow)) == "a.example:1");
  CHECK(place(discovery.take_document(kNothing, kNow)) == "montague.example:8443");
}

TEST_CASE("a document without endpoints leads back to where it was", "[federation]") {
  ServerDocument document = montague();
  document.endpoints.clear();
  sign(document, key_pair('a'));
  Discovery discovery = search();
  (void)discovery.start();
  (void)discovery.take_document(kNothing, kNow);
  (void)discovery.take_targets(std::vector<Endpoint>{{"a.example", 1}});

  const Step step = discovery.take_document(encode(document), kNow);
  CHECK(found(step).endpoints == std::vector<Endpoint>{{"a.example", 1}});
}

TEST_CASE("a pinned server is looked for only where it is pinned", "[federation]") {
  const Pin pin{{{"127.0.0.1", 9001}}, key_pair('r').public_key()};
  Discovery discovery = search(pin);

  const Step first = discovery.start();
  CHECK(place(first) == "127.0.0.1:9001");
  CHECK(error(discovery.take_document(kNothing, kNow)).message ==
        "montague.example is not found: 127.0.0.1:9001: no answer");

  Discovery again = search(pin);
  (void)again.start();
  CHECK(found(again.take_document(encode(montague()), kNow)).endpoints == pin.endpoints);
}

TEST_CASE("a known root key stands in for a certificate, an address of the admin may be private",
          "[federation]") {
  const Endpoint place{"10.0.0.1", 9001};
  const Target stranger = target("montague.example", place, {});
  CHECK(stranger.checks_certificate);
  CHECK_FALSE(stranger.may_be_private);
  const Target named = target("montague.example", place, {{place}, std::nullopt});
  CHECK(named.checks_certificate);
  CHECK(named.may_be_private);
  const Target known = target("montague.example", place, {{}, key_pair('r').public_key()});
  CHECK_FALSE(known.checks_certificate);
  CHECK_FALSE(known.may_be_private);
}

TEST_CASE("a server that shows another root key is not taken for the one known", "[federation]") {
  Discovery known = search({}, montague());
  (void)known.start();
  CHECK(error(known.take_document(encode(of_another_root()), kNow)).code == Code::conflict);

  Discovery pinned = search({{}, key_pair('r').public_key()});
  (void)pinned.start();
  const Step step = pinned.take_document(encode(of_another_root()), kNow);
  CHECK(error(step).code == Code::conflict);
  CHECK(error(step).message == "montague.example shows another root key than the pinned one");
}

TEST_CASE("a server is known by its root key when its document is forgotten", "[federation]") {
  Discovery same = search_known_by(key_pair('r').public_key());
  (void)same.start();
  CHECK(found(same.take_document(encode(montague()), kNow)).document.root == montague().root);
  CHECK_FALSE(same.other_root());

  Discovery changed = search_known_by(key_pair('r').public_key());
  (void)changed.start();
  const Step step = changed.take_document(encode(of_another_root()), kNow);
  CHECK(error(step).code == Code::conflict);
  CHECK(changed.other_root() == key_pair('s').public_key());
  // Whom the admin names in the configuration, that one it is.
  Discovery pinned = search_known_by(key_pair('r').public_key(), {{}, key_pair('s').public_key()});
  (void)pinned.start();
  CHECK(std::holds_alternative<Discovery::Found>(
      pinned.take_document(encode(of_another_root()), kNow)));
}

TEST_CASE("an old document is no reason to stop looking for a newer one", "[federation]") {
  ServerDocument newer = montague();
  newer.issued += 500;
  sign(newer, key_pair('a'));
  Discovery discovery = search({}, newer);
  (void)discovery.start();

  CHECK(std::holds_alternative<Discovery::LookUp>(
      discovery.take_document(encode(montague()), kNow + 2 * kDay)));
}

TEST_CASE("a document is fetched daily and serves for two days at most", "[federation]") {
  ServerDocument document = montague();
  CHECK(is_fresh(kNow, kNow + kDay - 1));
  CHECK_FALSE(is_fresh(kNow, kNow + kDay));
  CHECK_FALSE(is_fresh(kNow + 1, kNow));  // the clock was set back

  CHECK(is_usable(document, kNow, kNow + 2 * kDay - 1));
  CHECK_FALSE(is_usable(document, kNow, kNow + 2 * kDay));
  document.expires = kNow + kDay;
  CHECK_FALSE(is_usable(document, kNow, kNow + kDay));
}
