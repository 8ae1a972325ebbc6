#include "daemon/core/commands/commands.hpp"
#include "daemon/core/pages.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/core/recent.hpp"
#include "daemon/wire/limits.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core::commands {
Answered<wire::HistoryGet> handle(Context& core, Caller caller, wire::HistoryGet params) {
  const int anchors = int{params.before.has_value()} + int{params.after.has_value()} +
                      int{params.around.has_value()};
  if (anchors > 1)
    co_return fail(Code::invalid_params, "give only one of \"before\", \"after\" and \"around\"");
  auto room = co_await joined_room(core, params.room, caller.user);
  if (!room) co_return fail(std::move(room).error());
  const Seq head = (*room)->durable;
  const std::size_t limit =
      std::max<std::uint64_t>(1, params.limit.value_or(wire::kDefaultPageRecords));
  const std::size_t bytes =
      std::max<std::uint64_t>(1, params.max_bytes.value_or(wire::kDefaultPageBytes));

  Result<Page> page;
  if (params.after) {
    const Range range{params.room, *params.after + 1, head, limit, bytes, false};
    page = co_await read_page(core, range);
  } else if (params.around) {
    const Seq middle = std::clamp<Seq>(*params.around, 1, std::max<Seq>(1, head));
    const Range before{params.room, 1, middle - 1, limit / 2, bytes / 2, true};
    page = co_await read_page(core, before);
    if (!page) co_return fail(std::move(page).error());
    const Range rest{params.room, middle, head, limit - limit / 2, bytes / 2 + 1, false};
    auto second = co_await read_page(core, rest);
    if (!second) co_return fail(std::move(second).error());
    page->append(*second);
  } else {
    const Seq last = std::min(head, params.before ? std::max<Seq>(*params.before, 1) - 1 : head);
    page = co_await newest_page(core, params.room, 1, last, limit, bytes);
  }
  if (!page) co_return fail(std::move(page).error());

  wire::HistoryAnswer answer;
  answer.room = params.room;
  answer.head_seq = head;
  // An empty page lies before the first record or after the last.
  answer.has_before = page->empty() ? params.after.has_value() : page->first() > 1;
  answer.has_after = page->empty() ? params.before.has_value() : page->last < head;
  answer.records.text = std::move(page->json);
  co_return answer;
}

}  // namespace chatd::core::commands
