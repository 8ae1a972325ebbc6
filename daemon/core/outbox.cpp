#include "daemon/core/outbox.hpp"

#include "daemon/base/bytes.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kMaxIdBytes = 256;
constexpr std::size_t kMaxContentBytes = 1024 * 1024;  // more than a frame of a client holds
// What one account may have waiting: all of it goes out with one sync.
constexpr std::size_t kMaxOfUser = 200;
constexpr std::size_t kMaxBytesOfUser = 2 * 1024 * 1024;
// In all, since it is kept in memory: for a day without the largest peer.
constexpr std::size_t kMaxEntries = 100'000;
constexpr std::size_t kMaxBytes = 256 * 1024 * 1024;
// Numbers begin with the time, so that they grow also where all before are gone.
constexpr std::uint64_t kNumbersPerMs = 1000;

}  // namespace

std::string Submission::encode() const {
  ByteWriter out;
  out.u8(kVersion);
  out.blob(hub);
  out.raw(draft.room.bytes());
  out.varint(static_cast<std::uint64_t>(draft.kind));
  out.blob(draft.sender.text());
  out.u64(draft.device.value());
  out.raw(draft.client_msg_id.bytes());
  out.varint(draft.target);
  out.varint(static_cast<std::uint64_t>(since));
  out.varint(refused ? static_cast<std::uint64_t>(*refused) + 1 : 0);
  if (refused) out.blob(refusal);
  out.blob(draft.content);
  return out.take();
}

Result<Submission> Submission::decode(std::uint64_t entry, std::string_view row) {
  ByteReader in(row);
  Submission submission;
  submission.entry = entry;
  Draft& draft = submission.draft;
  CHATD_TRY(const std::uint8_t version, in.u8());
  if (version != kVersion) return fail(Code::internal, "a row of the outbox is of another version");
  CHATD_TRY(submission.hub, in.blob(kMaxIdBytes));
  CHATD_TRY(const Hash256 room, in.array<32>());
  draft.room = RoomId(room);
  CHATD_TRY(const std::uint64_t kind, in.varint());
  draft.kind = static_cast<wire::RecordKind>(kind);
  CHATD_TRY(const std::string_view sender, in.blob(kMaxIdBytes));
  CHATD_TRY(draft.sender, UserId::parse(sender));
  CHATD_TRY(const std::uint64_t device, in.u64());
  draft.device = DeviceId(device);
  CHATD_TRY(const Hash128 id, in.array<16>());
  draft.client_msg_id = ClientMsgId(id);
  CHATD_TRY(draft.target, in.varint());
  CHATD_TRY(submission.since, in.time());
  CHATD_TRY(const std::uint64_t refused, in.varint());
  if (refused > static_cast<std::uint64_t>(kCodeCount))
    return fail(Code::internal, "a row of the outbox is broken");
  if (refused != 0) {
    submission.refused = static_cast<Code>(refused - 1);
    CHATD_TRY(submission.refusal, in.blob(kMaxRefusalBytes));
  }
  CHATD_TRY(draft.content, in.blob(kMaxContentBytes));
  return submission;
}

std::uint64_t Outbox::next_number(TimeMs now) {
  last_ = std::max(last_ + 1, static_cast<std::uint64_t>(now) * kNumbersPerMs);
  return last_;
}

Status Outbox::has_place(const UserId& user, std::size_t content_bytes) const {
  const auto own = users_.find(user);
  const bool has_few =
      own == users_.end() || (own->second.hubs.size() < kMaxOfUser &&
                              own->second.bytes + content_bytes <= kMaxBytesOfUser);
  if (!has_few) return fail(Code::limit_reached, "too much of this account is pending already");
  if (size_ < kMaxEntries && bytes_ + content_bytes <= kMaxBytes) return {};
  return fail(Code::limit_reached, "too much is pending on this server already");
}

void Outbox::put(Submission submission) {
  const std::uint64_t entry = submission.entry;
  const UserId user = submission.draft.sender;
  erase(user, entry);
  last_ = std::max(last_, entry);
  const std::size_t bytes = submission.draft.content.size();
  User& own = users_[user];
  own.hubs[entry] = submission.hub;
  own.bytes += bytes;
  bytes_ += bytes;
  ++size_;
  Entries& entries = submission.refused ? refused_ : waiting_[submission.hub];
  entries.emplace(entry, std::move(submission));
}

