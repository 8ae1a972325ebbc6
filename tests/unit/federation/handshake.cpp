#include "federation/handshake.hpp"

#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

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

Nonce nonce(char byte) {
  Nonce out;
  out.fill(static_cast<std::uint8_t>(byte));
  return out;
}

// One connection between Montague, who dials, and Capulet, who accepts. Both have signed with their
// own keys, and both see the same TLS connection, unless a test says otherwise.
struct Connection {
  char montague_key = 'a';
  char capulet_key = 'A';
  ServerDocument montague = document_of(kMontague, key_pair('r'), key_pair('a'));
  ServerDocument capulet = document_of(kCapulet, key_pair('R'), key_pair('A'));
  LinkEnd dialling{std::string(kMontague), {1, 2}, nonce('m'), blake2b_256("one connection")};
  LinkEnd accepting{std::string(kCapulet), {1, 2}, nonce('c'), blake2b_256("one connection")};

  [[nodiscard]] Dialler dialler() const { return {dialling, std::string(kCapulet)}; }
  [[nodiscard]] OrEnd<Acceptor> accept(std::string_view open) const {
    return Acceptor::take_open(accepting, open, key_pair(capulet_key));
  }
  [[nodiscard]] OrEnd<Dialler::Proven> prove(std::string_view answer) const {
    Dialler side = dialler();
    return side.take_answer(answer, capulet, key_pair(montague_key), kNow);
  }
  [[nodiscard]] std::string answer() const { return accept(dialler().open())->answer(); }
  [[nodiscard]] std::string proof() const { return prove(answer())->proof; }
  [[nodiscard]] OrEnd<Link> finish(std::string_view proof, TimeMs now = kNow) const {
    auto side = accept(dialler().open());
    REQUIRE(side);
    return side->take_proof(proof, montague, now);
  }
};

template <class T>
std::string fault(const OrEnd<T>& outcome) {
  if (outcome) return "";
  CHECK_FALSE(outcome.error().is_peers);
  return std::string(name(outcome.error().fault));
}

}  // namespace

TEST_CASE("two servers prove to each other who they are", "[federation]") {
  const Connection connection;

  auto dialler = connection.dialler();
  auto acceptor = connection.accept(dialler.open());
  REQUIRE(acceptor);
  CHECK(acceptor->peer() == kMontague);
  const auto proven =
      dialler.take_answer(acceptor->answer(), connection.capulet, key_pair('a'), kNow);
  REQUIRE(proven);
  CHECK(proven->link.peer == kCapulet);
  CHECK(proven->link.version == 2);
  const auto link = acceptor->take_proof(proven->proof, connection.montague, kNow);
  REQUIRE(link);
  CHECK(link->peer == kMontague);
  CHECK(link->version == 2);
}

TEST_CASE("a handshake that was recorded is worth nothing on another connection", "[federation]") {
  const Connection recorded;
  Connection later;
  later.dialling.nonce = nonce('n');
  later.accepting.nonce = nonce('d');

  CHECK(fault(later.prove(recorded.answer())) == "replayed");
  CHECK(fault(later.finish(recorded.proof())) == "replayed");
}

TEST_CASE("a server that gets its own messages back refuses them", "[federation]") {
  const Connection connection;

  // Montague's opening, sent back to Montague as if somebody dialled it.
  CHECK(fault(Acceptor::take_open(connection.dialling, connection.dialler().open(),
                                  key_pair('a'))) == "own_name");
  // Its nonce, sent back as if it were the other's.
  Connection same = connection;
  same.accepting.nonce = connection.dialling.nonce;
  CHECK(fault(connection.prove(same.answer())) == "reflected");
  // What Capulet signed as the one who accepts, sent back to it as the proof of who dialled.
  std::string proof = connection.answer().substr(4 + 32);
  proof.insert(0, 1, '\3');
  proof.replace(1, 32, 32, 'c');
  CHECK(fault(connection.finish(proof)) == "unknown_key");
  Connection twin = connection;  // even if both had the same key
  twin.montague = document_of(kMontague, key_pair('r'), key_pair('A'));
  CHECK(fault(twin.finish(proof)) == "bad_signature");
}

TEST_CASE("who reaches another server than it wanted is told so", "[federation]") {
  Connection connection;
  connection.accepting.server = "verona.example";

  CHECK(fault(connection.accept(connection.dialler().open())) == "wrong_name");
}

TEST_CASE("a proof made on another TLS connection is refused by either side", "[federation]") {
  const Connection connection;
  Connection between = connection;  // somebody has a connection with each of the two
  between.accepting.exporter = blake2b_256("another connection");
  CHECK(fault(connection.prove(between.answer())) == "other_channel");

  Connection beyond = connection;
  beyond.dialling.exporter = blake2b_256("another connection");
  beyond.accepting.exporter = beyond.dialling.exporter;
  CHECK(fault(connection.finish(beyond.proof())) == "other_channel");
}

