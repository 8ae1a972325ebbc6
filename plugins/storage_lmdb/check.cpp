#include "plugins/storage_lmdb/page_file.hpp"
#include "plugins/storage_lmdb/store.hpp"

#include <limits>

namespace chatd::storage_lmdb {
namespace {

// Tells `fn` about what is wrong, and remembers when it has heard enough.
class Findings {
 public:
  explicit Findings(const Store::TextFn& fn) : fn_(fn) {}
  // True: go on.
  bool add(const std::string& text) {
    if (status_ == CHATD_OK) status_ = fn_(text);
    return status_ == CHATD_OK;
  }
  // The same for something that may be right.
  bool add(const Status& outcome) { return outcome || add(outcome.error().text); }
  [[nodiscard]] chatd_status status() const { return status_; }

 private:
  const Store::TextFn& fn_;
  chatd_status status_ = CHATD_OK;
};

std::string named(const RoomId& room) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "room ";
  for (const char byte : room) {
    text += kDigits[static_cast<std::uint8_t>(byte) >> 4U];
    text += kDigits[static_cast<std::uint8_t>(byte) & 15U];
  }
  return text;
}

// False: the pages are so wrong that LMDB must not see them.
bool check_pages(const Env& env, const ReadTxn& txn, Findings& findings) {
  const auto pages = PageFile::open(env.file());
  const Status outcome =
      pages ? pages->verify(std::numeric_limits<std::size_t>::max(), mdb_txn_id(txn.raw()))
            : Status(fail(pages.error()));
  if (outcome) return true;
  findings.add(outcome);
  return false;
}

// Each run can be decoded and the runs of each room follow each other from 1.
Status check_runs(const History& history, const ReadTxn& txn, RunDecoder& decoder,
                  Findings& findings) {
  CHATD_STORE_TRY(auto runs, RunCursor::open(history, txn.raw()));
  CHATD_STORE_TRY(bool is_there, runs.first());
  RoomId room{};
  std::uint64_t next_seq = 0;
  while (is_there) {
    if (next_seq == 0 || runs.room() != room) next_seq = 1;
    room = runs.room();
    if (runs.first_seq() != next_seq &&
        !findings.add(named(room) + ": records from " + std::to_string(next_seq) + " to before " +
                      std::to_string(runs.first_seq()) + " are missing or there twice"))
      return {};
    const auto records = decoder.decode(room, runs.first_seq(), runs.run());
    if (!records && !findings.add(named(room) + ", records from " +
                                  std::to_string(runs.first_seq()) + ": " + records.error().text))
      return {};
    next_seq = runs.last_seq() + 1;
    CHATD_STORE_TRY(is_there, runs.next());
  }
  return {};
}

Status check_keys(const History& history, const ReadTxn& txn, Findings& findings) {
  CHATD_STORE_TRY(auto row, Cursor::open(history.env(), txn.raw(), history.keys()));
  CHATD_STORE_TRY(bool is_there, row.first());
  while (is_there) {
    const auto value = history.value(row.key(), row.value());
    if (!value && !findings.add(value.error().text)) return {};
    CHATD_STORE_TRY(is_there, row.next());
  }
  return {};
}

Status check_entries(const Journal& journal, const ReadTxn& txn, Findings& findings) {
  return journal.for_each(txn, 0, [&](std::uint64_t position, std::string_view entry) -> Status {
    findings.add(
        decode_entry(position, entry, [](const Write&, std::uint32_t) -> Status { return {}; }));
    return {};
  });
}

}  // namespace

Result<chatd_status> Store::check(const TextFn& fn) {
  CHATD_STORE_TRY(const auto reading, begin_reading([] {}, true));
  Findings findings(fn);
  if (check_pages(history_->env(), reading->history, findings)) {
    findings.add(check_runs(*history_, reading->history, reading->decoder, findings));
    findings.add(check_keys(*history_, reading->history, findings));
  }
  if (check_pages(journal_->env(), reading->journal, findings))
    findings.add(check_entries(*journal_, reading->journal, findings));
  return findings.status();
}

Result<chatd_status> Store::stats(const StatFn& fn) {
  std::uint64_t writes = 0;
  std::uint64_t bytes = 0;
  std::uint64_t commits = 0;
  bool is_erasing = false;
  CHATD_STORE_TRY(const auto reading, begin_reading([&] {
                    writes = active_->writes() + (frozen_ ? frozen_->writes() - moved_writes_ : 0);
                    bytes = active_->journal_bytes() + (frozen_ ? frozen_->journal_bytes() : 0);
                    commits = active_->last_position();
                    is_erasing = replaced_at_ > erased_to_;
                  }));
  CHATD_STORE_TRY(const std::uint64_t runs, reading->history.rows(history_->runs()));
  CHATD_STORE_TRY(const std::uint64_t keys, reading->history.rows(history_->keys()));
  const Env& journal = journal_->env();
  const Env& history = history_->env();
  const std::pair<std::string_view, std::uint64_t> stats[] = {
      {"disk_bytes", journal.disk_bytes() + history.disk_bytes()},
      {"journal_disk_bytes", journal.disk_bytes()},
      {"history_disk_bytes", history.disk_bytes()},
      {"journal_used_bytes", journal.map_used_bytes()},
      {"history_used_bytes", history.map_used_bytes()},
      {"map_size_bytes", options_.map_bytes},
      {"commits", commits},
      {"unfolded_writes", writes},
      {"unfolded_bytes", bytes},
      {"folded_runs", runs},
      {"folded_keys", keys},
      {"erasures_pending", is_erasing ? 1 : 0}};
  for (const auto& [name, value] : stats)
    if (const chatd_status status = fn(name, value); status != CHATD_OK) return status;
  return CHATD_OK;
}

}  // namespace chatd::storage_lmdb