const Submission& Outbox::at(const std::string& hub, std::uint64_t entry) const {
  const auto refused = refused_.find(entry);
  return refused != refused_.end() ? refused->second : waiting_.at(hub).at(entry);
}

void Outbox::erase(const UserId& user, std::uint64_t entry) {
  const auto own = users_.find(user);
  if (own == users_.end()) return;
  const auto found = own->second.hubs.find(entry);
  if (found == own->second.hubs.end()) return;
  const std::size_t bytes = at(found->second, entry).draft.content.size();
  own->second.bytes -= bytes;
  bytes_ -= bytes;
  --size_;
  if (refused_.erase(entry) == 0) {
    const auto of_hub = waiting_.find(found->second);
    of_hub->second.erase(entry);
    if (of_hub->second.empty()) waiting_.erase(of_hub);
  }
  own->second.hubs.erase(found);
  if (own->second.hubs.empty()) users_.erase(own);
}

Submission* Outbox::waiting(const std::string& hub, std::uint64_t entry) {
  const auto of_hub = waiting_.find(hub);
  if (of_hub == waiting_.end()) return nullptr;
  const auto found = of_hub->second.find(entry);
  return found == of_hub->second.end() ? nullptr : &found->second;
}

void Outbox::accepted(const std::string& hub, std::uint64_t entry, Seq seq) {
  if (Submission* const found = waiting(hub, entry)) found->accepted = seq;
}

void Outbox::handed_in(const std::string& hub, std::uint64_t entry) {
  if (Submission* const found = waiting(hub, entry)) found->may_be_known = true;
}

const Outbox::Entries& Outbox::of_hub(const std::string& hub) const {
  static const Entries none;
  const auto found = waiting_.find(hub);
  return found == waiting_.end() ? none : found->second;
}

Outbox::Ours Outbox::of_user(const UserId& user) const {
  Ours all;
  const auto own = users_.find(user);
  if (own == users_.end()) return all;
  for (const auto& [entry, hub] : own->second.hubs) all.push_back(at(hub, entry));
  return all;
}

const Submission* Outbox::find(const UserId& user, std::uint64_t entry) const {
  const auto own = users_.find(user);
  if (own == users_.end()) return nullptr;
  const auto found = own->second.hubs.find(entry);
  return found == own->second.hubs.end() ? nullptr : &at(found->second, entry);
}

const Submission* Outbox::find(const RoomId& room, const UserId& user, DeviceId device,
                               const ClientMsgId& id) const {
  for (const Submission& each : of_user(user))
    if (each.draft.client_msg_id == id && each.draft.device == device && each.draft.room == room)
      return &each;
  return nullptr;
}

const Submission* Outbox::find(const RoomId& room, const ClientMsgId& id) const {
  const auto look_in = [&](const Entries& entries) -> const Submission* {
    for (const auto& [entry, each] : entries)
      if (each.draft.client_msg_id == id && each.draft.room == room) return &each;
    return nullptr;
  };
  for (const auto& [hub, entries] : waiting_)
    if (const Submission* const found = look_in(entries)) return found;
  return look_in(refused_);
}

bool Outbox::awaits_room(const std::string& hub, const RoomId& room) const {
  const Entries& entries = of_hub(hub);
  return std::any_of(entries.begin(), entries.end(),
                     [&](const auto& entry) { return entry.second.draft.room == room; });
}

std::vector<std::string> Outbox::hubs() const {
  std::vector<std::string> hubs;
  for (const auto& [hub, entries] : waiting_) hubs.push_back(hub);
  return hubs;
}

Outbox::Ours Outbox::older_than(TimeMs time) const {
  Ours old;
  for (const auto& [hub, entries] : waiting_)
    for (const auto& [entry, submission] : entries)
      if (submission.since < time && !submission.may_be_known) old.push_back(submission);
  for (const auto& [entry, submission] : refused_)
    if (submission.since < time) old.push_back(submission);
  return old;
}

}  // namespace chatd::core
