#include "federation/acquaintances.hpp"

#include "tests/unit/core/world.hpp"
#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <string>

using namespace chatd;
using namespace chatd::federation;
using tests::kDay;
using tests::key_pair;
using tests::kNow;

namespace {

const std::string kMontague(tests::kMontague);
const PublicKey kRoot = key_pair('r').public_key();
const PublicKey kOther = key_pair('s').public_key();

// The acquaintances of a server, on its store.
struct Server {
  core::World world;
  std::unique_ptr<Acquaintances> known;

  Server() { restart(); }
  void restart() {
    known.reset();
    world.settle();
    world.restart();
    known = std::make_unique<Acquaintances>(world.core->peer_service());
    known->load([](const Status& status) { CHECK(status); });
    world.settle();
    REQUIRE(known->is_loaded());
  }
};

}  // namespace

TEST_CASE("what is kept of a server is read as it was written", "[federation]") {
  Acquaintance plain{kRoot, std::nullopt, 0, kNow};
  Acquaintance changed{kRoot, kOther, kNow + kDay, kNow};
  for (const Acquaintance& known : {plain, changed}) {
    const std::string bytes = encode(known);
    const auto read = decode_acquaintance(bytes);
    REQUIRE(read);
    CHECK(read->root == known.root);
    CHECK(read->other_root == known.other_root);
    CHECK(read->changed == known.changed);
    CHECK(read->behaves_since == known.behaves_since);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      CHECK_FALSE(decode_acquaintance(bytes.substr(0, size)));
    CHECK_FALSE(decode_acquaintance(bytes + "x"));
    CHECK_FALSE(decode_acquaintance("\x02" + bytes.substr(1)));
  }
}

TEST_CASE("who proved itself is known by its root key, also after a restart", "[federation]") {
  Server server;
  CHECK(server.known->find(kMontague) == nullptr);

  server.known->met(kMontague, kRoot, kNow);
  server.known->met(kMontague, kRoot, kNow + kDay);
  server.restart();

  const Acquaintance* const known = server.known->find(kMontague);
  REQUIRE(known != nullptr);
  CHECK(known->root == kRoot);
  CHECK(known->behaves_since == kNow);
  CHECK_FALSE(known->other_root);
}

TEST_CASE("another root key waits for the admin, also after a restart", "[federation]") {
  Server server;
  server.known->showed(kMontague, kOther, kNow);
  CHECK(server.known->find(kMontague) == nullptr);  // of strangers nothing is kept
  CHECK(server.known->accept(kMontague, kNow).error().code == Code::not_found);
  server.known->met(kMontague, kRoot, kNow);
  CHECK(server.known->accept(kMontague, kNow).error().code == Code::not_found);

  server.known->showed(kMontague, kOther, kNow + kDay);
  server.restart();

  const Acquaintance* known = server.known->find(kMontague);
  REQUIRE(known != nullptr);
  CHECK(known->root == kRoot);
  CHECK(known->other_root == kOther);
  CHECK(known->changed == kNow + kDay);

  CHECK(server.known->accept(kMontague, kNow + 2 * kDay));
  server.restart();
  known = server.known->find(kMontague);
  REQUIRE(known != nullptr);
  CHECK(known->root == kOther);
  CHECK_FALSE(known->other_root);
  CHECK(known->behaves_since == kNow + 2 * kDay);
}

TEST_CASE("who proves itself by the old root key again has not changed", "[federation]") {
  Server server;
  server.known->met(kMontague, kRoot, kNow);
  server.known->showed(kMontague, kOther, kNow);

  server.known->met(kMontague, kRoot, kNow);
  server.restart();

  CHECK_FALSE(server.known->find(kMontague)->other_root);
}

TEST_CASE("who misbehaves begins anew, also after a restart", "[federation]") {
  Server server;
  server.known->misbehaved(kMontague, kNow);
  CHECK(server.known->find(kMontague) == nullptr);
  server.known->met(kMontague, kRoot, kNow);

  server.known->misbehaved(kMontague, kNow + kDay);
  server.restart();

  CHECK(server.known->find(kMontague)->behaves_since == kNow + kDay);
}
