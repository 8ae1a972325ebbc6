#pragma once

#include "federation/frames.hpp"
#include "federation/origin.hpp"
#include "tests/unit/federation/servers.hpp"

#include <string>
#include <utility>
#include <vector>

// One frame of each kind, two where there are two forms: as in the test vectors.
namespace tests {

inline const chatd::RoomId kBalcony{chatd::blake2b_256("a room")};

// What Romeo says; Montague hands it in.
[[nodiscard]] inline chatd::core::Draft sample_draft() {
  chatd::core::Draft draft;
  draft.room = kBalcony;
  draft.sender = *chatd::UserId::parse("romeo@montague.example");
  draft.device = chatd::DeviceId(0xa1);
  draft.client_msg_id = *chatd::ClientMsgId::parse("018bcfe5-6800-7000-8000-000000000001");
  draft.target = 0;
  draft.content = R"({"text":"But soft!"})";
  return draft;
}

// Signed together with what was handed in before and after it.
[[nodiscard]] inline chatd::federation::Submit sample_submit() {
  using namespace chatd::federation;
  const std::vector<std::string> forms{"one before", origin_form(sample_draft()), "one after"};
  return {7, sample_draft(), sign_batch(key_pair('a'), Purpose::record, kMontague, forms)[1]};
}

// By Capulet, alone.
[[nodiscard]] inline chatd::federation::BatchSignature sample_signature(
    chatd::federation::Purpose purpose, const std::string& form) {
  return chatd::federation::sign_batch(key_pair('A'), purpose, kCapulet, {&form, 1}).front();
}

// The record that Capulet, the hub, made of it, and one of its own after it.
[[nodiscard]] inline std::vector<chatd::wire::Record> sample_records() {
  const chatd::core::Draft draft = sample_draft();
  chatd::wire::Record said;
  said.room = draft.room;
  said.term = 2;
  said.seq = 300;
  said.prev_hash = chatd::blake2b_256("record 299");
  said.sender = draft.sender;
  said.origin = kMontague;
  said.device = draft.device;
  said.client_msg_id = draft.client_msg_id;
  said.time = kNow;
  said.content = draft.content;
  said.content_hash = chatd::blake2b_256(said.content);
  said.origin_signature = bytes_of(sample_submit().origin);
  said.ordinal = 200;
  chatd::wire::Record topic;
  topic.room = draft.room;
  topic.term = 2;
  topic.seq = 301;
  topic.prev_hash = record_hash(said);
  topic.kind = chatd::wire::RecordKind::meta;
  topic.origin = kCapulet;
  topic.time = kNow;
  topic.content = R"({"topic":"Night"})";
  topic.content_hash = chatd::blake2b_256(topic.content);
  topic.ordinal = 200;
  return {said, topic};
}

[[nodiscard]] inline chatd::federation::RoomHead sample_head() {
  const chatd::wire::Record newest = sample_records().back();
  return {newest.room, newest.term, newest.seq, record_hash(newest)};
}

[[nodiscard]] inline chatd::federation::Feed sample_feed() {
  using namespace chatd::federation;
  const auto records = sample_records();
  return {kBalcony,
          300,
          records[0].prev_hash,
          {encode_stored(records[0]), encode_stored(records[1])},
          sample_signature(Purpose::head, form(sample_head()))};
}

// Montague gives that back to Capulet, which has lost it.
[[nodiscard]] inline chatd::federation::Proof sample_proof() {
  using namespace chatd::federation;
  return {sample_head(), sample_signature(Purpose::head, form(sample_head())),
          document_of(kCapulet, key_pair('R'), key_pair('A')).keys[0]};
}

// Capulet's room, to which Romeo is invited.
[[nodiscard]] inline chatd::core::Notice sample_notice() {
  chatd::core::Notice notice;
  notice.room = kBalcony;
  notice.seq = 299;
  notice.user = sample_draft().sender;
  notice.by = *chatd::UserId::parse("juliet@capulet.example");
  notice.time = kNow;
  return notice;
}

// There record 301 erased message 299.
[[nodiscard]] inline chatd::core::Notice sample_erasure() {
  return {kBalcony, 301, {}, chatd::wire::Membership::none, {}, kNow, 299};
}

// A room of Juliet's at its record 301, as it would be in term 1; which, the test vectors know.
[[nodiscard]] inline chatd::federation::PreviewFrame sample_preview(std::string state) {
  using namespace chatd::federation;
  const Feed newest = sample_feed();
  const BatchSignature signature =
      sample_signature(Purpose::state, std::string(chatd::view(chatd::blake2b_256(state))));
  return {{kBalcony, std::move(state), "record 1", newest.first, newest.prev_hash, newest.stored},
          signature};
}

// Capulet asks how Romeo is, and Montague says it: he is away, which Tybalt may not see.
[[nodiscard]] inline chatd::core::PresenceLease sample_lease() {
  const chatd::UserId romeo = sample_draft().sender;
  return {5, {{romeo, chatd::RoomId()}, {romeo, kBalcony}}};
}
[[nodiscard]] inline chatd::core::PresenceNews sample_presence() {
  using chatd::wire::PresenceState;
  return {5,
          {{sample_draft().sender,
            PresenceState::away,
            0,
            {*chatd::UserId::parse("tybalt@capulet.example")}}},
          {}};
}
[[nodiscard]] inline chatd::core::PresenceNews sample_presence_change() {
  return {0,
          {{sample_draft().sender, chatd::wire::PresenceState::offline, kNow, {}}},
          {*chatd::UserId::parse("mercutio@montague.example")}};
}

[[nodiscard]] inline chatd::core::Typing sample_typing() {
  return {kBalcony, sample_draft().sender, true};
}
[[nodiscard]] inline chatd::core::ReadMark sample_read_mark() {
  return {kBalcony, sample_draft().sender, 300};
}

[[nodiscard]] inline chatd::core::ProfileQuestion sample_profile_get() {
  return {9, sample_draft().sender, kBalcony};
}
[[nodiscard]] inline chatd::core::ProfileAnswer sample_profile() {
  return {9, true, "Romeo", "in love"};
}

// By the names that vectors.json has for them.
[[nodiscard]] inline std::vector<std::pair<std::string, std::string>> sample_frames(
    const std::string& state = "a state") {
  using namespace chatd::federation;
  using chatd::Code;
  const std::vector<RoomHead> heads{sample_head()};
  const auto bucket = static_cast<std::uint8_t>(bucket_of(kBalcony));
  return {
      {"hello", encode(Hello{3, kNow, heads, {}})},
      {"hello_digests", encode(Hello{3, kNow, {}, digests_of(heads)})},
      {"heads", encode(Heads{bucket, heads})},
      {"submit", encode(sample_submit())},
      {"submitted_accepted", encode(Submitted{7, Accepted{300}})},
      {"submitted_retry", encode(Submitted{7, Retry{Code::rate_limited, 1500}})},
      {"submitted_refused", encode(Submitted{7, Refused{Code::forbidden, "not here"}})},
      {"feed", encode(sample_feed())},
      {"feed_without_head", encode(Feed{kBalcony, 1, {}, {"a record"}, {}})},
      {"ack", encode(Ack{kBalcony, 301})},
      {"range", encode(RangeRequest{kBalcony, 1, 299})},
      {"failure", encode(Failure{22, kBalcony, Code::not_found, 0})},
      {"notice", encode(NoticeFrame{sample_notice()})},
      {"notice_erased", encode(NoticeFrame{sample_erasure()})},
      {"noticed", encode(Noticed{kBalcony, 299, sample_notice().user})},
      {"alive", encode(Alive{})},
      {"check", encode(CheckRequest{})},
      {"checked",
       encode(Checked{{{"policy", true, "fine", false}, {"connect", false, "no route", false}}})},
      {"preview", encode(sample_preview(state))},
      {"ahead", encode(Ahead{sample_head()})},
      {"presence_lease", encode(chatd::core::Passing(sample_lease()))},
      {"presence", encode(chatd::core::Passing(sample_presence()))},
      {"presence_change", encode(chatd::core::Passing(sample_presence_change()))},
      {"typing", encode(chatd::core::Passing(sample_typing()))},
      {"read", encode(chatd::core::Passing(sample_read_mark()))},
      {"profile_get", encode(chatd::core::Passing(sample_profile_get()))},
      {"profile", encode(chatd::core::Passing(sample_profile()))},
      {"profile_unknown",
       encode(chatd::core::Passing(chatd::core::ProfileAnswer{9, false, {}, {}}))},
      {"proof", encode(sample_proof())},
      {"recalled", encode(Recalled{kBalcony, 300, sample_feed().stored})},
      {"handover", encode(Handover{sample_head(), Handover::Step::asked, {}})},
      {"handover_refused", encode(Handover{sample_head(), Handover::Step::refused, "no"})},
      {"moved", encode(Moved{kBalcony, std::string(kMontague)})},
  };
}

}  // namespace tests
