#include "plugins/storage_lmdb/fold.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace chatd::storage_lmdb {
namespace {

constexpr std::uint64_t kNoSeq = std::numeric_limits<std::uint64_t>::max();
// A slice ends behind this much, so that one transaction stays small whatever the records' size.
constexpr std::size_t kMaxSliceBytes = 8 << 20;
// Older runs join the new records as long as they are not much larger than these: so a record is
// compressed again a few times in its life, not each time its room gets another one.
constexpr std::size_t kJoinFactor = 2;

}  // namespace

Fold::Fold(std::shared_ptr<const Memtable> table, RunEncoder& encoder)
    : table_(std::move(table)), encoder_(encoder) {
  for (const auto& [room, tail] : table_->tails())
    if (!tail.records.empty()) rooms_.push_back(room);
  for (const auto& [where, location] : table_->replaced())
    if (rooms_.empty() || rooms_.back() != where.first) rooms_.push_back(where.first);
  std::sort(rooms_.begin(), rooms_.end(), [](const RoomId& one, const RoomId& other) {
    return view(one) < view(other);  // bytes as LMDB compares them
  });
  rooms_.erase(std::unique(rooms_.begin(), rooms_.end()), rooms_.end());
}

Result<bool> Fold::step(const Journal& journal, const History& history, std::size_t max_writes,
                        const BeforeCommit& before_commit) {
  CHATD_STORE_TRY(const auto from, ReadTxn::begin(journal.env()));
  CHATD_STORE_TRY(auto into, WriteTxn::begin(history.env()));
  Slice slice{journal, history, from, into, max_writes, kMaxSliceBytes};
  Progress progress = progress_;
  CHATD_STORE_CHECK(move_some(slice, progress));
  progress.moved_writes += max_writes - slice.left;
  CHATD_STORE_CHECK(before_commit());
  CHATD_STORE_CHECK(into.commit());
  progress_ = std::move(progress);
  return progress_.is_done;
}

Status Fold::move_some(Slice& slice, Progress& progress) {
  while (progress.room < rooms_.size()) {
    if (slice.left == 0 || slice.bytes_left == 0) return {};
    CHATD_STORE_CHECK(move_room(slice, progress));
  }
  CHATD_STORE_CHECK(move_keys(slice, progress));
  if (slice.left == 0 || slice.bytes_left == 0) return {};
  progress.is_done = true;
  using Mark = History::Mark;
  if (table_->last_replace() > 0)
    CHATD_STORE_CHECK(slice.history.set_mark(slice.into, Mark::replaced, table_->last_replace()));
  return slice.history.set_mark(slice.into, Mark::folded, table_->last_position());
}

// Moves as much of the room as the slice takes, and goes on to the next room when that was all.
Status Fold::move_room(Slice& slice, Progress& progress) {
  const RoomId& room = rooms_[progress.room];
  if (!progress.has_replaced) CHATD_STORE_CHECK(replace_records(slice, room));
  progress.has_replaced = true;

  const Memtable::Tail* const tail = table_->find_tail(room);
  records_.clear();
  owned_.clear();
  const std::size_t from = progress.record;
  while (tail != nullptr && progress.record < tail->records.size() && slice.left > 0 &&
         slice.bytes_left > 0) {
    CHATD_STORE_TRY(const std::string_view bytes, value(slice, tail->records[progress.record]));
    records_.push_back(bytes);
    ++progress.record;
  }
  if (!records_.empty()) {
    CHATD_STORE_TRY(const std::uint64_t first_seq,
                    join_open_runs(slice, room, tail->first_seq + from));
    CHATD_STORE_CHECK(put_runs(slice, room, first_seq));
  }
  if (tail == nullptr || progress.record == tail->records.size()) {
    ++progress.room;
    progress.record = 0;
    progress.has_replaced = false;
  }
  return {};
}

