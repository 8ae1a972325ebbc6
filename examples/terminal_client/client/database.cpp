#include "database.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace client {
namespace {

// FULL: a message is on this disk before it goes to the server, also if the power fails.
// secure_delete: what someone erased is not left in free pages.
constexpr const char* kSettings =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
    "PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE; COMMIT;";

void close_handle(sqlite3* handle) { sqlite3_close(handle); }

}  // namespace

std::string SqlRow::text(int column) const {
  const auto* bytes = sqlite3_column_text(statement_, column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
  return bytes == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes), size);
}

std::int64_t SqlRow::number(int column) const { return sqlite3_column_int64(statement_, column); }

std::uint64_t SqlRow::count(int column) const {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(number(column), 0));
}

Database::Database(std::unique_ptr<sqlite3, void (*)(sqlite3*)> handle)
    : handle_(std::move(handle)) {}

Outcome<Database> Database::open(const std::string& path, const char* schema) {
  // Made by hand first, so that nobody else can read it; SQLite's other files copy its mode.
  const int fd = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) return {{}, path + " can't be opened: " + std::strerror(errno)};
  ::close(fd);
  sqlite3* raw = nullptr;
  const int failed = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr);
  std::unique_ptr<sqlite3, void (*)(sqlite3*)> handle(raw, close_handle);
  if (failed != SQLITE_OK) return {{}, path + " can't be opened: " + sqlite3_errstr(failed)};
  for (const char* statements : {kSettings, schema}) {
    const int code = sqlite3_exec(raw, statements, nullptr, nullptr, nullptr);
    if (code == SQLITE_BUSY) return {{}, path + " is in use by another client"};
    if (code != SQLITE_OK) return {{}, path + " can't be used: " + sqlite3_errmsg(raw)};
  }
  return {Database(std::move(handle)), {}};
}

void Database::note_error(const char* what) {
  if (error_.empty())
    error_ =
        std::string("the cache can't be used (") + what + "): " + sqlite3_errmsg(handle_.get());
}

void Database::run(const char* statement, std::initializer_list<SqlValue> values,
                   const std::function<void(const SqlRow&)>& on_row) {
  if (!error_.empty()) return;
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), statement, -1, &raw, nullptr) != SQLITE_OK)
    return note_error(statement);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> prepared(raw, sqlite3_finalize);
  int column = 0;
  for (const SqlValue& value : values) {
    ++column;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      sqlite3_bind_int64(raw, column, *number);
    } else {
      const auto& text = std::get<std::string>(value);
      sqlite3_bind_text(raw, column, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    }
  }
  int step = SQLITE_DONE;
  while ((step = sqlite3_step(raw)) == SQLITE_ROW) {
    if (on_row) on_row(SqlRow(raw));
  }
  if (step != SQLITE_DONE) note_error(statement);
}

int Database::changes() const { return sqlite3_changes(handle_.get()); }

void Database::transaction(const std::function<void()>& work) {
  if (depth_ == 0) run("BEGIN IMMEDIATE");
  ++depth_;
  work();
  --depth_;
  if (depth_ > 0) return;
  run("COMMIT");
  if (!error_.empty()) sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace client
