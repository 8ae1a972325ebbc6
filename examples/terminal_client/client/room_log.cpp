#include "room_log.hpp"

#include <algorithm>

namespace client {

RoomLog::Fit RoomLog::apply(Room& room, const Record& record, bool is_live) {
  room.head = std::max(room.head, record.seq);
  if (record.seq <= room.last) return Fit::known;
  if (record.seq != room.last + 1) return Fit::gap;
  room.last = record.seq;
  if (room.first == 0) room.first = record.seq;
  room.last_active = std::max(room.last_active, record.time);
  if (record.kind == "meta") {
    if (const json& name = member_of(record.content, "name"); name.is_string())
      room.name = name.get<std::string>();
  }
  cache_.add_record(room.id, record);
  if (record.kind == "redact") cache_.erase_content(room.id, record.target);
  cache_.put_room(room);
  on_record_(room, record, is_live);
  return Fit::taken;
}

RoomLog::Fit RoomLog::take(const std::string& id, const Record& record, bool is_live) {
  auto room = cache_.room(id);
  if (!room || room->membership != "joined") return Fit::no_room;
  Fit fit = Fit::known;
  cache_.transaction([&] {
    fit = apply(*room, record, is_live);
    if (fit == Fit::gap) cache_.put_room(*room);
  });
  return fit;
}

RoomLog::Fit RoomLog::take_page(const std::string& id, const json& records, bool is_live) {
  auto room = cache_.room(id);
  if (!room || room->membership != "joined") return Fit::no_room;
  Fit fit = Fit::known;
  cache_.transaction([&] {
    for (const json& value : records) {
      const auto record = read_record(value);
      if (!record) continue;
      if (room->last == 0) room->last = record->seq - 1;
      fit = apply(*room, *record, is_live);
      if (fit == Fit::gap) break;
    }
    cache_.put_room(*room);
  });
  return fit;
}

std::size_t RoomLog::take_older(const std::string& id, const json& records) {
  auto room = cache_.room(id);
  if (!room || room->first == 0) return 0;
  std::size_t taken = 0;
  cache_.transaction([&] {
    for (auto value = records.rbegin(); value != records.rend(); ++value) {
      const auto record = read_record(*value);
      if (!record || record->seq + 1 != room->first) continue;
      room->first = record->seq;
      cache_.add_record(id, *record);
      ++taken;
    }
    cache_.put_room(*room);
  });
  return taken;
}

bool RoomLog::note_head(const std::string& id, std::uint64_t head) {
  auto room = cache_.room(id);
  if (!room || room->membership != "joined") return false;
  if (head > room->head) {
    room->head = head;
    cache_.put_room(*room);
  }
  return room->last < room->head;
}

}  // namespace client
