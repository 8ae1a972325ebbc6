#include "plugins/storage_lmdb/page_file.hpp"
#include "plugins/storage_lmdb/store.hpp"

#include <chrono>

namespace chatd::storage_lmdb {
namespace {

constexpr std::size_t kTrimEntries = 256;  // in one transaction, which keeps a commit waiting
// How long readers that are under way may keep new ones and commits waiting when an erasure needs
// quiet; they are short. After that it is tried again.
constexpr std::chrono::milliseconds kWaitForReaders{250};

}  // namespace

Status Store::settle() {
  std::uint64_t position = 0;
  {
    const std::lock_guard held(mutex_);
    position = active_->last_position();
  }
  CHATD_STORE_CHECK(fold_to(position));
  CHATD_STORE_TRY(const bool is_erased, erase());
  if (!is_erased) return fail(CHATD_E_UNAVAILABLE, "a backup or a long read is under way");
  return {};
}

// Needs mutex_.
bool Store::has_upkeep() const {
  return !is_dead_ && (frozen_ != nullptr || (replaced_at_ > erased_to_ && long_reading_ == 0));
}

// Needs mutex_.
void Store::schedule() {
  if (is_scheduled_ || !options_.work || !has_upkeep()) return;
  is_scheduled_ = options_.work([this] { run_upkeep(); });  // else the next commit tries again
}

void Store::run_upkeep() {
  bool has_more = true;
  while (has_more) {
    const Status status = upkeep();
    if (!status) note(status.error());
    const std::lock_guard held(mutex_);
    has_more = status && has_upkeep();
    is_scheduled_ = has_more;
  }
}

Status Store::upkeep() {
  std::uint64_t position = 0;
  {
    const std::lock_guard held(mutex_);
    if (frozen_ != nullptr) position = frozen_->last_position();
  }
  CHATD_STORE_CHECK(fold_to(position));
  CHATD_STORE_TRY([[maybe_unused]] const bool is_erased, erase());
  return {};
}

// Moves the next slice of what is frozen, if anything is, into the history. Needs history_mutex_.
Status Store::move_slice() {
  CHATD_STORE_CHECK(still_works());
  std::shared_ptr<const Memtable> frozen;
  {
    const std::lock_guard held(mutex_);
    frozen = frozen_;
  }
  if (frozen == nullptr) return {};
  if (fold_ == nullptr) fold_ = std::make_unique<Fold>(frozen, encoder_);
  CHATD_STORE_TRY(const bool is_done,
                  fold_->step(*journal_, *history_, options_.slice_writes,
                              [this] { return die_at(FaultPoint::fold_slice_begun); }));
  CHATD_STORE_CHECK(die_at(FaultPoint::fold_slice_written));
  {
    const std::lock_guard held(mutex_);
    moved_writes_ = fold_->moved_writes();
    if (is_done) {
      folded_ = frozen->last_position();
      frozen_.reset();
      moved_writes_ = 0;
      last_note_.clear();
    }
  }
  moved_.notify_all();
  if (!is_done) return {};
  fold_.reset();
  return die_at(FaultPoint::fold_written);
}

// Folds everything up to a position. Waits for no commit that waits for the fold: commit_mutex_ is
// only taken when nothing is frozen.
Status Store::fold_to(std::uint64_t position) {
  while (true) {
    bool is_folding = false;
    {
      const std::lock_guard held(mutex_);
      if (folded_ >= position) return {};
      is_folding = frozen_ != nullptr;
    }
    if (!is_folding) {
      const std::lock_guard committing(commit_mutex_);
      const std::lock_guard held(mutex_);
      if (frozen_ == nullptr && folded_ < position) freeze();
    }
    const std::lock_guard folding(history_mutex_);
    CHATD_STORE_CHECK(move_slice());
  }
}

// Needs commit_mutex_ and mutex_, and that nothing is frozen.
void Store::freeze() {
  frozen_ = active_;
  active_ = std::make_shared<Memtable>(frozen_->last_position() + 1);
}

// Makes replaced bytes unrecoverable. LMDB keeps them in pages that it no longer uses, in the gaps
// of those it does, and in pages of memory that it will use for the next transactions. So: fold and
// trim until nothing refers to them, open both files anew to drop the memory, then zero all that
// the files don't refer to. False: a reader was in the way.
Result<bool> Store::erase() {
  const std::lock_guard erasing(erase_mutex_);
  std::uint64_t target = 0;
  {
    const std::lock_guard held(mutex_);
    target = replaced_at_;
    if (target <= erased_to_) return true;
    if (long_reading_ > 0) return false;
  }
  CHATD_STORE_CHECK(fold_to(target));
  for (bool has_more = true; has_more;) {
    CHATD_STORE_TRY(has_more, journal_->trim(target, kTrimEntries));
    CHATD_STORE_CHECK(die_at(FaultPoint::trim_written));
  }

  std::unique_lock committing(commit_mutex_);
  const std::lock_guard folding(history_mutex_);
  CHATD_STORE_TRY(const bool is_quiet, reopen_in_quiet());
  if (!is_quiet) return false;
  CHATD_STORE_CHECK(die_at(FaultPoint::erase_quiet));
  // Readers that come now see the newest state, which is all that scrub() keeps; the held mutexes
  // keep writers out.
  CHATD_STORE_TRY(const auto journal, PageFile::open(journal_file()));
  CHATD_STORE_CHECK(journal.scrub());
  committing.unlock();
  CHATD_STORE_CHECK(die_at(FaultPoint::erase_half));
  CHATD_STORE_TRY(const auto history, PageFile::open(history_file()));
  CHATD_STORE_CHECK(history.scrub());
  CHATD_STORE_TRY(auto txn, WriteTxn::begin(history_->env()));
  CHATD_STORE_CHECK(history_->set_mark(txn, History::Mark::erased, target));
  CHATD_STORE_CHECK(txn.commit());
  const std::lock_guard held(mutex_);
  erased_to_ = target;
  return true;
}

// Opens both files anew once nobody reads. Needs commit_mutex_ and history_mutex_.
Result<bool> Store::reopen_in_quiet() {
  std::unique_lock held(mutex_);
  is_paused_ = true;
  const bool is_quiet = long_reading_ == 0 &&
                        quiet_.wait_for(held, kWaitForReaders, [this] { return reading_ == 0; });
  Status reopened;
  if (is_quiet) {
    idle_snapshots_.clear();
    reopened = reopen_files();
    if (!reopened) is_dead_ = true;
  }
  is_paused_ = false;
  held.unlock();
  readable_.notify_all();
  CHATD_STORE_CHECK(reopened);
  return is_quiet;
}

// Says once what keeps the upkeep from being done; it is tried again with every commit.
void Store::note(const Error& error) {
  {
    const std::lock_guard held(mutex_);
    if (last_note_ == error.text) return;
    last_note_ = error.text;
  }
  if (options_.log && !is_dead_) options_.log(CHATD_LOG_ERROR, error.text);
}

Status Store::still_works() const {
  if (is_dead_)
    return fail(CHATD_E_INTERNAL, "the store has stopped after a failure; restart the server");
  return {};
}

Status Store::die_at(FaultPoint point) {
  if (!options_.dies_at || !options_.dies_at(point)) return {};
  is_dead_ = true;
  return fail(CHATD_E_INTERNAL, "killed by a test");
}

}  // namespace chatd::storage_lmdb
