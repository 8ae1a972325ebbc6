#include "tests/sim/store_faults.hpp"

#include "daemon/base/assert.hpp"
#include "plugins/storage_lmdb/env.hpp"
#include "plugins/storage_lmdb/store.hpp"

#include <utility>

namespace chatd::sim {
namespace {

using namespace storage_lmdb;

storage_lmdb::Status remove_last_row(const std::filesystem::path& file, std::size_t map_bytes,
                                     const char* name, unsigned flags) {
  CHATD_STORE_TRY(const auto env, Env::open(file, map_bytes));
  CHATD_STORE_TRY(auto txn, WriteTxn::begin(*env));
  CHATD_STORE_TRY(const MDB_dbi table, txn.table(name, flags));
  {
    CHATD_STORE_TRY(auto cursor, Cursor::open(*env, txn.raw(), table));
    CHATD_STORE_TRY(const bool is_there, cursor.last());
    if (is_there) CHATD_STORE_CHECK(cursor.erase());
  }
  return txn.commit();
}

}  // namespace

void damage(const Options& options, Fault fault) {
  storage_lmdb::Status done;
  if (fault == Fault::lost_tail)
    done =
        remove_last_row(options.path / kJournalFile, options.map_bytes, "entries", MDB_INTEGERKEY);
  if (fault == Fault::lost_run)
    done = remove_last_row(options.path / kHistoryFile, options.map_bytes, "runs", 0);
  CHATD_ASSERT(done.has_value());
}

}  // namespace chatd::sim
