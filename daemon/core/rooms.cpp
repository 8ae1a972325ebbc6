#include "daemon/core/rooms.hpp"

#include "daemon/core/keys.hpp"
#include "daemon/core/preview_rows.hpp"
#include "daemon/wire/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatd::core {
namespace {

// One read while a room is loaded or looked through: a worker is not held for long, the loop is not
// fed more than it can digest in a millisecond.
constexpr std::size_t kReadRecords = 512;
constexpr std::size_t kReadBytes = 512 * 1024;
// Snapshots are at least so many records apart.
constexpr std::uint32_t kMinSnapshotGap = 64;
// A member costs about as many bytes of snapshot as a short record.
constexpr std::size_t kMembersPerRecord = 1;

using Records = std::vector<wire::Record>;

}  // namespace

bool needs_snapshot(const Room& room) {
  return room.records_since_snapshot >=
         std::max<std::size_t>(kMinSnapshotGap, room.members().size() * kMembersPerRecord);
}

Task<Result<Records>> read_records(StorePort& store, Range range) {
  const RoomId room = range.room;
  const bool newest_first = range.newest_first;
  auto stored = co_await call<Result<std::vector<StoredRecord>>>(
      [&](auto done) { store.read(range, std::move(done)); });
  if (!stored) co_return fail(std::move(stored).error());
  Records records;
  records.reserve(stored->size());
  for (const StoredRecord& each : *stored) {
    CHATD_CO_TRY(wire::Record record, wire::decode_stored(room, each.seq, each.bytes));
    records.push_back(std::move(record));
  }
  if (newest_first) std::reverse(records.begin(), records.end());
  co_return records;
}

Task<Result<std::optional<wire::Record>>> find_record(
    StorePort& store, RoomId room, Seq first, Seq last,
    std::function<bool(const wire::Record&)> is_wanted) {
  while (first <= last) {
    auto records =
        co_await read_records(store, Range{room, first, last, kReadRecords, kReadBytes, true});
    if (!records) co_return fail(std::move(records).error());
    if (records->empty()) break;
    const auto found = std::find_if(records->rbegin(), records->rend(), is_wanted);
    if (found != records->rend()) co_return std::optional(std::move(*found));
    last = records->front().seq - 1;
  }
  co_return std::optional<wire::Record>();
}

namespace {

// The state after all records; `snapshot` is of an earlier one.
Task<Result<std::unique_ptr<Room>>> read_on(StorePort& store, RoomId id,
                                            std::optional<std::string> snapshot) {
  std::unique_ptr<Room> room;
  if (snapshot) {
    if (auto decoded = Room::decode(id, *snapshot))
      room = std::make_unique<Room>(*std::move(decoded));
  }
  while (true) {
    const Seq next = room == nullptr ? 1 : room->head() + 1;
    auto records = co_await read_records(
        store, Range{id, next, next + kReadRecords, kReadRecords, kReadBytes, false});
    if (!records) co_return fail(std::move(records).error());
    for (wire::Record& record : *records) {
      if (room == nullptr) {
        CHATD_CO_TRY(Room founded, Room::found(record));
        room = std::make_unique<Room>(std::move(founded));
        continue;
      }
      record.prev_hash = room->head_hash();
      CHATD_CO_CHECK(room->apply(record));
    }
    if (records->empty()) break;
  }
  if (room == nullptr) co_return fail(Code::not_found, "there is no such room");
  room->durable = room->head();
  co_return room;
}

}  // namespace

Task<Result<std::unique_ptr<Room>>> fetch_log(StorePort& store, RoomId id) {
  auto snapshot = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { store.get(keys::room_snapshot(id), std::move(done)); });
  if (!snapshot) co_return fail(std::move(snapshot).error());
  auto room = co_await read_on(store, id, *std::move(snapshot));
  co_return room;
}

Task<Result<std::unique_ptr<Room>>> fetch_room(StorePort& store, RoomId id) {
  std::vector<std::string> rows{keys::room_snapshot(id), keys::preview(id)};
  auto values = co_await call<Result<std::vector<std::optional<std::string>>>>(
      [&](auto done) { store.get_many(std::move(rows), std::move(done)); });
  if (!values) co_return fail(std::move(values).error());
  if (auto& preview = values->at(1)) {
    auto room = co_await fetch_preview(store, id, *std::move(preview));
    co_return room;
  }
  auto room = co_await read_on(store, id, std::move(values->at(0)));
  co_return room;
}

}  // namespace chatd::core
