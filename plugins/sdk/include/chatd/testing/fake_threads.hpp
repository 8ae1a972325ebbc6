// The threads of a FakeHost: LOOP is the thread that made it and runs posted tasks when told to,
// WORKERs are real threads. One lock guards everything the fake host keeps.
#pragma once

#include <chatd/plugin.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace chatd::testing {

struct FakeTask {
  chatd_task run = nullptr;
  void* arg = nullptr;
};

class FakeThreads {
 public:
  enum class Kind { other, loop, worker };

  explicit FakeThreads(unsigned workers) {
    kind() = Kind::loop;
    for (unsigned i = 0; i < workers; ++i) workers_.emplace_back([this] { work_loop(); });
  }
  FakeThreads(const FakeThreads&) = delete;
  FakeThreads& operator=(const FakeThreads&) = delete;
  ~FakeThreads() { stop(); }

  // What this thread is to the plugin.
  [[nodiscard]] static Kind& kind() {
    thread_local Kind kind = Kind::other;
    return kind;
  }
  // Runs `call` as if on a WORKER.
  template <class Call>
  static auto on_worker(Call call) -> decltype(call()) {
    struct Restore {
      Kind before = std::exchange(kind(), Kind::worker);
      ~Restore() { kind() = before; }
    } restore;
    return call();
  }

  // Runs `call` under the lock, then wakes whoever waits for what it changed.
  template <class Call>
  auto locked(Call call) -> decltype(call()) {
    struct Wake {
      std::condition_variable& changed;
      ~Wake() { changed.notify_all(); }
    } wake{changed_};
    const std::lock_guard lock(mutex_);
    return call();
  }
  // Runs posted tasks until `claim` (read under the lock) holds; false after 20 seconds.
  template <class Claim>
  [[nodiscard]] bool wait_until(Claim claim) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < deadline) {
      run_posted();
      std::unique_lock lock(mutex_);
      if (claim()) return true;
      if (posted_.empty()) changed_.wait_until(lock, deadline);
    }
    return false;
  }
  [[nodiscard]] bool settle() {
    return wait_until([&] { return work_.empty() && posted_.empty() && busy_ == 0; });
  }

  [[nodiscard]] chatd_status post(FakeTask task) { return take(posted_, task); }
  [[nodiscard]] chatd_status work(FakeTask task) { return take(work_, task); }
  void refuse_tasks(bool refuse) {
    locked([&] { refuses_ = refuse; });
  }
  // Runs on LOOP what was posted so far; how many tasks that were.
  std::size_t run_posted() {
    std::deque<FakeTask> tasks;
    locked([&] { tasks.swap(posted_); });
    for (const FakeTask& task : tasks) task.run(task.arg);
    return tasks.size();
  }
  // Takes no more tasks and runs all that wait.
  void stop() {
    locked([&] { is_stopping_ = true; });
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
    while (run_posted() > 0) {
    }
  }

 private:
  chatd_status take(std::deque<FakeTask>& queue, FakeTask task) {
    return locked([&] {
      if (refuses_ || is_stopping_) return CHATD_E_UNAVAILABLE;
      queue.push_back(task);
      return CHATD_OK;
    });
  }
  void work_loop() {
    kind() = Kind::worker;
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return is_stopping_ || !work_.empty(); });
      if (work_.empty()) return;
      const FakeTask task = work_.front();
      work_.pop_front();
      ++busy_;
      lock.unlock();
      task.run(task.arg);
      lock.lock();
      --busy_;
      changed_.notify_all();
    }
  }

  std::vector<std::thread> workers_;
  std::condition_variable changed_;

  // Under mutex_
  std::mutex mutex_;
  std::deque<FakeTask> posted_;
  std::deque<FakeTask> work_;
  std::size_t busy_ = 0;
  bool refuses_ = false;
  bool is_stopping_ = false;
};

}  // namespace chatd::testing
