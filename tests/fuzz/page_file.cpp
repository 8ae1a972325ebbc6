// Any bytes as a database file: damaged, or LMDB can walk through all of it.

#include "plugins/storage_lmdb/page_file.hpp"

#include <lmdb.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace {

constexpr std::size_t kMapBytes = std::size_t{1} << 30;
constexpr unsigned kMaxTables = 8;
constexpr std::size_t kLargestFile = std::size_t{1} << 20;

void must(bool is_so) {
  if (!is_so) std::abort();
}

// Touches every byte of every row. Returns their names as LMDB sees them in the main table.
void read_all(MDB_txn* txn, MDB_dbi table, bool has_tables) {
  MDB_cursor* cursor = nullptr;
  if (mdb_cursor_open(txn, table, &cursor) != 0) return;
  MDB_val key{};
  MDB_val value{};
  volatile unsigned char sum = 0;
  while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
    for (const MDB_val* part : {&key, &value})
      for (std::size_t i = 0; i < part->mv_size; ++i)
        sum = sum + static_cast<const unsigned char*>(part->mv_data)[i];
    if (!has_tables) continue;
    const std::string name(static_cast<const char*>(key.mv_data), key.mv_size);
    MDB_dbi inner = 0;
    if (mdb_dbi_open(txn, name.c_str(), 0, &inner) == 0) read_all(txn, inner, false);
  }
  mdb_cursor_close(cursor);
}

void walk_with_lmdb(const std::string& path) {
  MDB_env* env = nullptr;
  must(mdb_env_create(&env) == 0);
  mdb_env_set_mapsize(env, kMapBytes);
  mdb_env_set_maxdbs(env, kMaxTables);
  MDB_txn* txn = nullptr;
  if (mdb_env_open(env, path.c_str(), MDB_NOSUBDIR | MDB_RDONLY | MDB_NOLOCK, 0600) == 0 &&
      mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn) == 0) {
    MDB_dbi main = 0;
    if (mdb_dbi_open(txn, nullptr, 0, &main) == 0) read_all(txn, main, true);
    mdb_txn_abort(txn);
  }
  mdb_env_close(env);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chatd::storage_lmdb;
  if (size > kLargestFile) return 0;
  const int fd = memfd_create("page_file", 0);
  must(fd >= 0 && write(fd, data, size) == static_cast<ssize_t>(size));
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  if (const auto file = PageFile::open(path); !file) {
    must(!file.error().text.empty());
  } else {
    static_cast<void>(file->verify(3));
    const auto outcome = file->verify(std::numeric_limits<std::size_t>::max());
    if (outcome) {
      walk_with_lmdb(path);
      must(file->scrub().has_value());
      must(file->verify(std::numeric_limits<std::size_t>::max()).has_value());
      walk_with_lmdb(path);
    } else {
      must(!outcome.error().text.empty() && !file->scrub().has_value());
    }
  }
  close(fd);
  return 0;
}