TEST_CASE("nobody between two servers lowers the version they speak", "[federation]") {
  const Connection connection;
  Connection lowered = connection;
  lowered.dialling.protocols = {1, 1};  // as somebody changed the opening
  CHECK(fault(connection.prove(lowered.answer())) == "downgraded");

  Connection both = lowered;  // and the answer as well
  both.accepting.protocols = {1, 1};
  CHECK(fault(connection.prove(both.answer())) == "altered");
  CHECK(fault(connection.finish(both.proof())) == "altered");
}

TEST_CASE("servers without a common version part before anything is proven", "[federation]") {
  Connection connection;
  connection.accepting.protocols = {3, 4};
  CHECK(fault(connection.accept(connection.dialler().open())) == "no_common_version");

  Connection other;
  const std::string answer = other.answer();
  other.dialling.protocols = {3, 4};
  CHECK(fault(other.prove(answer)) == "no_common_version");
}

TEST_CASE("a key is one of the peer's document, and valid now", "[federation]") {
  Connection connection;
  connection.capulet_key = 'x';
  CHECK(fault(connection.prove(connection.answer())) == "unknown_key");
  connection = Connection();
  connection.montague_key = 'x';
  CHECK(fault(connection.finish(connection.proof())) == "unknown_key");

  connection = Connection();
  connection.montague.expires = kNow + 60 * kDay;
  CHECK(fault(connection.finish(connection.proof(), kNow + 30 * kDay)) == "key_not_valid");
  CHECK(fault(connection.finish(connection.proof(), kNow - 2 * kDay)) == "key_not_valid");
}

TEST_CASE("a peer's document that has expired proves nothing", "[federation]") {
  const Connection connection;
  CHECK(fault(connection.finish(connection.proof(), connection.montague.expires - 1)) == "");
  CHECK(fault(connection.finish(connection.proof(), connection.montague.expires)) ==
        "stale_document");
}

TEST_CASE("no message of a handshake may be cut, followed or changed", "[federation]") {
  const Connection connection;
  const std::string open = connection.dialler().open();
  const std::string answer = connection.answer();
  const std::string proof = connection.proof();

  for (std::size_t size = 0; size < open.size(); ++size)
    CHECK(fault(connection.accept(open.substr(0, size))) == "malformed");
  for (std::size_t size = 0; size < answer.size(); ++size)
    CHECK(fault(connection.prove(answer.substr(0, size))) == "malformed");
  for (std::size_t size = 0; size < proof.size(); ++size)
    CHECK(fault(connection.finish(proof.substr(0, size))) == "malformed");
  CHECK(fault(connection.accept(open + 'a')) == "malformed");
  CHECK(fault(connection.prove(answer + 'a')) == "malformed");
  CHECK(fault(connection.finish(proof + 'a')) == "malformed");
  CHECK(fault(connection.accept(std::string(1 << 20, '\1'))) == "malformed");

  for (std::size_t at = 0; at < answer.size(); ++at) {
    std::string changed = answer;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK(fault(connection.prove(changed)) != "");
  }
  for (std::size_t at = 0; at < proof.size(); ++at) {
    std::string changed = proof;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK(fault(connection.finish(changed)) != "");
  }
  std::string changed = answer;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  CHECK(fault(connection.prove(changed)) == "bad_signature");
}

TEST_CASE("each message of a handshake has its turn, once", "[federation]") {
  const Connection connection;
  const std::string open = connection.dialler().open();

  CHECK(fault(connection.accept(connection.proof())) == "out_of_turn");
  CHECK(fault(connection.prove(open)) == "out_of_turn");
  CHECK(fault(connection.finish(open)) == "out_of_turn");
  CHECK(fault(connection.finish("\x10")) == "malformed");

  auto dialler = connection.dialler();
  CHECK(dialler.take_answer(connection.answer(), connection.capulet, key_pair('a'), kNow));
  CHECK(fault(dialler.take_answer(connection.answer(), connection.capulet, key_pair('a'), kNow)) ==
        "out_of_turn");
  auto acceptor = connection.accept(open);
  CHECK(acceptor->take_proof(connection.proof(), connection.montague, kNow));
  CHECK(fault(acceptor->take_proof(connection.proof(), connection.montague, kNow)) ==
        "out_of_turn");
}

TEST_CASE("a peer that refuses a handshake says why", "[federation]") {
  const Connection connection;
  const auto told = [&](std::string_view message) {
    const auto outcome = connection.prove(message);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().is_peers);
    return outcome.error().fault;
  };

  CHECK(told(encode_refusal(HandshakeFault::denied)) == HandshakeFault::denied);
  CHECK(told(encode_refusal(HandshakeFault::bad_signature)) == HandshakeFault::bad_signature);
  CHECK(told("\x04\x63") == HandshakeFault::other);
  CHECK(fault(connection.prove("\x04")) == "malformed");
  CHECK_FALSE(sentence(HandshakeFault::other_channel).empty());
}
