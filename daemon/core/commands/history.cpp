#include "daemon/core/commands/commands.hpp"
#include "daemon/core/pages.hpp"
#include "daemon/core/pipeline.hpp"
#include "daemon/wire/limits.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core::commands {
namespace {

Task<Status> append_page(Context& core, Range range, std::vector<wire::Record>& out) {
  if (range.max_records == 0 || range.first > range.last) co_return Status();
  auto page = co_await read_records(core.store, range);
  if (!page) co_return fail(std::move(page).error());
  for (wire::Record& record : *page) out.push_back(std::move(record));
  co_return Status();
}

}  // namespace

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

  std::vector<wire::Record> records;
  Status status;
  if (params.after) {
    status = co_await append_page(
        core, Range{params.room, *params.after + 1, head, limit, bytes, false}, records);
  } else if (params.around) {
    const Seq middle = std::clamp<Seq>(*params.around, 1, std::max<Seq>(1, head));
    status = co_await append_page(
        core, Range{params.room, 1, middle - 1, limit / 2, bytes / 2, true}, records);
    if (status)
      status = co_await append_page(
          core, Range{params.room, middle, head, limit - limit / 2, bytes / 2 + 1, false}, records);
  } else {
    const Seq last = std::min(head, params.before ? std::max<Seq>(*params.before, 1) - 1 : head);
    status = co_await append_page(core, Range{params.room, 1, last, limit, bytes, true}, records);
  }
  if (!status) co_return fail(std::move(status).error());

  wire::HistoryAnswer answer;
  answer.room = params.room;
  answer.records.text = records_json(records);
  answer.head_seq = head;
  // An empty page lies before the first record or after the last.
  answer.has_before = records.empty() ? params.after.has_value() : records.front().seq > 1;
  answer.has_after = records.empty() ? params.before.has_value() : records.back().seq < head;
  co_return answer;
}

}  // namespace chatd::core::commands
