#include "federation/frames.hpp"

#include "daemon/base/overloaded.hpp"
#include "federation/limits.hpp"
#include "tests/unit/federation/frame_samples.hpp"
#include "tests/unit/federation/servers.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace chatd;
using namespace chatd::federation;
using tests::sample_frames;

namespace {

std::string encoded_again(const Frame& frame) {
  return std::visit(overloaded{[](const UnknownFrame&) { return std::string(); },
                               [](const auto& known) { return encode(known); }},
                    frame);
}

// What decode_frame has against it, after "a ... frame can't be read: ".
std::string fault(const std::string& bytes) {
  const auto frame = decode_frame(bytes);
  if (frame) return "";
  const std::string& message = frame.error().message;
  const std::size_t colon = message.find(": ");
  return colon == std::string::npos ? message : message.substr(colon + 2);
}

RoomHead head_in(std::uint8_t bucket, std::uint8_t number) {
  Hash256 room{};
  room[0] = bucket;
  room[31] = number;
  return {RoomId(room), 1, number, blake2b_256("a record")};
}

}  // namespace

TEST_CASE("each frame reads back as it was written", "[federation]") {
  for (const auto& [name, bytes] : sample_frames()) {
    INFO(name);
    const auto frame = decode_frame(bytes);
    REQUIRE(frame);
    CHECK_FALSE(std::holds_alternative<UnknownFrame>(*frame));
    CHECK(encoded_again(*frame) == bytes);
  }
}

TEST_CASE("no frame may be cut or followed", "[federation]") {
  for (const auto& [name, bytes] : sample_frames()) {
    INFO(name);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      CHECK_FALSE(decode_frame(std::string_view(bytes).substr(0, size)));
    CHECK(fault(bytes + '\0') == "something follows its last field");
  }
}

TEST_CASE("a frame of a kind from the future is skipped", "[federation]") {
  const auto frame = decode_frame("\xc8\x01whatever it says");

  REQUIRE(frame);
  REQUIRE(std::holds_alternative<UnknownFrame>(*frame));
  CHECK(std::get<UnknownFrame>(*frame).kind == 200);
}

TEST_CASE("a frame over the limit is refused unread", "[federation]") {
  CHECK(decode_frame("\xc8\x01" + std::string(kMaxLinkFrameBytes - 2, 'a')));
  CHECK(decode_frame("\xc8\x01" + std::string(kMaxLinkFrameBytes - 1, 'a')).error().code ==
        Code::too_large);
}

TEST_CASE("the longest content of a client passes in a submit and in a feed", "[federation]") {
  Submit submit;
  submit.draft.sender = *UserId::of(std::string(64, 'r'), tests::kMontague);
  submit.draft.content.assign(wire::kMaxFrameBytes, 'a');
  CHECK(fault(encode(submit)) == "");

  wire::Record record;
  record.sender = submit.draft.sender;
  record.content = submit.draft.content;
  record.client_msg_id = ClientMsgId(blake2b_128("an id"));
  record.origin_signature.assign(wire::kMaxOriginSignatureBytes, 's');
  Feed feed;
  feed.first = 1;
  feed.stored = {wire::encode_stored(record)};
  feed.head = BatchSignature();
  CHECK(fault(encode(feed)) == "");

  submit.draft.content += 'a';
  CHECK(fault(encode(submit)) == "blob is longer than allowed");
}

TEST_CASE("as many heads as are allowed fit into a frame, and no more are taken", "[federation]") {
  Hello hello;
  for (std::size_t i = 0; i < kMaxHelloHeads; ++i)
    hello.heads.push_back(
        head_in(static_cast<std::uint8_t>(i / 250), static_cast<std::uint8_t>(i % 250)));
  CHECK(fault(encode(hello)) == "");
  hello.heads.push_back(head_in(255, 0));
  CHECK(fault(encode(hello)) == "it has more than 1000 heads");

  Heads heads;
  for (std::size_t i = 0; i < kMaxBucketHeads; ++i) {
    Hash256 room{};
    room[1] = static_cast<std::uint8_t>(i / 256);
    room[2] = static_cast<std::uint8_t>(i % 256);
    heads.heads.push_back({RoomId(room), UINT64_MAX, UINT64_MAX, {}});
  }
  CHECK(fault(encode(heads)) == "");
  heads.heads.push_back(head_in(0, 1));
  CHECK(fault(encode(heads)) == "it has more than 4000 heads");
}