// Puts the room's last runs, where they are open and small, in front of records_ and takes them out
// of the history. Returns the seq of the first of records_.
Result<std::uint64_t> Fold::join_open_runs(Slice& slice, const RoomId& room,
                                           std::uint64_t first_seq) {
  CHATD_STORE_TRY(auto cursor, RunCursor::open(slice.history, slice.into.raw()));
  CHATD_STORE_TRY(bool is_there, cursor.seek(room, kNoSeq));
  if ((is_there ? cursor.last_seq() : 0) + 1 != first_seq)
    return fail(CHATD_E_CORRUPT, "the history of a room does not end where its journal begins");
  while (is_there && cursor.head().is_open && cursor.last_seq() + 1 == first_seq &&
         cursor.head().count <= kJoinFactor * records_.size()) {
    CHATD_STORE_TRY(const auto older, decoder_.decode(room, cursor.first_seq(), cursor.run()));
    std::vector<std::string_view> joined;
    joined.reserve(older.size() + records_.size());
    for (const std::string_view record : older) joined.push_back(owned_.emplace_back(record));
    joined.insert(joined.end(), records_.begin(), records_.end());
    records_ = std::move(joined);
    first_seq = cursor.first_seq();
    CHATD_STORE_CHECK(cursor.erase());
    CHATD_STORE_TRY(is_there, cursor.seek(room, kNoSeq));
  }
  return first_seq;
}

Status Fold::put_runs(Slice& slice, const RoomId& room, std::uint64_t first_seq) {
  return encoder_.cut(
      room, first_seq, records_, [&](std::uint64_t first, std::string_view run) -> Status {
        return slice.into.put(slice.history.runs(), RunKey(room, first).bytes(), run);
      });
}

// Rewrites the runs that have the room's replaced records.
Status Fold::replace_records(Slice& slice, const RoomId& room) {
  auto at = table_->replaced().lower_bound({room, 0});
  const auto end = table_->replaced().upper_bound({room, kNoSeq});
  while (at != end) {
    CHATD_STORE_TRY(auto cursor, RunCursor::open(slice.history, slice.into.raw()));
    CHATD_STORE_TRY(const bool is_there, cursor.seek(room, at->first.second));
    if (!is_there || cursor.last_seq() < at->first.second)
      return fail(CHATD_E_CORRUPT, "a record that is to be replaced is missing");
    CHATD_STORE_CHECK(rewrite_run(slice, cursor, at, end));
  }
  return {};
}

// Takes from `at` what lies in the run the cursor stands on.
Status Fold::rewrite_run(Slice& slice, const RunCursor& cursor,
                         Memtable::Replaced::const_iterator& at,
                         Memtable::Replaced::const_iterator end) {
  const RoomId room = cursor.room();
  const std::uint64_t first_seq = cursor.first_seq();
  CHATD_STORE_TRY(const auto older, decoder_.decode(room, first_seq, cursor.run()));
  records_.assign(older.begin(), older.end());
  owned_.clear();
  for (std::string_view& record : records_) record = owned_.emplace_back(record);
  for (; at != end && at->first.second - first_seq < records_.size(); ++at) {
    CHATD_STORE_TRY(records_[at->first.second - first_seq], value(slice, at->second));
  }
  return put_runs(slice, room, first_seq);
}

Status Fold::move_keys(Slice& slice, Progress& progress) {
  auto at = table_->keys().upper_bound(progress.last_key);
  for (; at != table_->keys().end() && slice.left > 0 && slice.bytes_left > 0; ++at) {
    const auto& [key, location] = *at;
    if (location) {
      CHATD_STORE_TRY(const std::string_view bytes, value(slice, *location));
      CHATD_STORE_CHECK(slice.history.put(slice.into, key, bytes));
    } else {
      --slice.left;
      CHATD_STORE_CHECK(slice.into.erase(slice.history.keys(), key));
    }
    progress.last_key = key;
  }
  return {};
}

// The value, counted against the slice.
Result<std::string_view> Fold::value(Slice& slice, const Memtable::Location& location) {
  const Place place = table_->place(location);
  CHATD_STORE_TRY(const std::string_view bytes,
                  slice.journal.value(slice.from, place.position, place.offset));
  if (slice.left > 0) --slice.left;
  slice.bytes_left -= std::min(slice.bytes_left, bytes.size() + 1);
  return bytes;
}

}  // namespace chatd::storage_lmdb
