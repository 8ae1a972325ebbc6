#include "plugins/storage_lmdb/store.hpp"

#include <algorithm>
#include <chrono>

namespace chatd::storage_lmdb {
namespace {

constexpr std::size_t kTrimWhenFull = 4096;
constexpr std::chrono::milliseconds kLookAgain{100};  // whether the one who folds still does

}  // namespace

Status Store::commit(std::span<const Write> writes) {
  if (writes.empty()) return {};
  {
    const std::lock_guard committing(commit_mutex_);
    CHATD_STORE_CHECK(still_works());
    CHATD_STORE_CHECK(make_room());
    CHATD_STORE_CHECK(admit(writes));
    CHATD_STORE_CHECK(die_at(FaultPoint::commit_begun));
    const std::uint64_t position = active_->last_position() + 1;
    std::uint64_t folded = 0;
    {
      const std::lock_guard held(mutex_);
      folded = folded_;
    }
    Status appended = journal_->append(position, writes, folded, offsets_);
    if (!appended && appended.error().status == CHATD_E_NO_SPACE) {
      // Perhaps there is space in what was folded and not yet trimmed.
      CHATD_STORE_TRY([[maybe_unused]] const bool is_trimmed,
                      journal_->trim(folded, kTrimWhenFull));
      appended = journal_->append(position, writes, folded, offsets_);
    }
    CHATD_STORE_CHECK(appended);
    CHATD_STORE_CHECK(die_at(FaultPoint::commit_written));
    const std::lock_guard held(mutex_);
    for (std::size_t i = 0; i < writes.size(); ++i)
      active_->apply(writes[i], {position, offsets_[i]}, tails_[i]);
    active_->end_entry(position, entry_size(writes));
    replaced_at_ = std::max(replaced_at_, active_->last_replace());
  }
  hand_over();
  return {};
}

// Whether each write is what it should be after the ones before it. Notes their tails.
Status Store::admit(std::span<const Write> writes) {
  tails_.clear();
  ++admission_;
  for (const Write& write : writes) {
    tails_.push_back(nullptr);
    if (!write.is_record()) continue;
    CHATD_STORE_TRY(Memtable::Tail* const tail, admitted_tail(write.room));
    tails_.back() = tail;
    const bool is_append = write.op == Op::append;
    if (is_append && write.seq != tail->admitted_head + 1)
      return fail(CHATD_E_CONFLICT, "record " + std::to_string(write.seq) +
                                        " can't be appended to a room whose head is " +
                                        std::to_string(tail->admitted_head));
    if (!is_append && (write.seq == 0 || write.seq > tail->admitted_head))
      return fail(CHATD_E_NOT_FOUND, "record " + std::to_string(write.seq) +
                                         " can't be replaced in a room whose head is " +
                                         std::to_string(tail->admitted_head));
    if (is_append) tail->admitted_head = write.seq;
  }
  return {};
}

// The room's tail in the active memtable, made if need be, with its admitted_head as of this
// admission. Only this thread changes the memtable, so it may look without mutex_.
Result<Memtable::Tail*> Store::admitted_tail(const RoomId& room) {
  Memtable::Tail* tail = active_->find_tail(room);
  if (tail == nullptr) {
    CHATD_STORE_TRY(const std::uint64_t head_so_far, head(room));
    const std::lock_guard held(mutex_);
    tail = &active_->add_tail(room, head_so_far);
  }
  if (tail->admission != admission_) {
    tail->admission = admission_;
    tail->admitted_head = tail->head();
  }
  return tail;
}

// How full a memtable is: at 1 it should be folded.
double Store::fullness(const Memtable& table) const {
  return std::max(
      static_cast<double>(table.writes()) / static_cast<double>(options_.fold_writes),
      static_cast<double>(table.journal_bytes()) / static_cast<double>(options_.fold_bytes));
}

// While one memtable is being folded the next may fill up, but no more than two wait altogether:
// from then on commits go as fast as the fold. Late commits are better than memory without end, and
// many that are a little late better than one that waits for a whole fold.
Status Store::make_room() {
  while (true) {
    std::unique_lock held(mutex_);
    const double waiting = fullness(*active_);
    if (waiting < 1) return {};
    if (frozen_ == nullptr) {
      freeze();
      schedule();
      return {};
    }
    const double moved =
        static_cast<double>(moved_writes_) / static_cast<double>(frozen_->writes());
    if (waiting + fullness(*frozen_) * (1 - moved) < 2) return {};
    const std::unique_lock folding(history_mutex_, std::try_to_lock);
    if (!folding) {
      moved_.wait_for(held, kLookAgain);  // somebody else is at it
      continue;
    }
    held.unlock();
    CHATD_STORE_CHECK(move_slice());
  }
}

// Gets upkeep going, after a commit.
void Store::hand_over() {
  bool is_due = false;
  {
    const std::lock_guard committing(commit_mutex_);
    const std::lock_guard held(mutex_);
    if (fullness(*active_) >= 1 && frozen_ == nullptr) freeze();
    schedule();
    is_due = !options_.work && has_upkeep();
  }
  if (is_due) run_upkeep();
}

}  // namespace chatd::storage_lmdb
