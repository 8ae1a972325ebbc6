#include "daemon/host/log_feed.hpp"

#include "daemon/base/log.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/host/event_batch.hpp"
#include "daemon/host/loop_inbox.hpp"
#include "daemon/host/plugin.hpp"
#include "daemon/host/plugin_state.hpp"
#include "daemon/host/status_words.hpp"
#include "daemon/host/workers.hpp"

#include <algorithm>
#include <utility>

namespace chatd::host {
namespace {

constexpr std::size_t kMaxSubscriptions = 8;  // of one plugin
constexpr std::size_t kMaxNameBytes = 32;
constexpr std::size_t kRowsPerJob = 64;   // commits; each may hold many records
constexpr std::uint64_t kTrimRows = 512;  // deleted with one cursor
constexpr std::size_t kForgetRows = 512;  // deleted at a time when nobody reads the feed any more
constexpr Millis kFirstPause{1'000};      // after a failure; doubles
constexpr Millis kLongestPause{60'000};

std::string encode(std::uint64_t position) {
  ByteWriter out;
  out.u64(position);
  return out.take();
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == name.npos;
}

}  // namespace

Result<std::uint64_t> LogFeed::stored_newest() const {
  CHATD_TRY(const auto row, state_.storage().get(core::keys::kFeedPosition));
  if (!row) return 0;
  ByteReader in(*row);
  return in.u64();
}

chatd_status LogFeed::subscribe(Plugin& plugin, const char* name, chatd_events_fn fn, void* arg) {
  if (is_started_) return CHATD_E_CONFLICT;
  if (name == nullptr || fn == nullptr || !is_name(name)) return CHATD_E_INVALID;
  std::size_t mine = 0;
  for (const Subscription& other : subscriptions_) {
    if (other.plugin != &plugin) continue;
    if (other.name == name) return CHATD_E_CONFLICT;
    ++mine;
  }
  if (mine >= kMaxSubscriptions) return CHATD_E_LIMIT;

  const std::string key = cursor_key(plugin.name(), name);
  const auto row = state_.storage().get(key);
  const auto newest = stored_newest();
  if (!row || !newest) return CHATD_E_UNAVAILABLE;
  Subscription fresh{&plugin, name, fn, arg, *newest, false, 0, {}};
  if (*row) {
    ByteReader in(**row);
    fresh.cursor = in.u64().value_or(*newest);
  } else if (!state_.commit({core::Put{key, encode(*newest)}})) {
    return CHATD_E_UNAVAILABLE;
  }
  subscriptions_.push_back(std::move(fresh));
  return CHATD_OK;
}

Status LogFeed::start() {
  is_started_ = true;
  CHATD_TRY(newest_, stored_newest());
  CHATD_TRY(const auto cursors, state_.storage().scan(kCursors, "", 10'000));
  std::vector<core::Write> writes;
  for (const auto& cursor : cursors) {
    const std::string& key = cursor.first;
    const bool is_used = std::any_of(
        subscriptions_.begin(), subscriptions_.end(),
        [&](const Subscription& s) { return cursor_key(s.plugin->name(), s.name) == key; });
    if (is_used) continue;
    log::info("a plugin's cursor is forgotten: nobody subscribed to it",
              {{"cursor",
                key.substr(kCursors.size(), key.find('\0', kCursors.size()) - kCursors.size())}});
    writes.emplace_back(core::Delete{key});
  }
  if (!writes.empty()) CHATD_CHECK(state_.commit(std::move(writes)));

  if (has_subscribers()) {
    CHATD_TRY(const auto first, state_.storage().scan(core::kFeedPrefix, "", 1));
    trimmed_ = newest_;
    if (!first.empty()) {
      CHATD_TRY(const std::uint64_t position, core::feed_position(first[0].first));
      trimmed_ = position - 1;
    }
    return {};
  }
  while (true) {
    CHATD_TRY(const auto rows, state_.storage().scan(core::kFeedPrefix, "", kForgetRows));
    if (rows.empty()) return {};
    std::vector<core::Write> deletes;
    deletes.reserve(rows.size());
    for (const auto& [key, value] : rows) deletes.emplace_back(core::Delete{key});
    CHATD_CHECK(state_.commit(std::move(deletes)));
  }
}

void LogFeed::on_feed(std::uint64_t newest_position) {
  newest_ = std::max(newest_, newest_position);
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) begin_job(i);
}

void LogFeed::tick() {
  for (std::size_t i = 0; i < subscriptions_.size(); ++i) begin_job(i);
}

void LogFeed::begin_job(std::size_t index) {
  Subscription& s = subscriptions_[index];
  if (!is_open_ || s.is_busy || s.cursor >= newest_ || clock_.now() < s.not_before) return;
  std::uint64_t passed_by_all = newest_;
  for (const Subscription& other : subscriptions_)
    passed_by_all = std::min(passed_by_all, other.cursor);
  const Job job{
      index,   s.plugin, s.name,
      s.fn,    s.arg,    s.cursor,
      newest_, trimmed_, std::max(trimmed_, std::min(passed_by_all, trimmed_ + kTrimRows))};
  s.is_busy = jobs_.run([this, job] {
    auto cursor = run(job);
    loop_.put([this, job, cursor = std::move(cursor)] { on_done(job, cursor); });
  });  // no worker free: the next tick tries again
}

Result<std::uint64_t> LogFeed::run(const Job& job) const {
  CHATD_TRY(const auto rows,
            state_.storage().scan(core::kFeedPrefix, core::feed_key(job.cursor), kRowsPerJob));
  std::uint64_t cursor = job.cursor;
  std::vector<core::FeedEntry> entries;
  for (const auto& [key, value] : rows) {
    CHATD_TRY(cursor, core::feed_position(key));
    CHATD_TRY(const auto more, core::decode_feed(value));
    entries.insert(entries.end(), more.begin(), more.end());
  }
  CHATD_CHECK(deliver(job, entries));
  // Positions of failed commits have no row and never will.
  if (rows.size() < kRowsPerJob) cursor = std::max(cursor, job.newest);

  std::vector<core::Write> writes{
      core::Put{cursor_key(job.plugin->name(), job.name), encode(cursor)}};
  for (std::uint64_t position = job.trim_after + 1; position <= job.trim_through; ++position)
    writes.emplace_back(core::Delete{core::feed_key(position)});
  CHATD_CHECK(state_.commit(std::move(writes)));
  return cursor;
}

Status LogFeed::deliver(const Job& job, const std::vector<core::FeedEntry>& entries) const {
  EventBatch batch;
  const auto hand_over = [&]() -> Status {
    if (batch.empty()) return {};
    const chatd_status status =
        job.plugin->walled("events", [&] { return job.fn(job.arg, batch.data(), batch.size()); });
    batch.clear();
    if (status == CHATD_OK) return {};
    return fail(Code::unavailable, "it answered " + status_name(status));
  };
  for (const core::FeedEntry& entry : entries) {
    Seq next = entry.first;
    while (next <= entry.last) {
      CHATD_TRY(const auto records,
                state_.storage().read({entry.room, next, entry.last, EventBatch::kMaxEvents,
                                       EventBatch::kMaxBytes, false}));
      if (records.empty()) return fail(Code::internal, "the feed names a record that is not there");
      for (const core::StoredRecord& record : records) {
        CHATD_CHECK(batch.add(entry.room, record));
        if (batch.is_full()) CHATD_CHECK(hand_over());
      }
      next = records.back().seq + 1;
    }
  }
  return hand_over();
}

void LogFeed::on_done(const Job& job, const Result<std::uint64_t>& cursor) {
  Subscription& s = subscriptions_[job.subscription];
  s.is_busy = false;
  if (cursor) {
    s.cursor = *cursor;
    s.failures = 0;
    trimmed_ = std::max(trimmed_, job.trim_through);
    begin_job(job.subscription);
    return;
  }
  const Millis pause = std::min(kFirstPause * (1 << std::min(s.failures, 6U)), kLongestPause);
  ++s.failures;
  s.not_before = clock_.now() + pause;
  log::warning("a plugin did not take its events; they come again",
               {{"plugin", s.plugin->name()},
                {"subscription", s.name},
                {"reason", cursor.error().message},
                {"pause_ms", pause.count()}});
}

std::uint64_t LogFeed::lag(const Plugin& plugin) const {
  std::uint64_t most = 0;
  for (const Subscription& s : subscriptions_)
    if (s.plugin == &plugin) most = std::max(most, newest_ - std::min(newest_, s.cursor));
  return most;
}

}  // namespace chatd::host
