#include "daemon/wire/record.hpp"

#include "daemon/base/encoding.hpp"
#include "tests/unit/wire/file.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

#include <string>
#include <vector>

using namespace chatd;
using namespace chatd::wire;

namespace {

const RoomId kRoom = *RoomId::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");

Record message() {
  Record record;
  record.room = kRoom;
  record.term = 3;
  record.seq = 300;
  record.prev_hash[5] = 7;
  record.sender = *UserId::parse("juliet@capulet.example");
  record.origin = "capulet.example";
  record.device = DeviceId(0xab);
  record.client_msg_id = *ClientMsgId::parse("01890a5d-ac96-774b-bcce-b302099a8057");
  record.time = 1'700'000'000'000;
  record.target = 12;
  record.content = R"({"text":"a"})";
  record.content_hash = blake2b_256(record.content);
  record.ordinal = 200;
  return record;
}

bool is_same(const Record& a, const Record& b) {
  return encode_envelope(a) == encode_envelope(b) && a.content == b.content &&
         a.is_erased == b.is_erased && a.ordinal == b.ordinal &&
         a.origin_signature == b.origin_signature;
}

Record stored_and_read(const Record& record) {
  auto read = decode_stored(record.room, record.seq, encode_stored(record));
  REQUIRE(read);
  read->prev_hash = record.prev_hash;  // not kept
  return *std::move(read);
}

Error unreadable(std::string_view stored) {
  const auto record = decode_stored(kRoom, 1, stored);
  REQUIRE_FALSE(record);
  CHECK(record.error().code == Code::internal);
  return record.error();
}

// A record of record_vectors.json.
struct Vector {
  Record record;
  std::string envelope;
  std::string hash;
  std::string stored;
  std::string stored_erased;
};

std::vector<Vector> vectors() {
  simdjson::dom::parser parser;
  const auto file = parser.parse(tests::read_file(CHATD_RECORD_VECTORS)).value();
  const auto text = [](const simdjson::dom::element& in, std::string_view key) {
    return std::string(in[key].get_string().value());
  };
  const RoomId room = *RoomId::parse(text(file, "room"));
  std::vector<Vector> out;
  for (const auto in : file["records"].get_array()) {
    Vector vector;
    Record& record = vector.record;
    record.room = room;
    record.term = in["term"].get_uint64().value();
    record.seq = in["seq"].get_uint64().value();
    const std::string prev_hash = *from_hex(text(in, "prev_hash"));
    std::copy(prev_hash.begin(), prev_hash.end(), record.prev_hash.begin());
    record.kind = static_cast<RecordKind>(in["kind_number"].get_uint64().value());
    if (!text(in, "sender").empty()) record.sender = *UserId::parse(text(in, "sender"));
    record.origin = text(in, "origin");
    if (!text(in, "device").empty()) record.device = *DeviceId::parse(text(in, "device"));
    if (!text(in, "client_msg_id").empty())
      record.client_msg_id = *ClientMsgId::parse(text(in, "client_msg_id"));
    record.origin_signature = *from_hex(text(in, "origin_signature"));
    record.time = in["time"].get_int64().value();
    record.ordinal = in["ordinal"].get_uint64().value();
    record.target = in["target"].get_uint64().value();
    record.content = text(in, "content");
    record.content_hash = blake2b_256(record.content);
    CHECK(hex(view(record.content_hash)) == text(in, "content_hash"));
    vector.envelope = text(in, "envelope");
    vector.hash = text(in, "hash");
    vector.stored = text(in, "stored");
    vector.stored_erased = text(in, "stored_erased");
    out.push_back(std::move(vector));
  }
  return out;
}

}  // namespace

TEST_CASE("the codec makes the test vectors of RECORD.md", "[wire]") {
  const auto all = vectors();
  REQUIRE(all.size() == 9);
  CHECK(room_id_of(all[0].record) == all[0].record.room);
  Hash256 prev_hash{};
  for (const Vector& vector : all) {
    const Record& record = vector.record;

    INFO("seq " << record.seq);
    CHECK(record.prev_hash == prev_hash);
    CHECK(hex(encode_envelope(record)) == vector.envelope);
    CHECK(hex(view(record_hash(record))) == vector.hash);
    CHECK(hex(encode_stored(record)) == vector.stored);
    CHECK(hex(encode_stored(erase_content(record))) == vector.stored_erased);
    CHECK(is_same(stored_and_read(record), record));
    prev_hash = record_hash(record);
  }
}

