#include "daemon/core/pages.hpp"

#include "daemon/core/preview_rows.hpp"
#include "daemon/wire/record.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core {

void Page::add(Seq seq, std::string_view shown) {
  json.pop_back();
  if (!ends.empty()) json += ',';
  json += shown;
  ends.push_back(json.size());
  json += ']';
  last = seq;
}

void Page::append(const Page& next) {
  std::size_t start = 1;
  for (std::size_t i = 0; i < next.ends.size(); ++i) {
    add(next.first() + i, std::string_view(next.json).substr(start, next.ends[i] - start));
    start = next.ends[i] + 1;
  }
}

Task<Result<Page>> read_page(Context& core, Range range) {
  Page page;
  if (range.max_records == 0 || range.first > range.last) co_return page;
  const bool newest_first = range.newest_first;
  auto stored = co_await read_stored(core, std::move(range));
  if (!stored) co_return fail(std::move(stored).error());
  if (newest_first) std::reverse(stored->begin(), stored->end());
  std::string shown;
  for (const StoredRecord& record : *stored) {
    shown.clear();
    CHATD_CO_CHECK(wire::append_json(shown, record.seq, record.bytes));
    page.add(record.seq, shown);
  }
  co_return page;
}

}  // namespace chatd::core