TEST_CASE("heads come in ascending order and in their own bucket", "[federation]") {
  CHECK(fault(encode(Hello{1, 0, {head_in(1, 2), head_in(1, 1)}, {}})) ==
        "its heads are not in order");
  CHECK(fault(encode(Hello{1, 0, {head_in(1, 1), head_in(1, 1)}, {}})) ==
        "its heads are not in order");
  CHECK(fault(encode(Heads{1, {head_in(1, 1), head_in(2, 1)}})) == "a head is of another bucket");
}

TEST_CASE("frames with values that cannot be are refused", "[federation]") {
  CHECK(fault(encode(Ack{})) == "a record's number is 0");
  CHECK(fault(encode(RangeRequest{RoomId(), 0, 7})) == "a record's number is 0");
  CHECK(fault(encode(RangeRequest{RoomId(), 7, 6})) == "a range ends before it begins");
  CHECK(fault(encode(Submitted{1, Accepted{0}})) == "a record's number is 0");
  CHECK(fault(encode(Noticed{})) == "a record's number is 0");
  core::Notice notice = tests::sample_notice();
  notice.membership = wire::Membership{5};
  CHECK(fault(encode(NoticeFrame{notice})) ==
        "it has a membership that this version does not know");
  notice = tests::sample_erasure();
  notice.user = tests::sample_notice().user;
  CHECK(fault(encode(NoticeFrame{notice})) == "it is about a message and a membership at once");
  CHECK(fault(encode(Feed{RoomId(), 1, {}, {}, {}})) == "it has not 1 to 500 records");
  CHECK(fault(encode(Feed{RoomId(), 1, {}, std::vector<std::string>(501), {}})) ==
        "it has not 1 to 500 records");
  CHECK(fault(encode(Feed{RoomId(), UINT64_MAX, {}, std::vector<std::string>(1), {}})) ==
        "a record's number is too large");

  CHECK(fault(encode(Ahead{})) == "a record's number is 0");
  PreviewFrame shown = tests::sample_preview(std::string(kMaxStateBytes, 's'));
  CHECK(fault(encode(shown)) == "");
  shown.preview.newest.resize(kMaxPreviewRecords + 1);
  CHECK(fault(encode(shown)) == "it has not 1 to 128 records");
  shown.preview.newest.clear();
  CHECK(fault(encode(shown)) == "it has not 1 to 128 records");
  CHECK(fault(encode(tests::sample_preview(std::string(kMaxStateBytes + 1, 's')))) ==
        "blob is longer than allowed");

  ByteWriter neither;
  neither.raw("\x10");
  neither.varint(0);
  neither.varint(0);
  neither.u8(2);
  CHECK(fault(neither.take()) == "it has neither heads nor digests");
  CHECK(fault(std::string("\x13\x01\x03", 3)) ==
        "its outcome is neither a number, nor to be tried again, nor final");
  CHECK(fault(std::string("\x13\x01\x02\x04what", 8)) ==
        "it has an error code that this version does not know");
  ByteWriter late;
  late.raw(std::string_view("\x13\x01\x01\x07timeout", 11));
  late.varint(std::uint64_t{UINT32_MAX} + 1);
  CHECK(fault(late.take()) == "a delay is too long");
}

