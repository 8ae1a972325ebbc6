#include "plugins/storage_lmdb/store.hpp"

namespace chatd::storage_lmdb {
namespace {

// Finds the records of one room, wherever they stand.
class RoomReader {
 public:
  RoomReader(const Journal& journal, RunCursor runs, const RangePlan& plan, const RoomId& room)
      : journal_(journal), runs_(std::move(runs)), plan_(plan), room_(room) {}

  // Valid until the next call.
  Result<std::string_view> record(std::uint64_t seq, const ReadTxn& journal, RunDecoder& decoder) {
    if (const auto found = plan_.replaced.find(seq); found != plan_.replaced.end())
      return journal_.value(journal, found->second.position, found->second.offset);
    if (seq >= plan_.tail_first && seq - plan_.tail_first < plan_.places.size()) {
      const Place& place = plan_.places[seq - plan_.tail_first];
      return journal_.value(journal, place.position, place.offset);
    }
    if (seq < first_ || seq - first_ >= records_.size()) {
      CHATD_STORE_TRY(const bool is_there, runs_.seek(room_, seq));
      if (!is_there || seq > runs_.last_seq())
        return fail(CHATD_E_CORRUPT, "record " + std::to_string(seq) + " of a room is missing");
      first_ = runs_.first_seq();
      CHATD_STORE_TRY(records_, decoder.decode(room_, first_, runs_.run()));
    }
    return records_[seq - first_];
  }

 private:
  const Journal& journal_;
  RunCursor runs_;
  const RangePlan& plan_;
  const RoomId& room_;
  std::uint64_t first_ = 0;  // seq of the first of records_
  std::span<const std::string_view> records_;
};

}  // namespace

Store::Reading::~Reading() {
  if (at_ != nullptr) store_->end_reading(std::move(at_), is_long_);
}

Result<Store::Reading> Store::begin_reading(const std::function<void()>& plan, bool is_long) {
  std::unique_lock held(mutex_);
  readable_.wait(held, [this] { return !is_paused_; });
  CHATD_STORE_CHECK(still_works());
  std::unique_ptr<Snapshot> at;
  if (idle_snapshots_.empty()) {
    CHATD_STORE_TRY(auto journal, ReadTxn::begin(journal_->env()));
    CHATD_STORE_TRY(auto history, ReadTxn::begin(history_->env()));
    at.reset(new Snapshot{std::move(journal), std::move(history), {}});
  } else {
    at = std::move(idle_snapshots_.back());
    idle_snapshots_.pop_back();
    CHATD_STORE_CHECK(at->journal.renew());
    CHATD_STORE_CHECK(at->history.renew());
  }
  plan();
  ++reading_;
  if (is_long) ++long_reading_;
  return Reading(*this, std::move(at), is_long);
}

void Store::end_reading(std::unique_ptr<Snapshot> at, bool is_long) {
  at->journal.reset();
  at->history.reset();
  const std::lock_guard held(mutex_);
  idle_snapshots_.push_back(std::move(at));
  if (--reading_ == 0) quiet_.notify_all();
  if (!is_long) return;
  --long_reading_;
  schedule();  // an erasure may have waited for this
}

Result<std::uint64_t> Store::head(const RoomId& room) {
  std::optional<std::uint64_t> known;
  CHATD_STORE_TRY(const auto reading,
                  begin_reading([&] { known = plan_head(frozen_.get(), *active_, room); }));
  if (known) return *known;
  return history_->head(reading->history, room);
}

Result<chatd_status> Store::read_range(const RoomRange& range, const RecordFn& fn) {
  RangePlan plan;
  CHATD_STORE_TRY(const auto reading,
                  begin_reading([&] { plan = plan_range(frozen_.get(), *active_, range); }));
  if (!plan.head) {
    CHATD_STORE_TRY(plan.head, history_->head(reading->history, range.room));
  }
  CHATD_STORE_TRY(auto runs, RunCursor::open(*history_, reading->history.raw()));
  RoomReader reader(*journal_, std::move(runs), plan, range.room);
  RangeWindow window = window_of(range, *plan.head);
  for (bool is_first = true; !window.is_empty(); is_first = false) {
    const std::uint64_t seq = window.next();
    CHATD_STORE_TRY(const std::string_view record,
                    reader.record(seq, reading->journal, reading->decoder));
    if (!is_first && record.size() > window.bytes_left) break;
    window.bytes_left -= std::min<std::uint64_t>(window.bytes_left, record.size());
    if (const chatd_status status = fn(seq, record); status != CHATD_OK) return status;
    window.advance();
  }
  return CHATD_OK;
}

Result<chatd_status> Store::get(std::string_view key, const PairFn& fn) {
  KeyPlan plan;
  CHATD_STORE_TRY(const auto reading,
                  begin_reading([&] { plan = plan_key(frozen_.get(), *active_, key); }));
  std::optional<std::string_view> value;
  if (plan.place) {
    CHATD_STORE_TRY(value,
                    journal_->value(reading->journal, plan.place->position, plan.place->offset));
  } else if (!plan.is_known) {
    CHATD_STORE_TRY(value, history_->get(reading->history, key));
  }
  if (!value) return fail(CHATD_E_NOT_FOUND, "there is no such key");
  return fn(key, *value);
}

Result<chatd_status> Store::scan(std::string_view prefix, std::string_view after,
                                 std::uint64_t limit, const PairFn& fn) {
  ScanPlan plan;
  CHATD_STORE_TRY(const auto reading, begin_reading([&] {
                    plan = plan_scan(frozen_.get(), *active_, prefix, after, limit);
                  }));
  CHATD_STORE_TRY(auto row,
                  Cursor::open(history_->env(), reading->history.raw(), history_->keys()));
  const bool is_behind = !after.empty() && after >= prefix;
  CHATD_STORE_TRY(bool has_row, row.at_or_after(is_behind ? after : prefix));
  if (has_row && is_behind && row.key() == after) {
    CHATD_STORE_TRY(has_row, row.next());
  }
  auto over = plan.begin();
  while (limit > 0) {
    has_row = has_row && row.key().starts_with(prefix);
    const bool is_over = over != plan.end() && (!has_row || over->first <= row.key());
    if (!is_over && !has_row) break;
    std::optional<std::string_view> value;
    const std::string_view key = is_over ? std::string_view(over->first) : row.key();
    if (!is_over) {
      CHATD_STORE_TRY(value, history_->value(key, row.value()));
    } else if (over->second) {
      CHATD_STORE_TRY(
          value, journal_->value(reading->journal, over->second->position, over->second->offset));
    }
    if (value) {
      --limit;
      if (const chatd_status status = fn(key, *value); status != CHATD_OK) return status;
    }
    const bool is_row_passed = has_row && row.key() == key;
    if (is_over) ++over;
    if (is_row_passed) {
      CHATD_STORE_TRY(has_row, row.next());
    }
  }
  return CHATD_OK;
}

}  // namespace chatd::storage_lmdb
