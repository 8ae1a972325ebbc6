#include "daemon/core/follow_checks.hpp"

#include "daemon/core/direct_room.hpp"
#include "daemon/wire/content.hpp"
#include "daemon/wire/room_content.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatd::core {
namespace {

using wire::Membership;
using wire::Record;
using wire::RecordKind;

// One of ours enters a room only by what they said themselves.
Status check_consent(const Context& core, const Room& room, const Record& record) {
  CHATD_TRY(const wire::MemberContent content, wire::decode_member(record.content));
  const bool enters = is_ours(core, content.user) && content.membership == Membership::joined &&
                      !room.is_joined(content.user);
  if (enters && record.sender != content.user)
    return unfit(record.seq, "lets a user of this server in who did not ask for it");
  return {};
}

}  // namespace

tl::unexpected<Error> unfit(Seq seq, std::string_view why) {
  return fail(Code::conflict, fmt::format("record {} {}", seq, why));
}

Status check_founding(const Context& core, const std::string& hub, const Record& create) {
  if (create.seq != 1 || create.is_erased || wire::room_id_of(create) != create.room)
    return unfit(create.seq, "does not found the room");
  CHATD_TRY(const wire::CreateContent content, wire::decode_create(create.content));
  const bool is_direct = content.type == wire::RoomType::direct;
  const bool is_of_ours = std::any_of(content.members.begin(), content.members.end(),
                                      [&](const UserId& user) { return is_ours(core, user); });
  // A group's hub may be another one by now than who founded it: then its log says so.
  const bool is_fit = is_direct ? is_direct_create(create) && is_of_ours && create.origin == hub
                                : !is_of_ours || hub == core.settings.server_name;
  if (is_fit) return {};
  return fail(Code::forbidden, "the room is not one that this server can be in");
}

Status check_alone(const Record& record) {
  if (!record.sender.empty() && record.sender.server() != record.origin)
    return unfit(record.seq, "has a sender of another server than its origin");
  if (record.target >= record.seq) return unfit(record.seq, "is about one to come");
  const bool is_state = static_cast<unsigned>(record.kind) < 16;
  if (record.is_erased && is_state) return unfit(record.seq, "has lost the room's state");
  if (record.kind == RecordKind::create) return unfit(record.seq, "founds the room anew");
  if (record.kind == RecordKind::hub_move && !record.sender.empty())
    return unfit(record.seq, "moves the room, which only its hub may");
  if (!record.is_erased)
    if (const Status status = wire::check_content(record.kind, record.content); !status)
      return unfit(record.seq, "has a content that is none: " + status.error().message);
  return {};
}

Status check_signed(const Record& record, const std::string& hub) {
  if (record.origin_signature.empty() == (record.origin == hub)) return {};
  return unfit(record.seq, "is not signed by its origin, or was numbered by another hub");
}

Status check_next(const Context& core, const Room& room, const Record& record) {
  if (record.prev_hash != room.head_hash()) return unfit(record.seq, "does not follow by its hash");
  if (record.term != room.term()) return unfit(record.seq, "is of another term");
  if (record.time < room.last_active()) return unfit(record.seq, "is older than the one before");
  const auto ordinal = room.messages() + (record.kind == RecordKind::message ? 1 : 0);
  if (record.ordinal != ordinal) return unfit(record.seq, "counts the messages wrongly");
  CHATD_CHECK(check_alone(record));
  CHATD_CHECK(check_signed(record, room.hub()));
  if (room.members().size() + room.banned_servers().size() > kMaxFollowedMembers)
    return unfit(record.seq, "fills an overfull room");
  if (record.kind == RecordKind::member && is_elsewhere(core, room))
    return check_consent(core, room, record);
  return {};
}

}  // namespace chatd::core
