#pragma once

#include "daemon/core/ports/store.hpp"
#include "tests/sim/fault.hpp"
#include "tests/sim/medium.hpp"
#include "tests/sim/process.hpp"

#include <deque>

namespace chatd::sim {

// The core's store on a simulated disk, in the place of host::StoreThread: what waits is committed
// in groups, after a while, in order; a crash may come before, within or after a commit, with or
// without the answer. What is durable lies in a Medium, which survives crashes.
class Disk final : public core::StorePort {
 public:
  Disk(World& world, Process& process, Medium& medium, Fault fault)
      : world_(world), process_(process), medium_(medium), fault_(fault) {}
  ~Disk() override = default;

  void commit(core::Batch batch, Done<Status> done) override;
  void read(core::Range range, Done<Result<std::vector<core::StoredRecord>>> done) override;
  void head(RoomId room, Done<Result<Seq>> done) override;
  void get(std::string key, Done<Result<std::optional<std::string>>> done) override;
  void get_many(std::vector<std::string> keys,
                Done<Result<std::vector<std::optional<std::string>>>> done) override;
  void scan(std::string prefix, std::string after, std::size_t limit,
            Done<Result<std::vector<core::KeyValue>>> done) override;

  // Commits take so much longer from now on.
  void slow_down(Millis by) { slowness_ = by; }
  // The next commits fail: the disk is full.
  void fill_up(unsigned commits) { full_for_ = commits; }

  // The process ends here: of the group that is being written, all or nothing is on the medium,
  // chance decides.
  void crash();

 private:
  struct Waiting {
    core::Batch batch;
    Done<Status> done;
  };
  void start_group();
  void finish_group();
  [[nodiscard]] Status write(const std::vector<Waiting>& group);
  template <class T>
  void answer(Done<T> done, T value);

  World& world_;
  Process& process_;
  Medium& medium_;
  const Fault fault_;
  std::deque<Waiting> waiting_;
  std::vector<Waiting> group_;  // being written
  std::uint64_t failed_epoch_ = 0;
  Millis slowness_{0};
  unsigned full_for_ = 0;
};

}  // namespace chatd::sim
