#include "tests/sim/disk.hpp"

#include <algorithm>
#include <utility>

namespace chatd::sim {
namespace {

constexpr std::size_t kMaxGroup = 64;

}  // namespace

template <class T>
void Disk::answer(Done<T> done, T value) {
  world_.after(Millis(world_.between(0, 3)),
               [alive = is_alive_, done = std::move(done), value = std::move(value)]() mutable {
                 if (*alive) done(std::move(value));
               });
}

void Disk::commit(core::Batch batch, Done<Status> done) {
  if (fault_ == Fault::ack_before_commit) {
    world_.after(Millis(0), [alive = is_alive_, done] {
      if (*alive) done(Status());
    });
    done = [](const Status&) {};
  }
  if (fault_ == Fault::lost_erasure)
    std::erase_if(batch.writes,
                  [](const auto& write) { return std::holds_alternative<core::Replace>(write); });
  waiting_.push_back({std::move(batch), std::move(done)});
  if (group_.empty()) start_group();
}

void Disk::start_group() {
  while (!waiting_.empty() && group_.size() < kMaxGroup) {
    group_.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  world_.after(Millis(world_.between(1, 6)) + slowness_, [this, alive = is_alive_] {
    if (*alive) finish_group();
  });
}

Status Disk::write(const core::Batch& batch) {
  if (batch.epoch <= failed_epoch_) return fail(Code::unavailable, "built on a commit that failed");
  Status status =
      full_for_ > 0 ? fail(Code::read_only, "the disk is full") : medium_.commit(batch.writes);
  if (full_for_ > 0) --full_for_;
  if (!status) failed_epoch_ = batch.epoch;
  return status;
}

void Disk::finish_group() {
  const auto group = std::exchange(group_, {});
  std::vector<Status> results;
  for (const Waiting& each : group) results.push_back(write(each.batch));
  if (!waiting_.empty()) start_group();
  for (std::size_t i = 0; i < group.size(); ++i) group[i].done(results[i]);
}

void Disk::crash() {
  *is_alive_ = false;
  // What was being written: one transaction, there or not.
  std::vector<core::Write> together;
  for (const Waiting& each : group_)
    if (each.batch.epoch > failed_epoch_)
      together.insert(together.end(), each.batch.writes.begin(), each.batch.writes.end());
  const bool was_full = full_for_ > 0;
  if (!was_full && world_.chance(50)) {
    const Status status = medium_.commit(together);
    world_.tell("disk: the group of {} writes made it before the crash: {}", together.size(),
                status.has_value());
  }
  medium_.crash();
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
  answer(std::move(done), medium_.scan(prefix, after, limit));
}

}  // namespace chatd::sim
