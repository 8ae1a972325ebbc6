#pragma once

#include "env.hpp"
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <variant>

struct sqlite3;
struct sqlite3_stmt;

namespace client {

using SqlValue = std::variant<std::int64_t, std::string>;
[[nodiscard]] inline SqlValue sql(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

// A row of a query's answer.
class SqlRow {
 public:
  explicit SqlRow(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] std::uint64_t count(int column) const;

 private:
  sqlite3_stmt* statement_;
};

// One SQLite file in WAL mode. The first thing that goes wrong with it stays in `error()`, and
// nothing is written after it: a client whose disk is full must not go on as if it remembered.
class Database {
 public:
  [[nodiscard]] static Outcome<Database> open(const std::string& path, const char* schema);

  // Runs one statement, its ? filled in order, and hands each row of its answer over.
  void run(const char* statement, std::initializer_list<SqlValue> values = {},
           const std::function<void(const SqlRow&)>& on_row = {});
  // The rows that the last statement changed.
  [[nodiscard]] int changes() const;
  [[nodiscard]] const std::string& error() const { return error_; }

  // All that `work` runs becomes durable together or not at all. May be nested.
  void transaction(const std::function<void()>& work);

 private:
  explicit Database(std::unique_ptr<sqlite3, void (*)(sqlite3*)> handle);
  void note_error(const char* what);

  std::unique_ptr<sqlite3, void (*)(sqlite3*)> handle_;
  int depth_ = 0;
  std::string error_;
};

}  // namespace client