TEST_CASE("what a check says is a few lines of text", "[federation]") {
  CHECK(fault(encode(Checked{})) == "it has not 1 to 16 steps");
  const std::vector<CheckStep> many(20, {"connect", false, std::string(600, 'x'), false});
  const auto cut = decode_frame(encode(Checked{many}));
  REQUIRE(cut);
  CHECK(std::get<Checked>(*cut).steps.size() == kMaxCheckSteps);
  CHECK(std::get<Checked>(*cut).steps[0].words.size() == kMaxWordsBytes);

  const std::string words = GENERATE(as<std::string>(), "", "two\nlines", "\x1b[2J", "\xff");
  const auto left_out = decode_frame(encode(Checked{{{"connect", true, words, false}}}));
  REQUIRE(left_out);
  CHECK(std::get<Checked>(*left_out).steps[0].words == "-");
  ByteWriter raw;
  raw.raw(std::string_view("\x1c\x01\x01x\x01", 5));
  raw.blob(words);
  CHECK(fault(raw.take()) == "what a step says is no line of text");
  CHECK(fault(std::string("\x1c\x01\x01x\x02\x01y", 7)) == "a step is neither good nor not");
}

TEST_CASE("what passes by is about users, and not about too many", "[federation]") {
  using core::Passing;
  using core::PresenceLease;
  using core::PresenceNews;
  const UserId romeo = tests::sample_draft().sender;
  CHECK(fault(encode(Passing(PresenceLease{0, {{romeo, RoomId()}}}))) == "a lease's number is 0");
  CHECK(fault(encode(Passing(PresenceLease{1, {}}))) == "it is not about 1 to 100 users");
  PresenceLease lease{1, {}};
  const std::string label(62, 'm');
  const UserId longest = *UserId::of(std::string(64, 'r'), label + "." + label + "." + label);
  lease.wishes.resize(100, {longest, RoomId()});
  CHECK(fault(encode(Passing(lease))) == "");
  lease.wishes.resize(101, {romeo, RoomId()});
  CHECK(fault(encode(Passing(lease))) == "it is not about 1 to 100 users");
  CHECK_FALSE(fault(encode(Passing(PresenceLease{1, {{UserId(), RoomId()}}}))).empty());

  PresenceNews news;
  news.seen.resize(100, {longest, wire::PresenceState::online, INT64_MAX,
                         std::vector(core::kMaxHiddenFrom, longest)});
  CHECK(fault(encode(Passing(news))) == "");
  news.seen.push_back(news.seen[0]);
  CHECK(fault(encode(Passing(news))) == "it is about more than 100 users");
  news.seen = {{romeo, wire::PresenceState{3}, 0, {}}};
  CHECK(fault(encode(Passing(news))) == "it has a presence that this version does not know");
  news.seen = {{romeo, {}, 0, std::vector(core::kMaxHiddenFrom + 1, longest)}};
  CHECK(fault(encode(Passing(news))) == "it has more than 16 users in a list");
  news = {0, {}, std::vector(core::kMaxLeaseUsers + 1, longest)};
  CHECK(fault(encode(Passing(news))) == "it has more than 100 users in a list");

  CHECK(fault(encode(Passing(core::ReadMark{RoomId(), romeo, 0}))) == "a record's number is 0");
  CHECK_FALSE(fault(encode(Passing(core::Typing{RoomId(), UserId(), true}))).empty());
  core::ProfileAnswer told{1, true, std::string(401, 'r'), {}};
  CHECK(fault(encode(Passing(told))) == "blob is longer than allowed");
  told.display_name = "\xff";
  CHECK(fault(encode(Passing(told))) == "a profile is no text");
  std::string neither = encode(Passing(core::Typing{RoomId(), romeo, true}));
  neither.back() = 2;
  CHECK(fault(neither) == "somebody neither types nor does not");
}

TEST_CASE("a submit by nobody, and one of a kind from the future, pass", "[federation]") {
  Submit submit;
  submit.draft.kind = static_cast<wire::RecordKind>(200);
  const auto frame = decode_frame(encode(submit));

  REQUIRE(frame);
  CHECK(std::get<Submit>(*frame).draft.sender.empty());
  CHECK(std::get<Submit>(*frame).draft.kind == wire::RecordKind{200});
}
