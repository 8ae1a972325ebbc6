#include "tests/sim/plants.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/outbox.hpp"
#include "daemon/core/shares.hpp"
#include "daemon/wire/record.hpp"
#include "federation/frames.hpp"
#include "tests/sim/links.hpp"
#include "tests/sim/world.hpp"

#include <utility>
#include <variant>

namespace chatd::sim {
namespace {

void alter(core::Append& append) {
  auto record = wire::decode_stored(append.room, append.seq, append.record);
  if (!record || record->origin_signature.empty() || record->is_erased) return;
  record->content.insert(record->content.size() - 1, " ");
  record->content_hash = blake2b_256(record->content);
  append.record = wire::encode_stored(*record);
}

bool is_row_of(const core::Write& write, std::string_view prefix) {
  const auto* const put = std::get_if<core::Put>(&write);
  return put != nullptr && put->key.starts_with(prefix);
}

bool is_of_erasure(const core::Put& row) {
  const auto notice = core::decode_notice(row.value);
  return notice && notice->erased != 0;
}

std::string renamed(World& world, const core::KeyValue& row) {
  const std::string_view number = std::string_view(row.first).substr(core::keys::kOutbox.size());
  auto submission = core::Submission::decode(ByteReader(number).u64().value(), row.second);
  std::string id(submission->draft.client_msg_id.bytes());
  id.back() = static_cast<char>(id.back() ^ static_cast<char>(world.between(1, 127)));
  submission->draft.client_msg_id = ClientMsgId::from_bytes(id).value();
  return submission->encode();
}

std::optional<std::string> shorten(std::string bytes) {
  auto frame = federation::decode_frame(bytes);
  auto* const feed = frame ? std::get_if<federation::Feed>(&*frame) : nullptr;
  if (feed == nullptr) return bytes;
  feed->stored.pop_back();
  feed->head.reset();
  if (feed->stored.empty()) return std::nullopt;
  return encode(*feed);
}

std::optional<std::string> lose_notice(std::string bytes) {
  const auto frame = federation::decode_frame(bytes);
  if (frame && std::holds_alternative<federation::NoticeFrame>(*frame)) return std::nullopt;
  return bytes;
}

std::optional<std::string> refuse(std::string bytes) {
  auto frame = federation::decode_frame(bytes);
  auto* const answer = frame ? std::get_if<federation::Submitted>(&*frame) : nullptr;
  if (answer == nullptr || !std::holds_alternative<federation::Accepted>(answer->outcome))
    return bytes;
  answer->outcome = federation::Refused{Code::denied, {}};
  return encode(*answer);
}

std::optional<std::string> lose_move(std::string bytes) {
  auto frame = federation::decode_frame(bytes);
  auto* const feed = frame ? std::get_if<federation::Feed>(&*frame) : nullptr;
  if (feed == nullptr) return bytes;
  const auto last = wire::decode_stored(feed->room, feed->first, feed->stored.back());
  if (!last || last->kind != wire::RecordKind::hub_move) return bytes;
  return std::nullopt;
}

std::optional<std::string> alter_return(std::string bytes) {
  auto frame = federation::decode_frame(bytes);
  auto* const given = frame ? std::get_if<federation::Recalled>(&*frame) : nullptr;
  if (given == nullptr) return bytes;
  auto record = wire::decode_stored(given->room, given->first, given->stored.front());
  ++record->time;
  given->stored.front() = wire::encode_stored(*record);
  return encode(*given);
}

}  // namespace

void plant(Fault fault, World& world, std::vector<core::Write>& writes) {
  if (fault == Fault::lost_erasure)
    std::erase_if(writes, [](const core::Write& write) {
      return std::holds_alternative<core::Replace>(write);
    });
  if (fault == Fault::kept_secret)
    std::erase_if(writes, [](const auto& write) {
      return is_row_of(write, core::keys::kNotices) && is_of_erasure(std::get<core::Put>(write));
    });
  if (fault == Fault::forgotten_share)
    std::erase_if(writes, [](const auto& write) { return is_row_of(write, core::keys::kShares); });
  if (fault == Fault::altered_copy)
    for (core::Write& write : writes)
      if (auto* const append = std::get_if<core::Append>(&write))
        if (world.chance(5)) alter(*append);
}

void plant(Fault fault, World& world, const std::string& prefix,
           std::vector<core::KeyValue>& rows) {
  if (prefix != core::keys::kOutbox || rows.empty()) return;
  if (fault == Fault::forgotten_pending) rows.erase(rows.begin());
  if (fault == Fault::renamed_pending)
    for (core::KeyValue& row : rows) row.second = renamed(world, row);
}

void plant(Fault fault, Links& links) {
  if (fault == Fault::short_feed) links.plant(shorten);
  if (fault == Fault::lost_notice) links.plant(lose_notice);
  if (fault == Fault::false_refusal) links.plant(refuse);
  if (fault == Fault::lost_move) links.plant(lose_move);
  if (fault == Fault::altered_return) links.plant(alter_return);
}

}  // namespace chatd::sim