TEST_CASE("RECORD.md shows the values of the test vectors", "[wire]") {
  const std::string text = tests::read_file(CHATD_WIRE_FOLDER "/RECORD.md");
  const auto all = vectors();

  CHECK(text.find(all[0].record.room.text()) != std::string::npos);
  for (const Vector& vector : all) {
    INFO("seq " << vector.record.seq);
    CHECK(text.find(vector.hash) != std::string::npos);
    if (vector.record.seq == 3) {  // the one that is shown in full
      CHECK(text.find(vector.envelope) != std::string::npos);
      CHECK(text.find(vector.stored) != std::string::npos);
      CHECK(text.find(vector.stored_erased) != std::string::npos);
    }
  }
}

TEST_CASE("the stored form gives the record back", "[wire]") {
  const Record full = message();
  CHECK(is_same(stored_and_read(full), full));

  Record other_origin = message();
  other_origin.origin = "montague.example";
  CHECK(is_same(stored_and_read(other_origin), other_origin));
  other_origin.origin_signature = std::string(kMaxOriginSignatureBytes, '\0');
  CHECK(is_same(stored_and_read(other_origin), other_origin));
  CHECK(is_same(stored_and_read(erase_content(other_origin)), erase_content(other_origin)));

  Record of_server;
  of_server.room = kRoom;
  of_server.seq = 1;
  of_server.kind = RecordKind::meta;
  of_server.origin = "capulet.example";
  of_server.content = "{}";
  of_server.content_hash = blake2b_256(of_server.content);
  CHECK(is_same(stored_and_read(of_server), of_server));
}

TEST_CASE("a kind that this version does not know survives", "[wire]") {
  Record record = message();
  record.kind = static_cast<RecordKind>(255);
  record.content = std::string("\0\xff not JSON", 11);
  record.content_hash = blake2b_256(record.content);

  CHECK(is_same(stored_and_read(record), record));
  CHECK(name(record.kind) == "unknown");
}

TEST_CASE("equal records have equal envelopes, and every field tells in them", "[wire]") {
  const Hash256 hash = record_hash(message());
  const std::vector<std::function<void(Record&)>> changes{
      [](Record& r) { r.room = RoomId(); },
      [](Record& r) { r.term = 4; },
      [](Record& r) { r.seq = 301; },
      [](Record& r) { r.prev_hash[0] = 1; },
      [](Record& r) { r.kind = RecordKind::edit; },
      [](Record& r) { r.sender = *UserId::parse("julie@tcapulet.example"); },
      [](Record& r) { r.origin = "capulet.exampl"; },
      [](Record& r) { r.device = DeviceId(0xac); },
      [](Record& r) { r.client_msg_id = ClientMsgId(); },
      [](Record& r) { r.time += 1; },
      [](Record& r) { r.target = 13; },
      [](Record& r) { r.content_hash[31] ^= 1; },
  };

  CHECK(record_hash(message()) == hash);
  for (const auto& change : changes) {
    Record changed = message();
    change(changed);
    CHECK(record_hash(changed) != hash);
  }
}

TEST_CASE("what is derived is no part of the envelope", "[wire]") {
  Record record = message();
  record.ordinal = 1;
  record.origin_signature = std::string(kMaxOriginSignatureBytes, 's');
  record.content = "other";  // its hash is, not the bytes

  CHECK(record_hash(record) == record_hash(message()));
}

TEST_CASE("erasing a content keeps the record's hash and nothing of the content", "[wire]") {
  const Record erased = erase_content(message());
  const Record read = stored_and_read(erased);

  CHECK(record_hash(read) == record_hash(message()));
  CHECK(read.is_erased);
  CHECK(read.content.empty());
  CHECK(encode_stored(erased).find("text") == std::string::npos);
  CHECK(is_same(erase_content(read), erased));  // once more changes nothing
}

TEST_CASE("stored bytes that are cut short are an error", "[wire]") {
  const Record erased = erase_content(message());
  const std::string whole = encode_stored(erased);
  for (std::size_t size = 0; size < whole.size(); ++size)
    CHECK_FALSE(unreadable(std::string_view(whole).substr(0, size)).message.empty());
  // Of one that is not erased, only the content may be cut: it has no length of its own.
  const std::string with_content = encode_stored(message());
  const std::size_t envelope_size = with_content.size() - message().content.size();
  for (std::size_t size = 0; size < with_content.size(); ++size)
    CHECK(decode_stored(kRoom, 1, with_content.substr(0, size)).has_value() ==
          (size >= envelope_size));
}

