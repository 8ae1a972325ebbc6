#pragma once

#include "plugins/storage_lmdb/fold.hpp"
#include "plugins/storage_lmdb/folder_lock.hpp"
#include "plugins/storage_lmdb/history.hpp"
#include "plugins/storage_lmdb/journal.hpp"
#include "plugins/storage_lmdb/memtable.hpp"
#include "plugins/storage_lmdb/options.hpp"
#include "plugins/storage_lmdb/read_plan.hpp"
#include "plugins/storage_lmdb/run.hpp"
#include <chatd/storage.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::storage_lmdb {

inline constexpr const char* kJournalFile = "journal.mdb";
inline constexpr const char* kHistoryFile = "history.mdb";

// Makes what was created, renamed or removed in a folder durable.
[[nodiscard]] Status sync_folder(const std::filesystem::path& folder);

// The whole store: what chatd/storage.h promises, in C++. README.md tells how it works.
//
// Threads: any; see chatd/storage.h for what may run at once. Four mutexes, always taken in this
// order:
//   erase_mutex_    one erasure at a time
//   commit_mutex_   the journal's writer; the active memtable's only changer
//   history_mutex_  the history's writer; the fold
//   mutex_          what readers look at first: short, and nothing is written under it
class Store {
 public:
  // Opens the folder's store or makes a new one. CORRUPT, UNSUPPORTED (another schema), CONFLICT
  // (another process has it), INTERNAL; each with its sentence.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(Options options);
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  [[nodiscard]] Status commit(std::span<const Write> writes);

  // Callbacks return CHATD_OK to go on. What they return else ends the reading and is the result.
  using RecordFn = std::function<chatd_status(std::uint64_t seq, std::string_view record)>;
  using PairFn = std::function<chatd_status(std::string_view key, std::string_view value)>;
  using TextFn = std::function<chatd_status(const std::string& text)>;
  using StatFn = std::function<chatd_status(std::string_view name, std::uint64_t value)>;

  [[nodiscard]] Result<std::uint64_t> head(const RoomId& room);
  [[nodiscard]] Result<chatd_status> read_range(const RoomRange& range, const RecordFn& fn);
  [[nodiscard]] Result<chatd_status> get(std::string_view key, const PairFn& fn);
  [[nodiscard]] Result<chatd_status> scan(std::string_view prefix, std::string_view after,
                                          std::uint64_t limit, const PairFn& fn);

  [[nodiscard]] Status backup(const std::filesystem::path& target);
  [[nodiscard]] Result<chatd_status> check(const TextFn& fn);
  [[nodiscard]] Result<chatd_status> stats(const StatFn& fn);

  // Folds everything and erases what waits to be erased, now and on this thread. UNAVAILABLE: a
  // reader is in the way.
  [[nodiscard]] Status settle();

 private:
  explicit Store(Options options) : options_(std::move(options)) {}

  struct Snapshot {  // both files as of one moment, and memory to decode with
    ReadTxn journal;
    ReadTxn history;
    RunDecoder decoder;
  };
  // A snapshot in use.
  class Reading {
   public:
    Reading(Store& store, std::unique_ptr<Snapshot> at, bool is_long)
        : store_(&store), at_(std::move(at)), is_long_(is_long) {}
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    Reading(Reading&&) = default;
    Reading& operator=(Reading&&) = delete;
    ~Reading();
    Snapshot* operator->() const { return at_.get(); }

   private:
    Store* store_;
    std::unique_ptr<Snapshot> at_;
    bool is_long_;
  };

  // open.cpp
  [[nodiscard]] Status open_files();
  [[nodiscard]] Status reopen_files();
  [[nodiscard]] Status recover();
  [[nodiscard]] Status replay(const Write& write, const Place& place, const ReadTxn& history);

  // commit.cpp
  [[nodiscard]] Status admit(std::span<const Write> writes);
  [[nodiscard]] Result<Memtable::Tail*> admitted_tail(const RoomId& room);
  [[nodiscard]] Status make_room();
  void hand_over();
  [[nodiscard]] double fullness(const Memtable& table) const;

  // read.cpp. Calls `plan` under mutex_, at the very moment that the snapshot shows. A long reading
  // keeps erasures from being done; others are expected to end soon.
  [[nodiscard]] Result<Reading> begin_reading(const std::function<void()>& plan,
                                              bool is_long = false);
  void end_reading(std::unique_ptr<Snapshot> at, bool is_long);

  // upkeep.cpp
  [[nodiscard]] bool has_upkeep() const;
  void schedule();
  void run_upkeep();
  [[nodiscard]] Status upkeep();
  void freeze();
  [[nodiscard]] Status move_slice();
  [[nodiscard]] Status fold_to(std::uint64_t position);
  [[nodiscard]] Result<bool> erase();
  [[nodiscard]] Result<bool> reopen_in_quiet();
  void note(const Error& error);
  [[nodiscard]] Status die_at(FaultPoint point);
  [[nodiscard]] Status still_works() const;

  // backup.cpp, check.cpp
  [[nodiscard]] Status copy_into(const std::filesystem::path& folder, const Snapshot& at) const;

  [[nodiscard]] std::filesystem::path journal_file() const { return options_.path / kJournalFile; }
  [[nodiscard]] std::filesystem::path history_file() const { return options_.path / kHistoryFile; }

  // Constant after construction
  const Options options_;
  std::unique_ptr<FolderLock> lock_;

  // Opened anew only when all mutexes are held and nobody reads
  std::optional<Journal> journal_;
  std::optional<History> history_;

  std::mutex erase_mutex_;

  // commit_mutex_
  std::mutex commit_mutex_;
  std::uint64_t admission_ = 0;
  std::vector<Memtable::Tail*> tails_;  // of the writes of the commit at hand
  std::vector<std::uint32_t> offsets_;

  // history_mutex_
  std::mutex history_mutex_;
  RunEncoder encoder_;
  std::unique_ptr<Fold> fold_;

  // mutex_
  std::mutex mutex_;
  std::condition_variable readable_;
  std::condition_variable quiet_;
  std::condition_variable moved_;
  std::shared_ptr<Memtable> active_;
  std::shared_ptr<const Memtable> frozen_;  // being folded; null: nothing is
  std::size_t moved_writes_ = 0;            // of frozen_, so far
  std::uint64_t folded_ = 0;                // position up to which the history has everything
  std::vector<std::unique_ptr<Snapshot>> idle_snapshots_;
  std::size_t reading_ = 0;        // snapshots in use
  std::size_t long_reading_ = 0;   // of these, backups and checks
  bool is_paused_ = false;         // nobody may begin to read
  bool is_scheduled_ = false;      // upkeep was handed to work() and has not ended
  std::uint64_t replaced_at_ = 0;  // the position of the last REPLACE
  std::uint64_t erased_to_ = 0;    // up to where old bytes are gone from the files
  std::string last_note_;          // what note() logged, not to say it again and again

  std::atomic<bool> is_dead_{false};
};

}  // namespace chatd::storage_lmdb
