#include "daemon/host/store_thread.hpp"

#include "daemon/base/overloaded.hpp"
#include "daemon/host/on_thread.hpp"
#include <chatd/storage.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace chatd::host {
namespace {

// What plugins' state writes and the like may pile up; the core's batches are bounded by the core.
constexpr std::size_t kMaxWaiting = 4'096;
// A group larger than this takes no less time per batch, but makes the first one wait longer.
constexpr std::size_t kMaxGroupBytes = 8 * 1024 * 1024;
constexpr std::size_t kMaxGroupWrites = 16'384;
static_assert(kMaxGroupBytes <= CHATD_STORAGE_MAX_COMMIT / 2);
static_assert(kMaxGroupWrites <= CHATD_STORAGE_MAX_WRITES);

std::size_t bytes_of(const core::Batch& batch) {
  std::size_t bytes = 0;
  for (const core::Write& write : batch.writes)
    bytes += std::visit(
        overloaded{[](const core::Append& append) { return append.record.size(); },
                   [](const core::Replace& replace) { return replace.record.size(); },
                   [](const core::Put& put) { return put.key.size() + put.value.size(); },
                   [](const core::Delete& erase) { return erase.key.size(); }},
        write);
  return bytes;
}

}  // namespace

StoreThread::StoreThread(StorageRole storage)
    : storage_(storage),
      box_(kMaxWaiting, [this] { filled_.release(); }),
      thread_([this] { run(); }) {}

bool StoreThread::commit(core::Batch batch, Done done) {
  return box_.put({std::move(batch), std::move(done)});
}

void StoreThread::commit_owed(core::Batch batch, Done done) {
  box_.put_owed({std::move(batch), std::move(done)});
}

void StoreThread::stop() {
  if (!thread_.joinable()) return;
  box_.put_owed({{}, {}, true});
  thread_.join();
}

void StoreThread::run() {
  const OnThread store(ThreadKind::store);
  std::vector<Job> jobs;
  bool is_running = true;
  while (is_running) {
    filled_.acquire();
    box_.take_all(jobs);
    const auto end = std::remove_if(jobs.begin(), jobs.end(), [](Job& job) { return job.is_end; });
    is_running = end == jobs.end();
    jobs.erase(end, jobs.end());
    std::span<Job> rest(jobs);
    while (!rest.empty()) commit_group(next_group(rest));
  }
}

std::vector<StoreThread::Job*> StoreThread::next_group(std::span<Job>& rest) {
  std::vector<Job*> group;
  std::size_t bytes = 0;
  std::size_t writes = 0;
  while (!rest.empty()) {
    Job& job = rest.front();
    if (job.batch.epoch != kNoEpoch && job.batch.epoch <= failed_through_) {
      // Answers keep the order of the calls: those before it come first.
      if (!group.empty()) return group;
      numbers_.failed.add();
      job.done(fail(Code::unavailable, "it was built on a commit that failed"));
      rest = rest.subspan(1);
      continue;
    }
    bytes += bytes_of(job.batch);
    writes += job.batch.writes.size();
    if (!group.empty() && (bytes > kMaxGroupBytes || writes > kMaxGroupWrites)) return group;
    group.push_back(&job);
    rest = rest.subspan(1);
  }
  return group;
}

void StoreThread::commit_group(const std::vector<Job*>& group) {
  if (group.empty()) return;
  std::vector<const core::Batch*> batches;
  batches.reserve(group.size());
  for (const Job* job : group) batches.push_back(&job->batch);

  const auto begin = std::chrono::steady_clock::now();
  const Status status = storage_.commit(batches);
  const auto took = std::chrono::steady_clock::now() - begin;

  numbers_.commits.add();
  numbers_.microseconds.add(static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  (status ? numbers_.batches : numbers_.failed).add(group.size());
  for (Job* job : group) {
    if (!status) failed_through_ = std::max(failed_through_, job->batch.epoch);
    job->done(status);
  }
}

}  // namespace chatd::host
