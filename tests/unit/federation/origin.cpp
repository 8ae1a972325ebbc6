#include "federation/origin.hpp"

#include "federation/signature.hpp"
#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace chatd;
using namespace chatd::federation;
using tests::key_pair;
using tests::kMontague;

namespace {

core::Draft draft() {
  core::Draft draft;
  draft.room = RoomId(blake2b_256("a room"));
  draft.sender = *UserId::parse("romeo@montague.example");
  draft.device = DeviceId(0xa1);
  draft.client_msg_id = ClientMsgId(blake2b_128("an id"));
  draft.target = 3;
  draft.content = R"({"text":"But soft!"})";
  return draft;
}

// The draft as the hub numbered it.
wire::Record numbered(const core::Draft& draft) {
  wire::Record record;
  record.room = draft.room;
  record.term = 2;
  record.seq = 17;
  record.kind = draft.kind;
  record.sender = draft.sender;
  record.origin = kMontague;
  record.device = draft.device;
  record.client_msg_id = draft.client_msg_id;
  record.time = tests::kNow;
  record.target = draft.target;
  record.content = draft.content;
  record.content_hash = blake2b_256(draft.content);
  return record;
}

}  // namespace

TEST_CASE("what the origin signed is found in the record, erased or not", "[federation]") {
  CHECK(origin_form(numbered(draft())) == origin_form(draft()));
  CHECK(origin_form(wire::erase_content(numbered(draft()))) == origin_form(draft()));
}

TEST_CASE("a hub cannot change what an origin signed", "[federation]") {
  const Signature signature = key_pair('a').sign(Purpose::record, kMontague, origin_form(draft()));
  const auto holds = [&](const std::function<void(wire::Record&)>& change) {
    wire::Record record = numbered(draft());
    change(record);
    return is_signed(signature, key_pair('a').public_key(), Purpose::record, record.origin,
                     origin_form(record));
  };
  using Record = wire::Record;

  CHECK(holds([](Record&) {}));
  CHECK(holds([](Record& r) { r.seq = 18; }));  // numbers, terms and times are the hub's
  CHECK_FALSE(holds([](Record& r) { r.room = RoomId(); }));
  CHECK_FALSE(holds([](Record& r) { r.kind = wire::RecordKind::edit; }));
  CHECK_FALSE(holds([](Record& r) { r.sender = *UserId::parse("tybalt@montague.example"); }));
  CHECK_FALSE(holds([](Record& r) { r.origin = tests::kCapulet; }));
  CHECK_FALSE(holds([](Record& r) { r.device = DeviceId(0xa2); }));
  CHECK_FALSE(holds([](Record& r) { r.client_msg_id = ClientMsgId(); }));
  CHECK_FALSE(holds([](Record& r) { r.target = 4; }));
  CHECK_FALSE(holds([](Record& r) { r.content_hash = blake2b_256("{}"); }));
}
