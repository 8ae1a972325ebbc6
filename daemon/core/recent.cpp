#include "daemon/core/recent.hpp"

#include "daemon/core/context.hpp"
#include "daemon/wire/limits.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core {
namespace {

// Of one room: what a client asks for at first, and as much again before the front is cut.
constexpr std::size_t kMaxRecords = 2 * wire::kDefaultPageRecords;
// A room that nobody opens while so many records come is not worth their copies.
constexpr std::size_t kMaxUnread = wire::kDefaultPageRecords;
// A room with larger records is read from the log.
constexpr std::size_t kMaxEntryBytes = 128 * 1024;
// Of an entry and of each record in it, beside the text.
constexpr std::size_t kEntryOverhead = 256;
constexpr std::size_t kRecordOverhead = 48;

}  // namespace

std::optional<Page> Recent::find(const RoomId& room, Seq last, std::size_t count,
                                 std::size_t max_bytes) {
  const auto slot = slots_.find(room);
  if (slot == slots_.end()) return std::nullopt;
  by_use_.splice(by_use_.begin(), by_use_, slot->second);
  Entry& entry = *slot->second;
  entry.unread = 0;
  const bool is_whole_log = entry.records.size() == entry.last;
  if (entry.last != last || (count > entry.records.size() && !is_whole_log)) return std::nullopt;
  count = std::min(count, entry.records.size());
  std::size_t bytes = 0;
  for (std::size_t i = entry.records.size() - count; i < entry.records.size(); ++i)
    bytes += entry.records[i].size() + 1;
  if (bytes > max_bytes) return std::nullopt;
  Page page;
  page.json.reserve(bytes + 1);
  for (std::size_t i = entry.records.size() - count; i < entry.records.size(); ++i)
    page.add(entry.last - entry.records.size() + i + 1, entry.records[i]);
  return page;
}

void Recent::keep(const RoomId& room, const Page& page) {
  if (page.empty()) return;
  if (const auto slot = slots_.find(room); slot != slots_.end()) {
    const Entry& entry = *slot->second;
    if (entry.last == page.last && entry.records.size() >= page.ends.size()) return;
    drop(slot->second);
  }
  by_use_.push_front({.room = room, .last = page.last, .bytes = kEntryOverhead});
  slots_[room] = by_use_.begin();
  std::size_t start = 1;
  for (const std::size_t end : page.ends) {
    add(by_use_.front(), std::string_view(page.json).substr(start, end - start));
    start = end + 1;
  }
  account(by_use_.begin(), 0);
}

void Recent::append(const wire::Record& record, std::string_view json) {
  const auto slot = slots_.find(record.room);
  if (slot == slots_.end()) return;
  Entry& entry = *slot->second;
  // The content of an older record is gone from this moment on.
  if (record.kind == wire::RecordKind::redact || record.seq != entry.last + 1 ||
      ++entry.unread > kMaxUnread)
    return drop(slot->second);
  const std::size_t before = entry.bytes;
  entry.last = record.seq;
  add(entry, json);
  account(slot->second, before);
}

void Recent::forget(const RoomId& room) {
  if (const auto slot = slots_.find(room); slot != slots_.end()) drop(slot->second);
}

void Recent::clear() {
  slots_.clear();
  by_use_.clear();
  bytes_ = 0;
}

void Recent::add(Entry& entry, std::string_view json) {
  entry.records.emplace_back(json);
  entry.bytes += json.size() + kRecordOverhead;
  while (entry.records.size() > kMaxRecords ||
         (entry.bytes > kMaxEntryBytes && !entry.records.empty())) {
    entry.bytes -= entry.records.front().size() + kRecordOverhead;
    entry.records.pop_front();
  }
}

void Recent::account(Entries::iterator entry, std::size_t bytes_before) {
  bytes_ += entry->bytes - bytes_before;
  if (entry->records.empty()) drop(entry);
  while (bytes_ > max_bytes_) drop(std::prev(by_use_.end()));
}

void Recent::drop(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  slots_.erase(entry->room);
  by_use_.erase(entry);
}

Task<Result<Page>> newest_page(Context& core, RoomId room, Seq first, Seq last,
                               std::size_t max_records, std::size_t max_bytes) {
  if (first > last || max_records == 0) co_return Page();
  const std::size_t count = std::min<std::uint64_t>(max_records, last - first + 1);
  if (auto known = core.recent.find(room, last, count, max_bytes)) co_return *std::move(known);
  const Range range{room, first, last, max_records, max_bytes, true};
  auto page = co_await read_page(core, range);
  if (!page) co_return fail(std::move(page).error());
  // What was appended meanwhile has passed already: only the very end can be kept.
  const Room* const state = core.rooms.find(room);
  if (state != nullptr && state->durable == page->last) core.recent.keep(room, *page);
  co_return page;
}

}  // namespace chatd::core
