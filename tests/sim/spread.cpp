#include "tests/sim/spread.hpp"

#include "daemon/wire/room_content.hpp"

namespace chatd::sim {

std::string hub_of(const RoomId& room, const std::vector<std::string>& log) {
  std::string hub;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto record = wire::decode_stored(room, i + 1, log[i]);
    if (record && i == 0) hub = record->origin;
    if (record && record->kind == wire::RecordKind::hub_move)
      hub = wire::decode_hub_move(record->content).value().to;
  }
  return hub;
}

void Attendance::take(const wire::Record& record) {
  if (record.kind == wire::RecordKind::create) {
    const auto content = wire::decode_create(record.content).value();
    spread_.is_direct = content.type == wire::RoomType::direct;
    for (const UserId& user : content.members) set(user, wire::Membership::joined);
  }
  if (record.kind == wire::RecordKind::member) {
    const auto change = wire::decode_member(record.content).value();
    set(change.user, change.membership);
    if (change.membership == wire::Membership::invited)
      spread_.invited[change.user.text()] = record.time;
  }
  if (spread_.spoke == 0 && record.kind != wire::RecordKind::create) spread_.spoke = record.time;
  // Who is here gets this; who was taken out by it hears that.
  for (const auto& [server, count] : joined_)
    if (count > 0 || left_ == server) spread_.due[server] = record.seq;
  if (!left_.empty() && joined_[left_] == 0) spread_.partings[left_].insert(record.seq);
  left_.clear();
  // As the hub it made it.
  if (record.kind == wire::RecordKind::create) hub_ = record.origin;
  spread_.due[hub_] = record.seq;
  if (record.kind != wire::RecordKind::hub_move) return;
  hub_ = wire::decode_hub_move(record.content).value().to;
  spread_.has_moved = true;
}

void Attendance::set(const UserId& user, wire::Membership now) {
  wire::Membership& was = spread_.users[user.text()];
  const std::string server(user.server());
  joined_[server] += (now == wire::Membership::joined) - (was == wire::Membership::joined);
  if (was == wire::Membership::joined && now != was) left_ = server;
  was = now;
}

}  // namespace chatd::sim
