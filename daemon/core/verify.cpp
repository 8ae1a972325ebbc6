#include "daemon/core/verify.hpp"

#include <fmt/format.h>

#include <memory>

namespace chatd::core {
namespace {

constexpr std::size_t kReadRecords = 512;
constexpr std::size_t kReadBytes = 512 * 1024;
constexpr std::size_t kMaxProblems = 50;

// Takes the next record into the state that is built again; says what is wrong with it.
void take(std::unique_ptr<Room>& state, wire::Record& record, RoomReport& report) {
  const auto complain = [&report](std::string problem) {
    if (report.problems.size() < kMaxProblems) report.problems.push_back(std::move(problem));
  };
  ++report.records;
  if (record.is_erased) ++report.erased;
  if (record.seq != report.records) {
    complain(fmt::format("record {} follows record {}", record.seq, report.records - 1));
    report.records = record.seq;
  }
  if (state == nullptr) {
    if (wire::room_id_of(record) != record.room)
      complain("the room's id is not the hash of its first record");
    auto founded = Room::found(record);
    if (!founded) return complain(founded.error().message);
    state = std::make_unique<Room>(*std::move(founded));
    return;
  }
  const auto ordinal = state->messages() + (record.kind == wire::RecordKind::message ? 1 : 0);
  if (record.ordinal != ordinal)
    complain(fmt::format("record {} has ordinal {}, not {}", record.seq, record.ordinal, ordinal));
  record.prev_hash = state->head_hash();
  if (const auto status = state->apply(record); !status) complain(status.error().message);
}

}  // namespace

Task<Result<RoomReport>> verify_room(Context& core, RoomId id) {
  auto loaded = co_await core.rooms.load(id);
  if (!loaded) co_return fail(std::move(loaded).error());
  RoomReport report;
  std::unique_ptr<Room> state;
  while (true) {
    const Seq next = report.records + 1;
    auto records = co_await read_records(
        core.store, Range{id, next, next + kReadRecords, kReadRecords, kReadBytes, false});
    if (!records) {
      report.problems.push_back(fmt::format("the log can't be read from record {} on: {}", next,
                                            records.error().message));
      break;
    }
    if (records->empty()) break;
    for (wire::Record& record : *records) take(state, record, report);
  }
  const Room* const now = core.rooms.find(id);
  if (state != nullptr) {
    report.head_hash = state->head_hash();
    // Records may have come while we read: compare only what was the end for both.
    const bool is_comparable = now != nullptr && now->head() == state->head();
    if (is_comparable && now->head_hash() != state->head_hash())
      report.problems.push_back("the log's hash chain does not end where the room's state says");
    if (is_comparable && now->members() != state->members())
      report.problems.push_back("the log gives other members than the room's state has");
  }
  co_return report;
}

}  // namespace chatd::core
