#include "plugins/storage_lmdb/read_plan.hpp"

#include <algorithm>

namespace chatd::storage_lmdb {
namespace {

// Adds the places of a tail's records from `first` to `last` that follow those already there.
void add_places(const Memtable* table, const RoomId& room, const RangeWindow& window,
                RangePlan& plan) {
  const Memtable::Tail* const tail = table == nullptr ? nullptr : table->find_tail(room);
  if (tail == nullptr) return;
  const std::uint64_t first = std::max(window.first, tail->first_seq);
  const std::uint64_t last = std::min(window.last, tail->head());
  if (first > last) return;
  if (plan.places.empty()) plan.tail_first = first;
  for (std::uint64_t seq = first; seq <= last; ++seq)
    plan.places.push_back(table->place(tail->records[seq - tail->first_seq]));
}

// A later call overrides an earlier one.
void add_replaced(const Memtable* table, const RoomId& room, const RangeWindow& window,
                  RangePlan& plan) {
  if (table == nullptr || table->replaced().empty()) return;
  const auto end = table->replaced().upper_bound({room, window.last});
  for (auto at = table->replaced().lower_bound({room, window.first}); at != end; ++at)
    plan.replaced[at->first.second] = table->place(at->second);
}

bool is_put(const Memtable::Keys::value_type& pair) { return pair.second.has_value(); }

// The keys that start with `prefix` and lie behind `after`.
struct KeyRange {
  Memtable::Keys::const_iterator at;
  Memtable::Keys::const_iterator end;
  std::string_view prefix;

  KeyRange(const Memtable& table, std::string_view starts_with, std::string_view after)
      : at(after < starts_with || after.empty() ? table.keys().lower_bound(starts_with)
                                                : table.keys().upper_bound(after)),
        end(table.keys().end()),
        prefix(starts_with) {}
  [[nodiscard]] bool has_more() const { return at != end && at->first.starts_with(prefix); }
};

}  // namespace

RangeWindow window_of(const RoomRange& range, std::uint64_t head) {
  RangeWindow window{.first = std::max<std::uint64_t>(range.first, 1),
                     .last = std::min(range.last, head),
                     .bytes_left = range.max_bytes,
                     .is_reverse = range.is_reverse};
  if (range.max_records == 0) window.last = 0;
  if (window.is_empty() || window.last - window.first < range.max_records) return window;
  if (range.is_reverse)
    window.first = window.last - range.max_records + 1;
  else
    window.last = window.first + range.max_records - 1;
  return window;
}

std::optional<std::uint64_t> plan_head(const Memtable* frozen, const Memtable& active,
                                       const RoomId& room) {
  if (const auto* tail = active.find_tail(room)) return tail->head();
  const auto* tail = frozen == nullptr ? nullptr : frozen->find_tail(room);
  return tail == nullptr ? std::nullopt : std::optional(tail->head());
}

RangePlan plan_range(const Memtable* frozen, const Memtable& active, const RoomRange& range) {
  RangePlan plan;
  plan.head = plan_head(frozen, active, range.room);
  if (!plan.head) return plan;
  const RangeWindow window = window_of(range, *plan.head);
  if (window.is_empty()) return plan;
  add_places(frozen, range.room, window, plan);
  add_places(&active, range.room, window, plan);
  add_replaced(frozen, range.room, window, plan);
  add_replaced(&active, range.room, window, plan);
  return plan;
}

KeyPlan plan_key(const Memtable* frozen, const Memtable& active, std::string_view key) {
  for (const Memtable* table : {&active, frozen}) {
    if (table == nullptr) continue;
    const auto found = table->keys().find(key);
    if (found == table->keys().end()) continue;
    return {true, is_put(*found) ? std::optional(table->place(*found->second)) : std::nullopt};
  }
  return {};
}

ScanPlan plan_scan(const Memtable* frozen, const Memtable& active, std::string_view prefix,
                   std::string_view after, std::uint64_t limit) {
  static const Memtable kNothing(1);
  const Memtable& older = frozen == nullptr ? kNothing : *frozen;
  KeyRange old_keys(older, prefix, after);
  KeyRange new_keys(active, prefix, after);
  ScanPlan plan;
  while (limit > 0 && (old_keys.has_more() || new_keys.has_more())) {
    const bool is_new =
        new_keys.has_more() && (!old_keys.has_more() || new_keys.at->first <= old_keys.at->first);
    if (is_new && old_keys.has_more() && old_keys.at->first == new_keys.at->first) ++old_keys.at;
    const Memtable& table = is_new ? active : older;
    const auto& pair = *(is_new ? new_keys : old_keys).at++;
    if (is_put(pair)) --limit;
    plan.emplace_hint(plan.end(), pair.first,
                      is_put(pair) ? std::optional(table.place(*pair.second)) : std::nullopt);
  }
  return plan;
}

}  // namespace chatd::storage_lmdb
