#include "daemon/core/preview_rows.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/pipeline.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core {
namespace {

// What stays when the rows are too many: several screens.
constexpr std::size_t kKeepRecords = 200;
constexpr std::size_t kKeepBytes = 256 * 1024;
// They are cut when they have come to twice that: so the state is seldom written anew.
constexpr std::size_t kMaxRecords = 2 * kKeepRecords;
constexpr std::size_t kMaxBytes = 2 * kKeepBytes;
constexpr std::uint32_t kAgainMs = 2000;

bool is_over(const Preview& preview, std::size_t records, std::size_t bytes) {
  return preview.sizes.size() > 1 && (preview.sizes.size() > records || preview.bytes > bytes);
}

Ticket write_head(Context& core, const Room& room) {
  return core.committer.add(
      Put{keys::preview(room.id()),
          encode_preview({room.preview->first, room.preview->claim, room.state()})});
}

Ticket show(Context& core, Preview& preview, wire::Record record, SessionId from) {
  note_edit(core, record);
  Put row{keys::preview_record(record.room, record.seq), wire::encode_stored(record)};
  preview.add(row.value.size());
  return core.committer.show(std::move(row), std::move(record), from);
}

// The rows of a preview in the range, as a store would give them.
Task<Result<std::vector<StoredRecord>>> read_rows(StorePort& store, Range range) {
  const std::string prefix = keys::preview(range.room);
  std::string after = range.first == 0 ? prefix : keys::preview_record(range.room, range.first - 1);
  auto rows = co_await call<Result<std::vector<KeyValue>>>(
      [&](auto done) { store.scan(prefix, after, kMaxRecords + 1, std::move(done)); });
  if (!rows) co_return fail(std::move(rows).error());
  std::vector<StoredRecord> records;
  for (auto& [key, value] : *rows) {
    CHATD_CO_TRY(
        const Seq seq,
        ByteReader(std::string_view(key).substr(std::min(prefix.size(), key.size()))).u64());
    if (seq <= range.last) records.push_back({seq, std::move(value)});
  }
  if (range.newest_first) std::reverse(records.begin(), records.end());
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < records.size() && count < range.max_records) {
    bytes += records[count].bytes.size();
    if (count > 0 && bytes > range.max_bytes) break;
    ++count;
  }
  records.resize(count);
  co_return records;
}

}  // namespace

void write_preview(Context& core, Room& room, std::vector<wire::Record> newest) {
  for (wire::Record& record : newest) show(core, *room.preview, std::move(record), {});
  room.last_ticket = write_head(core, room);
}

Ticket keep_ahead(Context& core, Room& room, wire::Record record, SessionId from) {
  Preview& preview = *room.preview;
  const Ticket ticket = show(core, preview, std::move(record), from);
  if (!is_over(preview, kMaxRecords, kMaxBytes)) return ticket;
  while (is_over(preview, kKeepRecords, kKeepBytes)) {
    core.committer.add(Delete{keys::preview_record(room.id(), preview.first)});
    preview.drop_first();
  }
  return write_head(core, room);
}

Ticket drop_preview(Context& core, Room& room) {
  for (Seq seq = room.preview->first; seq <= room.head(); ++seq)
    core.committer.add(Delete{keys::preview_record(room.id(), seq)});
  room.preview.reset();
  return core.committer.add(Delete{keys::preview(room.id())});
}

Task<Result<std::unique_ptr<Room>>> fetch_preview(StorePort& store, RoomId id, std::string head) {
  CHATD_CO_TRY(PreviewHead kept, decode_preview(head));
  CHATD_CO_TRY(Room state, Room::from_state(kept.state));
  auto room = std::make_unique<Room>(std::move(state));
  Preview& preview = room->preview.emplace();
  preview.claim = std::move(kept.claim);
  preview.first = kept.first;
  auto log = co_await call<Result<Seq>>([&](auto done) { store.head(id, std::move(done)); });
  if (!log) co_return fail(std::move(log).error());
  preview.log = *log;
  auto rows = co_await read_rows(store, Range{id, 0, UINT64_MAX, SIZE_MAX, SIZE_MAX, false});
  if (!rows) co_return fail(std::move(rows).error());
  for (const StoredRecord& row : *rows) {
    preview.add(row.bytes.size());
    if (row.seq <= room->head()) continue;
    CHATD_CO_TRY(wire::Record record, wire::decode_stored(id, row.seq, row.bytes));
    record.prev_hash = room->head_hash();
    CHATD_CO_CHECK(room->apply(record));
  }
  room->durable = room->head();
  co_return room;
}

Task<Result<std::vector<StoredRecord>>> read_stored(Context& core, Range range) {
  if (core.rooms.find(range.room) == nullptr) {
    auto loaded = co_await core.rooms.load(range.room);
    if (!loaded) co_return fail(std::move(loaded).error());
  }
  const Room* const room = core.rooms.find(range.room);
  const Preview* const preview = room != nullptr && room->preview ? &*room->preview : nullptr;
  if (preview == nullptr || (range.newest_first ? range.last : range.first) <= preview->log) {
    if (preview != nullptr) range.last = std::min(range.last, preview->log);
    auto records = co_await call<Result<std::vector<StoredRecord>>>(
        [&](auto done) { core.store.read(range, std::move(done)); });
    co_return records;
  }
  const Seq begins = range.newest_first ? std::min(range.last, room->head()) : range.first;
  if (begins < preview->first)
    co_return fail(Code::unavailable, "the room's older records are still being fetched", kAgainMs);
  range.first = std::max(range.first, preview->first);
  auto records = co_await read_rows(core.store, range);
  co_return records;
}

Task<Result<wire::Record>> read_record(Context& core, RoomId room, Seq seq) {
  const Room* const known = core.rooms.find(room);
  if (known != nullptr && known->preview && !known->preview->has(seq))
    co_return fail(Code::not_found, "this record is not here yet");
  auto records = co_await read_stored(core, Range{room, seq, seq, 1, 1, false});
  if (!records) co_return fail(std::move(records).error());
  if (records->empty()) co_return fail(Code::not_found, "there is no record with this number");
  auto record = wire::decode_stored(room, seq, records->front().bytes);
  co_return record;
}

void erase_stored(const Room* room, wire::Record record, std::vector<Write>& out) {
  const RoomId id = record.room;
  const Seq seq = record.seq;
  std::string erased = wire::encode_stored(wire::erase_content(std::move(record)));
  const Preview* const preview = room != nullptr && room->preview ? &*room->preview : nullptr;
  if (preview != nullptr && seq >= preview->first)
    out.push_back(Put{keys::preview_record(id, seq), erased});
  if (preview == nullptr || seq <= preview->log) out.push_back(Replace{id, seq, std::move(erased)});
}

}  // namespace chatd::core
