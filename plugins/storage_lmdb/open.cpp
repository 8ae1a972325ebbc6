#include "plugins/storage_lmdb/page_file.hpp"
#include "plugins/storage_lmdb/store.hpp"

#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace chatd::storage_lmdb {
namespace {

namespace fs = std::filesystem;

// Pages of each file that are looked at before LMDB may see it: all of a journal and of a small
// history; of a large one the upper levels (`chatctl room verify` looks at all of a room).
constexpr std::size_t kPagesLookedAt = 16384;

Status io_failed(const fs::path& path, const std::error_code& error) {
  return fail(CHATD_E_INTERNAL, path.string() + ": " + error.message());
}

// Makes a file that is there completely or not at all.
template <class Part>
Status create(const fs::path& file, std::size_t map_bytes, const StoreId& id) {
  fs::path unfinished = file;
  unfinished += ".new";
  std::error_code error;
  fs::remove(unfinished, error);
  CHATD_STORE_CHECK(Part::create(unfinished, map_bytes, id));
  fs::rename(unfinished, file, error);
  if (error) return io_failed(file, error);
  return sync_folder(file.parent_path());
}

Status verify(const fs::path& file) {
  CHATD_STORE_TRY(const auto pages, PageFile::open(file));
  return pages.verify(kPagesLookedAt);
}

// Whether a history was made and nothing ever put into it.
Result<bool> is_untouched(const History& history) {
  CHATD_STORE_TRY(const auto txn, ReadTxn::begin(history.env()));
  CHATD_STORE_TRY(const auto folded, history.mark(txn, History::Mark::folded));
  CHATD_STORE_TRY(auto cursor, RunCursor::open(history, txn.raw()));
  CHATD_STORE_TRY(const bool has_runs, cursor.first());
  return folded == 0 && !has_runs;
}

}  // namespace

Status sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_synced = fd >= 0 && ::fsync(fd) == 0;
  const std::error_code error(errno, std::generic_category());
  if (fd >= 0) ::close(fd);
  return is_synced ? Status{} : io_failed(folder, error);
}

Result<std::unique_ptr<Store>> Store::open(Options options) {
  std::unique_ptr<Store> store(new Store(std::move(options)));
  std::error_code error;
  fs::create_directories(store->options_.path, error);
  if (error) return fail(io_failed(store->options_.path, error).error());
  CHATD_STORE_TRY(store->lock_, FolderLock::take(store->options_.path));
  CHATD_STORE_CHECK(store->open_files());
  CHATD_STORE_CHECK(store->recover());
  const std::lock_guard held(store->mutex_);
  store->schedule();
  return store;
}

Store::~Store() = default;

// The history is made first: a journal without a history is never right, a new history without a
// journal is a first start that was interrupted.
Status Store::open_files() {
  const std::size_t map_bytes = options_.map_bytes;
  const bool has_journal = fs::exists(journal_file());
  const bool has_history = fs::exists(history_file());
  if (has_journal && !has_history)
    return fail(CHATD_E_CORRUPT, history_file().string() + ": is missing beside its journal");
  if (!has_history) CHATD_STORE_CHECK(create<History>(history_file(), map_bytes, new_store_id()));
  CHATD_STORE_CHECK(verify(history_file()));
  CHATD_STORE_TRY(history_, History::open(history_file(), map_bytes));
  if (!has_journal) {
    CHATD_STORE_TRY(const bool is_new, is_untouched(*history_));
    if (!is_new)
      return fail(CHATD_E_CORRUPT, journal_file().string() + ": is missing beside its history");
    CHATD_STORE_CHECK(create<Journal>(journal_file(), map_bytes, history_->id()));
  }
  CHATD_STORE_CHECK(verify(journal_file()));
  CHATD_STORE_TRY(journal_, Journal::open(journal_file(), map_bytes));
  if (journal_->id() != history_->id())
    return fail(CHATD_E_CORRUPT,
                options_.path.string() + ": journal.mdb and history.mdb are of different stores");
  return {};
}

Status Store::reopen_files() {
  journal_.reset();
  history_.reset();
  CHATD_STORE_TRY(history_, History::open(history_file(), options_.map_bytes));
  CHATD_STORE_TRY(journal_, Journal::open(journal_file(), options_.map_bytes));
  return {};
}

// Builds the active memtable from what the journal has and the history hasn't.
Status Store::recover() {
  CHATD_STORE_TRY(const auto history, ReadTxn::begin(history_->env()));
  CHATD_STORE_TRY(const auto journal, ReadTxn::begin(journal_->env()));
  CHATD_STORE_TRY(folded_, history_->mark(history, History::Mark::folded));
  CHATD_STORE_TRY(replaced_at_, history_->mark(history, History::Mark::replaced));
  CHATD_STORE_TRY(erased_to_, history_->mark(history, History::Mark::erased));
  CHATD_STORE_TRY(const auto newest, journal_->newest(journal));
  if (newest && *newest < folded_)
    return fail(CHATD_E_CORRUPT,
                options_.path.string() + ": journal.mdb is older than history.mdb");
  active_ = std::make_shared<Memtable>(folded_ + 1);
  const auto in_journal = [&](const std::string& what) {
    return journal_file().string() + " is damaged: " + what;
  };
  const auto each = [&](std::uint64_t position, std::string_view entry) -> Status {
    if (position != active_->last_position() + 1)
      return fail(CHATD_E_CORRUPT, in_journal("there is no entry at position " +
                                              std::to_string(active_->last_position() + 1)));
    const Status replayed =
        decode_entry(position, entry, [&](const Write& write, std::uint32_t offset) -> Status {
          return replay(write, {position, offset}, history);
        });
    if (!replayed) return fail(replayed.error().status, in_journal(replayed.error().text));
    active_->end_entry(position, entry.size());
    return {};
  };
  CHATD_STORE_CHECK(journal_->for_each(journal, folded_, each));
  replaced_at_ = std::max(replaced_at_, active_->last_replace());
  return {};
}

// A fold that was interrupted has moved some of the journal's records already: these are passed
// over. Keys and replaced records may be there already too, with the same or an older value.
Status Store::replay(const Write& write, const Place& place, const ReadTxn& history) {
  Memtable::Tail* tail = nullptr;
  if (write.is_record()) {
    tail = active_->find_tail(write.room);
    if (tail == nullptr) {
      CHATD_STORE_TRY(const std::uint64_t head, history_->head(history, write.room));
      tail = &active_->add_tail(write.room, head);
    }
    if (write.op == Op::append && write.seq < tail->first_seq) return {};
    if (write.seq > tail->head() + (write.op == Op::append ? 1 : 0) ||
        (write.op == Op::append && write.seq <= tail->head()))
      return fail(CHATD_E_CORRUPT, "a room's records are not in order at position " +
                                       std::to_string(place.position));
  }
  active_->apply(write, place, tail);
  return {};
}

}  // namespace chatd::storage_lmdb
