#pragma once

#include "plugins/storage_lmdb/history.hpp"
#include "plugins/storage_lmdb/journal.hpp"
#include "plugins/storage_lmdb/memtable.hpp"
#include "plugins/storage_lmdb/run.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::storage_lmdb {

// Moves one frozen memtable into the history, slice by slice, each a transaction: rooms in the
// order of the history's keys, then keys, then the note of how far the history reaches. A store
// that dies between slices finds the rest in the journal and folds it again; what is there twice is
// recognised by its seq, and the same keys get the same values.
//
// One thread at a time. Nothing else writes to the history meanwhile.
class Fold {
 public:
  Fold(std::shared_ptr<const Memtable> table, RunEncoder& encoder);
  Fold(const Fold&) = delete;
  Fold& operator=(const Fold&) = delete;

  // Moves the next slice of about `max_writes` writes. `before_commit` may forbid it. True: that
  // was the last one. After a failure nothing of the slice happened, and it can be tried again.
  using BeforeCommit = std::function<Status()>;
  [[nodiscard]] Result<bool> step(const Journal& journal, const History& history,
                                  std::size_t max_writes, const BeforeCommit& before_commit);

  // How many writes stand in the history already.
  [[nodiscard]] std::size_t moved_writes() const { return progress_.moved_writes; }

 private:
  // How far it got.
  struct Progress {
    std::size_t room = 0;       // index in rooms_
    std::size_t record = 0;     // index in its tail
    bool has_replaced = false;  // its replaced records are done
    std::string last_key;
    std::size_t moved_writes = 0;
    bool is_done = false;
  };
  // What one step works with.
  struct Slice {
    const Journal& journal;
    const History& history;
    const ReadTxn& from;
    const WriteTxn& into;
    std::size_t left;  // of max_writes
    std::size_t bytes_left;
  };

  [[nodiscard]] Status move_some(Slice& slice, Progress& progress);
  [[nodiscard]] Status move_room(Slice& slice, Progress& progress);
  [[nodiscard]] Status move_keys(Slice& slice, Progress& progress);
  [[nodiscard]] Status replace_records(Slice& slice, const RoomId& room);
  [[nodiscard]] Status rewrite_run(Slice& slice, const RunCursor& cursor,
                                   Memtable::Replaced::const_iterator& at,
                                   Memtable::Replaced::const_iterator end);
  [[nodiscard]] Result<std::uint64_t> join_open_runs(Slice& slice, const RoomId& room,
                                                     std::uint64_t first_seq);
  [[nodiscard]] Status put_runs(Slice& slice, const RoomId& room, std::uint64_t first_seq);
  [[nodiscard]] Result<std::string_view> value(Slice& slice, const Memtable::Location& location);

  const std::shared_ptr<const Memtable> table_;
  std::vector<RoomId> rooms_;  // to fold, in order
  Progress progress_;
  RunEncoder& encoder_;
  RunDecoder decoder_;
  std::vector<std::string_view> records_;  // of the room at hand
  std::deque<std::string> owned_;          // bytes that records_ refers to, besides the journal's
};

}  // namespace chatd::storage_lmdb
