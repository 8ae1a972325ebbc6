#include "daemon/base/encoding.hpp"
#include "daemon/core/room.hpp"
#include "federation/handshake.hpp"
#include "tests/unit/federation/frame_samples.hpp"
#include "tests/unit/federation/servers.hpp"
#include "tests/unit/wire/file.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

#include <string>

// The code makes what PROTOCOL.md says, as vectors.py understood it.

using namespace chatd;
using namespace chatd::federation;
using tests::document_of;
using tests::kCapulet;
using tests::key_pair;
using tests::kMontague;
using tests::kNow;

namespace {

const simdjson::dom::element& vectors() {
  static simdjson::dom::parser parser;
  static const simdjson::dom::element file =
      parser.parse(tests::read_file(CHATD_FEDERATION_VECTORS)).value();
  return file;
}

std::string text(std::string_view pointer) {
  return std::string(vectors().at_pointer(pointer).get_string().value());
}

std::string bytes(std::string_view pointer) { return from_hex(text(pointer)).value(); }

bool is_in_protocol(const std::string& value) {
  static const std::string document = tests::read_file(CHATD_FEDERATION_FOLDER "/PROTOCOL.md");
  return document.find(value) != std::string::npos;
}

ServerDocument montague() { return document_of(kMontague, key_pair('r'), key_pair('a')); }
ServerDocument capulet() { return document_of(kCapulet, key_pair('R'), key_pair('A')); }

}  // namespace

TEST_CASE("the keys of the test vectors have the ids that PROTOCOL.md shows", "[federation]") {
  for (const auto& [name, seed] : {std::pair{"montague_root", 'r'}, std::pair{"montague", 'a'},
                                   std::pair{"capulet_root", 'R'}, std::pair{"capulet", 'A'}}) {
    const PublicKey key = key_pair(seed).public_key();
    const std::string at = std::string("/keys/") + name;

    INFO(name);
    CHECK(hex(view(key.bytes)) == text(at + "/public"));
    CHECK(hex(key.id().bytes()) == text(at + "/id"));
    CHECK(is_in_protocol(text(at + "/public")));
    CHECK(is_in_protocol(text(at + "/id")));
  }
}

TEST_CASE("the code makes and believes the server documents of the test vectors", "[federation]") {
  CHECK(hex(encode(montague())) == text("/montague_document"));
  CHECK(hex(encode(capulet())) == text("/capulet_document"));
  CHECK(verify(montague(), kMontague, kNow));
  CHECK(verify(capulet(), kCapulet, kNow));
  CHECK(is_in_protocol(text("/montague_document")));
}

TEST_CASE("the code makes and takes the handshake of the test vectors", "[federation]") {
  const Hash256 exporter = blake2b_256("one connection");
  const auto end = [&](std::string_view server, std::uint8_t byte) {
    LinkEnd side{std::string(server), {1, 2}, {}, exporter};
    side.nonce.fill(byte);
    return side;
  };
  Dialler dialler(end(kMontague, 'm'), std::string(kCapulet));
  auto acceptor = Acceptor::take_open(end(kCapulet, 'c'), dialler.open(), key_pair('A'));
  REQUIRE(acceptor);
  const auto proven = dialler.take_answer(acceptor->answer(), capulet(), key_pair('a'), kNow);
  REQUIRE(proven);

  CHECK(hex(view(exporter)) == text("/handshake/exporter"));
  CHECK(hex(dialler.open()) == text("/handshake/open"));
  CHECK(hex(acceptor->answer()) == text("/handshake/answer"));
  CHECK(hex(proven->proof) == text("/handshake/proof"));
  CHECK(acceptor->take_proof(proven->proof, montague(), kNow));
  for (const char* message : {"open", "answer", "proof"})
    CHECK(is_in_protocol(text(std::string("/handshake/") + message)));
}

TEST_CASE("the code makes the forms of a record and a head of the test vectors", "[federation]") {
  CHECK(hex(origin_form(tests::sample_draft())) == text("/record_form"));
  CHECK(hex(form(tests::sample_head())) == text("/head_form"));
  CHECK(is_in_protocol(text("/record_form")));
  CHECK(is_in_protocol(text("/head_form")));
}

TEST_CASE("the code reads and makes the state of a room of the test vectors", "[federation]") {
  const std::string state = bytes("/state_form");
  const auto room = core::Room::from_state(state);
  REQUIRE(room);
  CHECK(room->state() == state);
  CHECK(is_in_protocol(text("/state_form")));
  CHECK(room->id() == tests::kBalcony);
  CHECK(room->head() == 301);
  CHECK(room->hub() == kCapulet);
  CHECK(room->name() == "The balcony");
  CHECK(room->topic() == "Night");
  CHECK(room->members().size() == 3);
  CHECK(room->is_joined(*UserId::parse("romeo@montague.example")));
  CHECK_FALSE(room->is_joined(*UserId::parse("tybalt@capulet.example")));
  CHECK(room->banned_servers().size() == 1);
}

TEST_CASE("the code makes the frames of the test vectors", "[federation]") {
  const auto frames = tests::sample_frames(bytes("/state_form"));
  CHECK(vectors()["frames"].get_object().value().size() == frames.size());
  for (const auto& [name, frame] : frames) {
    INFO(name);
    const std::string vector = text("/frames/" + name);
    CHECK(hex(frame) == vector);
    // Its digests are 8 KiB, most of them the same.
    if (name != "hello_digests") CHECK(is_in_protocol(vector));
  }
}
