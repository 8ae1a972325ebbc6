#include "daemon/core/shares.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/core/keys.hpp"

namespace chatd::core {
namespace {

constexpr std::size_t kMaxIdBytes = 256;

}  // namespace

std::string encode_share(const Share& share) {
  ByteWriter out;
  out.blob(share.server);
  out.varint(share.until);
  return out.take();
}

Result<Share> decode_share(std::string_view row) {
  ByteReader in(row);
  Share share;
  CHATD_TRY(share.server, in.blob(kMaxIdBytes));
  CHATD_TRY(share.until, in.varint());
  return share;
}

SharedRoom shared_end(const Context& core, const Room& room) {
  return {room.id(), !is_elsewhere(core, room), room.head_term(), room.head(), room.head_hash()};
}

std::string notice_key(const Notice& notice) {
  if (notice.erased != 0) return keys::erasure(notice.server, notice.room, notice.erased);
  const RoomId place = notice.room.empty() ? RoomId(blake2b_256(notice.by.text())) : notice.room;
  return keys::notice(notice.user.server(), place, notice.user);
}

Put notice_row(const Notice& notice) {
  ByteWriter out;
  out.blob(notice.to());
  out.raw(notice.room.bytes());
  out.varint(notice.seq);
  out.blob(notice.user.text());
  out.u8(static_cast<std::uint8_t>(notice.membership));
  out.blob(notice.by.text());
  out.varint(static_cast<std::uint64_t>(notice.time));
  out.varint(notice.erased);
  return Put{notice_key(notice), out.take()};
}

Result<Notice> decode_notice(std::string_view row) {
  ByteReader in(row);
  Notice notice;
  CHATD_TRY(notice.server, in.blob(kMaxIdBytes));
  CHATD_TRY(const Hash256 room, in.array<32>());
  notice.room = RoomId(room);
  CHATD_TRY(notice.seq, in.varint());
  CHATD_TRY(const std::string_view user, in.blob(kMaxIdBytes));
  if (!user.empty()) {
    CHATD_TRY(notice.user, UserId::parse(user));
  }
  CHATD_TRY(const std::uint8_t membership, in.u8());
  if (membership > static_cast<std::uint8_t>(wire::Membership::banned))
    return fail(Code::internal, "a row of a notice is broken");
  notice.membership = static_cast<wire::Membership>(membership);
  CHATD_TRY(const std::string_view by, in.blob(kMaxIdBytes));
  if (!by.empty()) {
    CHATD_TRY(notice.by, UserId::parse(by));
  }
  CHATD_TRY(notice.time, in.time());
  CHATD_TRY(notice.erased, in.varint());
  return notice;
}

}  // namespace chatd::core
