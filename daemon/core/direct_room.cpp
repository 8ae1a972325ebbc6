#include "daemon/core/direct_room.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"

#include <utility>

namespace chatd::core {

wire::Record direct_create(const UserId& one, const UserId& other) {
  wire::CreateContent content;
  content.type = wire::RoomType::direct;
  content.members = {one, other};
  if (other < one) std::swap(content.members[0], content.members[1]);
  wire::Record record;
  record.seq = 1;
  record.kind = wire::RecordKind::create;
  record.content = wire::to_json(content);
  record.content_hash = blake2b_256(record.content);
  // An even first byte: the server of the first one.
  record.origin = std::string(content.members[record.content_hash[0] % 2].server());
  record.room = wire::room_id_of(record);
  return record;
}

bool is_direct_create(const wire::Record& record) {
  const auto content = wire::decode_create(record.content);
  if (!content || content->members.size() != 2) return false;
  const wire::Record made = direct_create(content->members[0], content->members[1]);
  return record.room == made.room && record.origin == made.origin &&
         record.content == made.content && wire::record_hash(record) == wire::record_hash(made);
}

}  // namespace chatd::core
