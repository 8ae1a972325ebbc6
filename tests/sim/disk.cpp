#include "tests/sim/disk.hpp"

#include "tests/sim/plants.hpp"

#include <algorithm>
#include <utility>

namespace chatd::sim {
namespace {

constexpr std::size_t kMaxGroup = 64;

}  // namespace

template <class T>
void Disk::answer(Done<T> done, T value) {
  process_.after(
      Millis(world_.between(0, 3)),
      [done = std::move(done), value = std::move(value)]() mutable { done(std::move(value)); });
}

void Disk::commit(core::Batch batch, Done<Status> done) {
  if (fault_ == Fault::ack_before_commit) {
    process_.after(Millis(0), [done] { done(Status()); });
    done = [](const Status&) {};
  }
  plant(fault_, world_, batch.writes);
  waiting_.push_back({std::move(batch), std::move(done)});
  if (group_.empty()) start_group();
}

void Disk::start_group() {
  while (!waiting_.empty() && group_.size() < kMaxGroup) {
    group_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  process_.after(Millis(world_.between(1, 6)) + slowness_, [this] { finish_group(); });
}

// One commit for all of the group that may still happen.
Status Disk::write(const std::vector<Waiting>& group) {
  std::vector<core::Write> together;
  for (const Waiting& each : group)
    if (each.batch.epoch > failed_epoch_)
      together.insert(together.end(), each.batch.writes.begin(), each.batch.writes.end());
  if (together.empty()) return {};
  if (full_for_ == 0) return medium_.commit(together);
  --full_for_;
  return fail(Code::read_only, "the disk is full");
}

void Disk::finish_group() {
  const auto group = std::exchange(group_, {});
  const Status status = write(group);
  if (medium_.is_dead()) return;  // and the process with it
  const std::uint64_t dead = failed_epoch_;
  if (!status)
    for (const Waiting& each : group) failed_epoch_ = std::max(failed_epoch_, each.batch.epoch);
  if (!waiting_.empty()) start_group();
  const Status too_late = fail(Code::unavailable, "built on a commit that failed");
  for (const Waiting& each : group) each.done(each.batch.epoch > dead ? status : too_late);
}

void Disk::crash() {
  if (full_for_ > 0 || medium_.is_dead() || !world_.chance(50)) return;
  const bool is_there = write(group_).has_value();
  world_.tell("disk: the group of {} batches made it before the crash: {}", group_.size(),
              is_there);
}

void Disk::read(core::Range range, Done<Result<std::vector<core::StoredRecord>>> done) {
  if (fault_ == Fault::range_off_by_one && range.max_records > 1 && range.last > range.first)
    ++range.first;
  answer(std::move(done), medium_.read(range));
}

void Disk::head(RoomId room, Done<Result<Seq>> done) {
  answer(std::move(done), medium_.head(room));
}

void Disk::get(std::string key, Done<Result<std::optional<std::string>>> done) {
  answer(std::move(done), medium_.get(key));
}

void Disk::get_many(std::vector<std::string> keys,
                    Done<Result<std::vector<std::optional<std::string>>>> done) {
  std::vector<std::optional<std::string>> values;
  for (const std::string& key : keys) {
    auto value = medium_.get(key);
    if (!value)
      return answer(std::move(done), Result<std::vector<std::optional<std::string>>>(
                                         fail(std::move(value).error())));
    values.push_back(*std::move(value));
  }
  answer(std::move(done), Result<std::vector<std::optional<std::string>>>(std::move(values)));
}

void Disk::scan(std::string prefix, std::string after, std::size_t limit,
                Done<Result<std::vector<core::KeyValue>>> done) {
  auto rows = medium_.scan(prefix, after, limit);
  if (rows) plant(fault_, world_, prefix, *rows);
  answer(std::move(done), std::move(rows));
}

}  // namespace chatd::sim
