#pragma once

#include "daemon/base/counter.hpp"
#include "daemon/base/mailbox.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/ports/store.hpp"
#include "daemon/host/storage_role.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <semaphore>
#include <span>
#include <thread>
#include <vector>

namespace chatd::host {

// The one thread that commits. All batches that wait become one commit of the storage role (group
// commit): the more wait, the less each costs. After a failed commit the batches of its epoch that
// still wait fail unseen by the disk, and so does everything older.
class StoreThread {
 public:
  using Done = std::function<void(Status)>;  // called on the store thread

  // Batches of this epoch build on nothing: a failure before doesn't touch them.
  static constexpr std::uint64_t kNoEpoch = 0;

  // What the thread has done so far. Any thread may read it.
  struct Numbers {
    Counter batches;       // committed
    Counter commits;       // how many commits that took
    Counter failed;        // batches that failed
    Counter microseconds;  // spent in commits
  };

  explicit StoreThread(StorageRole storage);
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;
  ~StoreThread() { stop(); }

  // Any thread. Batches are committed in the order of the calls. False: too much waits; nothing is
  // taken and `done` not called.
  [[nodiscard]] bool commit(core::Batch batch, Done done);
  // The same for the core, which bounds itself and can't do without the order of its answers.
  void commit_owed(core::Batch batch, Done done);

  // Commits all that waits, then joins.
  void stop();

  [[nodiscard]] const Numbers& numbers() const { return numbers_; }

 private:
  struct Job {
    core::Batch batch;
    Done done;
    bool is_end = false;
  };

  void run();
  // The jobs from the front that go into one commit; those that can't be committed are answered.
  [[nodiscard]] std::vector<Job*> next_group(std::span<Job>& rest);
  void commit_group(const std::vector<Job*>& group);

  // Constant after construction
  const StorageRole storage_;

  Mailbox<Job> box_;
  std::counting_semaphore<> filled_{0};  // once per time the box becomes filled
  Numbers numbers_;

  // Store thread only
  std::uint64_t failed_through_ = 0;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace chatd::host