TEST_CASE("stored bytes of another form are an error in words", "[wire]") {
  const std::string good = encode_stored(message());
  const auto with = [&](std::size_t at, char byte) {
    std::string bytes = good;
    bytes[at] = byte;
    return bytes;
  };

  CHECK(unreadable(with(0, 2)).message ==
        "a stored record has a form that this version does not know");
  CHECK(unreadable(with(1, 64)).message == "a stored record has unknown flags");
  CHECK(unreadable(std::string("\x01\x00\x01\x80\x02", 5)).message ==
        "a stored record's kind is out of range");
  CHECK_FALSE(unreadable(std::string("\x01\x00\x01\x10\x03", 5) + "a@b").message.empty());
  CHECK_FALSE(unreadable(std::string("\x01\x00\x01\x10\x03", 5) + "A@b\x01\x01").message.empty());
  CHECK(unreadable(encode_stored(erase_content(message())) + "x").message ==
        "an erased record still has content");
}

TEST_CASE("stored bytes with a second form of the same record are an error", "[wire]") {
  // version, flags, term 1, kind 16, sender, ...
  const std::string sender = std::string("\x01\x10\x03", 3) + "a@b";
  const std::string tail("\x05\x01{}", 4);
  const auto with = [&](char flags, const std::string& optional, const std::string& end) {
    return std::string("\x01") + flags + sender + optional + end;
  };
  const std::string message_text = "a stored record's flags announce what is not there";

  CHECK(decode_stored(kRoom, 1, with(0, "", tail)));
  CHECK(unreadable(with(8,
                        "\x01"
                        "b",
                        tail))
            .message == message_text);
  CHECK(unreadable(with(16, std::string(8, '\0'), tail)).message == message_text);
  CHECK(unreadable(with(2, std::string(16, '\0'), tail)).message == message_text);
  CHECK(unreadable(with(4, "", std::string("\x05\x01\x00{}", 5))).message == message_text);
  CHECK(unreadable(with(8,
                        "\x03"
                        "B_b",
                        tail))
            .message == "a stored record's origin is not a server name");
  CHECK(unreadable(std::string("\x01\x00\x81\x00\x10\x03", 6) + "a@b" + tail).message ==
        "varint is not minimal");
  CHECK(unreadable(with(0, "", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")).message ==
        "a time is too large");
}

TEST_CASE("clients see of a stored form what they see of its record", "[wire]") {
  Record of_server = message();
  of_server.sender = UserId();
  of_server.device = DeviceId();
  of_server.client_msg_id = ClientMsgId();
  of_server.target = 0;
  for (const Record& record : {message(), erase_content(message()), of_server}) {
    std::string expected;
    append_json(expected, record);
    std::string out;
    REQUIRE(append_json(out, record.seq, encode_stored(record)));
    CHECK(out == expected);
  }

  std::string out;
  CHECK_FALSE(append_json(out, 1, "\x02"));
  CHECK_FALSE(append_json(out, 1, std::string("\x01\x00\x01\x10\x03", 5) + "a\"b\x01\x01{}"));
  CHECK(out.empty());
}

TEST_CASE("clients see a record without what it does not have", "[wire]") {
  std::string out;
  append_json(out, message());
  CHECK(out ==
        R"({"seq":300,"kind":"message","sender":"juliet@capulet.example",)"
        R"("device":"00000000000000ab","client_msg_id":"01890a5d-ac96-774b-bcce-b302099a8057",)"
        R"("time":1700000000000,"target":12,"content":{"text":"a"}})");

  out.clear();
  append_json(out, erase_content(message()));
  CHECK(out.ends_with(R"("target":12,"erased":true})"));

  out.clear();
  Record of_server;
  of_server.seq = 1;
  of_server.kind = RecordKind::create;
  append_json(out, of_server);
  CHECK(out == R"({"seq":1,"kind":"create","time":0})");
}

TEST_CASE("each kind has its word", "[wire]") {
  CHECK(name(RecordKind::create) == "create");
  CHECK(name(RecordKind::member) == "member");
  CHECK(name(RecordKind::meta) == "meta");
  CHECK(name(RecordKind::edit) == "edit");
  CHECK(name(RecordKind::redact) == "redact");
  CHECK(name(RecordKind::reaction) == "reaction");
}
