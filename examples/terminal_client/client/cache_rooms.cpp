#include "cache.hpp"
#include <algorithm>

namespace client {
namespace {

constexpr std::int64_t kNoLimit = -1;

Room read_room(const SqlRow& row) {
  Room room;
  room.id = row.text(0);
  room.type = row.text(1);
  room.membership = row.text(2);
  room.name = row.text(3);
  room.peer = row.text(4);
  room.invited_by = row.text(5);
  room.head = row.count(6);
  room.read_seq = row.count(7);
  room.last_active = row.number(8);
  room.first = row.count(9);
  room.last = row.count(10);
  room.counted_unread = row.count(11);
  room.counted_head = row.count(12);
  room.counted_read = row.count(13);
  return room;
}

std::optional<Record> read_row(const SqlRow& row) { return read_record(parse_json(row.text(0))); }

}  // namespace

std::vector<Room> Cache::rooms() {
  std::vector<Room> found;
  db_.run("SELECT * FROM room ORDER BY last_active DESC, id", {},
          [&](const SqlRow& row) { found.push_back(read_room(row)); });
  return found;
}

std::optional<Room> Cache::room(const std::string& id) {
  std::optional<Room> found;
  db_.run("SELECT * FROM room WHERE id = ?", {id},
          [&](const SqlRow& row) { found = read_room(row); });
  return found;
}

void Cache::put_room(const Room& room) {
  db_.run("REPLACE INTO room VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {room.id, room.type, room.membership, room.name, room.peer, room.invited_by,
           sql(room.head), sql(room.read_seq), room.last_active, sql(room.first), sql(room.last),
           sql(room.counted_unread), sql(room.counted_head), sql(room.counted_read)});
}

void Cache::forget_room(const std::string& id) {
  db_.transaction([&] {
    db_.run("DELETE FROM room WHERE id = ?", {id});
    db_.run("DELETE FROM read_marker WHERE room = ?", {id});
    forget_records(id);
  });
}

std::uint64_t Cache::unread(const Room& room, const std::string& me) {
  const auto count_after = [&](std::uint64_t seq) {
    std::uint64_t count = 0;
    db_.run(
        "SELECT COUNT(*) FROM record WHERE room = ? AND kind = 'message' AND seq > ? "
        "AND sender != ?",
        {room.id, sql(seq), me}, [&](const SqlRow& row) { count = row.count(0); });
    return count;
  };
  const bool holds_all_unread = room.first > 0 && room.first <= room.read_seq + 1;
  if (holds_all_unread && room.last >= room.head) return count_after(room.read_seq);
  if (room.read_seq > room.counted_read) return count_after(room.read_seq);
  return room.counted_unread + count_after(std::max(room.counted_head, room.read_seq));
}

void Cache::add_record(const std::string& room, const Record& record) {
  db_.run("REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)",
          {room, sql(record.seq), record.kind, record.sender, sql(record.target),
           dump_json(write_record(record))});
}

std::vector<Record> Cache::about(const std::string& room, std::uint64_t target) {
  std::vector<Record> found;
  db_.run("SELECT json FROM record WHERE room = ? AND target = ? AND target > 0 ORDER BY seq",
          {room, sql(target)}, [&](const SqlRow& row) {
            if (auto record = read_row(row)) found.push_back(*std::move(record));
          });
  return found;
}

std::vector<Message> Cache::messages(const std::string& room, std::uint64_t before,
                                     std::uint64_t limit) {
  std::vector<Message> found;
  db_.run(
      "SELECT json FROM record WHERE room = ? AND kind = 'message' AND (? = 0 OR seq < ?) "
      "ORDER BY seq DESC LIMIT ?",
      {room, sql(before), sql(before), limit == 0 ? kNoLimit : sql(limit)}, [&](const SqlRow& row) {
        if (const auto record = read_row(row))
          found.push_back(fold(*record, about(room, record->seq)));
      });
  std::reverse(found.begin(), found.end());
  return found;
}

std::optional<Message> Cache::message(const std::string& room, std::uint64_t seq) {
  std::optional<Message> found;
  db_.run("SELECT json FROM record WHERE room = ? AND seq = ? AND kind = 'message'",
          {room, sql(seq)}, [&](const SqlRow& row) {
            if (const auto record = read_row(row)) found = fold(*record, about(room, seq));
          });
  return found;
}

std::string Cache::membership_before(const std::string& room, std::uint64_t seq,
                                     const std::string& user) {
  std::string found;
  db_.run(
      "SELECT json ->> '$.content.membership' FROM record WHERE room = ? AND kind = 'member' "
      "AND seq < ? AND json ->> '$.content.user' = ? ORDER BY seq DESC LIMIT 1",
      {room, sql(seq), user}, [&](const SqlRow& row) { found = row.text(0); });
  return found;
}

void Cache::erase_content(const std::string& room, std::uint64_t seq) {
  std::vector<Record> left;
  db_.run(
      "SELECT json FROM record WHERE room = ? AND ((seq = ? AND kind = 'message') OR "
      "(target = ? AND kind = 'edit'))",
      {room, sql(seq), sql(seq)}, [&](const SqlRow& row) {
        if (auto record = read_row(row)) left.push_back(*std::move(record));
      });
  for (Record& record : left) {
    record.is_erased = true;
    record.content = nullptr;
    add_record(room, record);
  }
}

void Cache::forget_records(const std::string& room) {
  db_.run("DELETE FROM record WHERE room = ?", {room});
}

std::uint64_t Cache::read_by(const std::string& room, const std::string& user) {
  std::uint64_t found = 0;
  db_.run("SELECT seq FROM read_marker WHERE room = ? AND user = ?", {room, user},
          [&](const SqlRow& row) { found = row.count(0); });
  return found;
}

std::uint64_t Cache::read_by_others(const std::string& room, const std::string& me) {
  std::uint64_t found = 0;
  db_.run("SELECT MAX(seq) FROM read_marker WHERE room = ? AND user != ?", {room, me},
          [&](const SqlRow& row) { found = row.count(0); });
  return found;
}

bool Cache::put_read(const std::string& room, const std::string& user, std::uint64_t seq) {
  if (seq <= read_by(room, user)) return false;
  db_.run("REPLACE INTO read_marker VALUES (?, ?, ?)", {room, user, sql(seq)});
  return true;
}

}  // namespace client
