#pragma once

#include "plugins/storage_lmdb/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace chatd::storage_lmdb {

// Where tests and the simulation may kill the store: see Options::dies_at.
enum class FaultPoint : std::uint8_t {
  commit_begun,      // admitted, nothing written
  commit_written,    // durable, but not yet acknowledged
  fold_slice_begun,  // a slice is prepared, nothing written
  fold_slice_written,
  fold_written,  // all of a memtable is in the history, the journal still has it
  trim_written,  // a part of the journal was trimmed on behalf of an erasure
  erase_quiet,   // both files were opened anew, nothing scrubbed
  erase_half,    // the journal was scrubbed, the history not
};
inline constexpr int kFaultPoints = 8;

// How a store is set up.
struct Options {
  std::filesystem::path path;  // the folder; made if missing

  // Address space for each file: costs nothing, but a file can't grow beyond it. Large enough for
  // ever, unless the system limits address space.
  std::size_t map_bytes = std::size_t{1} << 40;

  // A memtable is folded when it has this many writes or its journal entries this many bytes. Twice
  // that waits at most; then commits wait for the fold. Sets memory (about 30 bytes a write at
  // worst), the time to start (0.3 s a million writes) and, by how much of a room comes together,
  // how well runs fill their pages.
  std::size_t fold_writes = 250'000;
  std::size_t fold_bytes = 256 << 20;
  // Writes in one transaction of the fold: bounds how long a commit can be held up by it.
  std::size_t slice_writes = 4096;

  // Runs a task on another thread, later; false when it can't now. Every task it took has ended
  // before the store is destroyed. Without it commits do everything themselves.
  std::function<bool(std::function<void()>)> work;
  // Tells the operator, at a CHATD_LOG_* level. Any thread.
  std::function<void(int, const std::string&)> log;

  // For tests: true at a point kills the store there, as `kill -9` would. Every later call fails,
  // and the files are left as they are for the next store.
  std::function<bool(FaultPoint)> dies_at;
};

}  // namespace chatd::storage_lmdb
