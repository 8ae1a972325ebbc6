#include "plugins/storage_lmdb/store.hpp"

#include <system_error>

namespace chatd::storage_lmdb {

namespace fs = std::filesystem;

// A copy row by row, from one snapshot of both files: it comes out packed and without old bytes.
// While it runs LMDB can't use pages again that became free meanwhile, so the files grow by what is
// written in that time.
Status Store::backup(const fs::path& target) {
  std::error_code error;
  if (fs::exists(target, error))
    return fail(CHATD_E_CONFLICT, target.string() + ": exists already");
  fs::path unfinished = target;
  unfinished += ".unfinished";
  fs::remove_all(unfinished, error);
  if (!fs::create_directory(unfinished, error))
    return fail(CHATD_E_INTERNAL, unfinished.string() + ": can't be made: " + error.message());
  fs::permissions(unfinished, fs::perms::owner_all, error);

  Status copied;
  {
    CHATD_STORE_TRY(const auto reading, begin_reading([] {}, true));
    copied = copy_into(unfinished, *reading.operator->());
  }
  if (copied) {
    fs::rename(unfinished, target, error);
    if (!error) return sync_folder(fs::absolute(target).parent_path());
    copied = fail(CHATD_E_INTERNAL, target.string() + ": " + error.message());
  }
  fs::remove_all(unfinished, error);
  return copied;
}

Status Store::copy_into(const fs::path& folder, const Snapshot& at) const {
  constexpr unsigned kSyncedAtTheEnd = MDB_NOSYNC | MDB_NOLOCK;
  const std::size_t map_bytes = options_.map_bytes;
  CHATD_STORE_CHECK(History::create(folder / kHistoryFile, map_bytes, history_->id()));
  CHATD_STORE_CHECK(Journal::create(folder / kJournalFile, map_bytes, journal_->id()));
  CHATD_STORE_TRY(const auto history,
                  History::open(folder / kHistoryFile, map_bytes, kSyncedAtTheEnd));
  CHATD_STORE_TRY(const auto journal,
                  Journal::open(folder / kJournalFile, map_bytes, kSyncedAtTheEnd));

  CHATD_STORE_TRY(const auto folded, history_->mark(at.history, History::Mark::folded));
  CHATD_STORE_CHECK(copy_table(at.history, history_->runs(), {}, history.env(), history.runs()));
  CHATD_STORE_CHECK(copy_table(at.history, history_->keys(), {}, history.env(), history.keys()));
  CHATD_STORE_CHECK(journal_->copy(at.journal, folded, journal));
  CHATD_STORE_TRY(auto txn, WriteTxn::begin(history.env()));
  CHATD_STORE_CHECK(history.set_mark(txn, History::Mark::folded, folded));
  CHATD_STORE_CHECK(txn.commit());
  CHATD_STORE_CHECK(history.env().sync());
  CHATD_STORE_CHECK(journal.env().sync());
  return sync_folder(folder);
}

}  // namespace chatd::storage_lmdb
