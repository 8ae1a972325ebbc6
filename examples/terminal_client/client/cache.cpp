#include "cache.hpp"

#include <filesystem>
#include <system_error>

namespace client {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS one (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS room (
  id TEXT PRIMARY KEY, type TEXT, membership TEXT, name TEXT, peer TEXT, invited_by TEXT,
  head INTEGER, read_seq INTEGER, last_active INTEGER, first INTEGER, last INTEGER,
  counted_unread INTEGER, counted_head INTEGER, counted_read INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (
  room TEXT, seq INTEGER, kind TEXT, sender TEXT, target INTEGER, json TEXT,
  PRIMARY KEY (room, seq)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_about ON record (room, target, seq) WHERE target > 0;
CREATE INDEX IF NOT EXISTS record_message ON record (room, seq) WHERE kind = 'message';
CREATE TABLE IF NOT EXISTS read_marker (
  room TEXT, user TEXT, seq INTEGER, PRIMARY KEY (room, user)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS person (user TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS contact (
  user TEXT PRIMARY KEY, state TEXT, blocked INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outbox (
  id TEXT PRIMARY KEY, room TEXT, method TEXT, params TEXT, state INTEGER, error TEXT)
  WITHOUT ROWID;
PRAGMA user_version = 1;
)sql";

Outgoing read_outgoing(const SqlRow& row) {
  return {row.text(0),
          row.text(1),
          row.text(2),
          parse_json(row.text(3)),
          static_cast<Outgoing::State>(row.number(4)),
          row.text(5)};
}

}  // namespace

Outcome<Cache> Cache::open(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return {{}, folder + " can't be made: " + failed.message()};
  fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed) return {{}, folder + " can't be closed to others: " + failed.message()};
  Outcome<Database> db = Database::open(folder + "/cache.db", kSchema);
  if (!db.value) return {{}, db.error};
  return {Cache(*std::move(db.value)), {}};
}

std::string Cache::value(const std::string& key) {
  std::string found;
  db_.run("SELECT value FROM one WHERE key = ?", {key},
          [&](const SqlRow& row) { found = row.text(0); });
  return found;
}

void Cache::set_value(const std::string& key, const std::string& value) {
  db_.run("REPLACE INTO one VALUES (?, ?)", {key, value});
}

std::string Cache::display_name(const std::string& user) {
  std::string found;
  db_.run("SELECT name FROM person WHERE user = ?", {user},
          [&](const SqlRow& row) { found = row.text(0); });
  return found;
}

void Cache::put_display_name(const std::string& user, const std::string& name) {
  db_.run("REPLACE INTO person VALUES (?, ?)", {user, name});
}

std::vector<Contact> Cache::contacts() {
  std::vector<Contact> found;
  db_.run("SELECT user, state, blocked FROM contact ORDER BY user", {}, [&](const SqlRow& row) {
    found.push_back({row.text(0), row.text(1), row.number(2) != 0});
  });
  return found;
}

void Cache::put_contact(const Contact& contact) {
  if (contact.state == "none" && !contact.is_blocked)
    return db_.run("DELETE FROM contact WHERE user = ?", {contact.user});
  db_.run("REPLACE INTO contact VALUES (?, ?, ?)",
          {contact.user, contact.state, std::int64_t{contact.is_blocked}});
}

std::vector<Outgoing> Cache::outbox() {
  std::vector<Outgoing> found;
  db_.run("SELECT id, room, method, params, state, error FROM outbox ORDER BY id", {},
          [&](const SqlRow& row) { found.push_back(read_outgoing(row)); });
  return found;
}

std::optional<Outgoing> Cache::next_to_send() {
  std::optional<Outgoing> found;
  db_.run(
      "SELECT id, room, method, params, state, error FROM outbox WHERE state = 0 "
      "ORDER BY id LIMIT 1",
      {}, [&](const SqlRow& row) { found = read_outgoing(row); });
  return found;
}

void Cache::put_outgoing(const Outgoing& out) {
  db_.run("REPLACE INTO outbox VALUES (?, ?, ?, ?, ?, ?)",
          {out.id, out.room, out.method, dump_json(out.params),
           static_cast<std::int64_t>(out.state), out.error});
}

bool Cache::remove_outgoing(const std::string& id) {
  db_.run("DELETE FROM outbox WHERE id = ?", {id});
  return db_.changes() > 0;
}

}  // namespace client
