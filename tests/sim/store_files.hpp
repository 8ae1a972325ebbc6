#pragma once

#include "plugins/storage_lmdb/store.hpp"
#include "tests/sim/fault.hpp"
#include "tests/sim/medium.hpp"
#include "tests/sim/world.hpp"
#include "tests/support/temp_folder.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace chatd::sim {

// The real store on files, small enough that it folds all the time, and mortal: at any point of a
// commit, of a fold or of an erasure it may die. Its upkeep runs as the world's events, so that a
// seed replays exactly.
class StoreMedium final : public Medium {
 public:
  // `on_death` happens soon after it died.
  StoreMedium(World& world, Fault fault, std::function<void()> on_death);

  Status commit(const std::vector<core::Write>& writes) override;
  Result<std::vector<core::StoredRecord>> read(const core::Range& range) override;
  Result<Seq> head(const RoomId& room) override;
  Result<std::optional<std::string>> get(const std::string& key) override;
  Result<std::vector<core::KeyValue>> scan(const std::string& prefix, const std::string& after,
                                           std::size_t limit) override;
  Status restart() override;
  bool is_dead() const override { return is_dead_; }
  void spare() override { death_permille_ = 0; }
  std::vector<std::string> examine(const std::vector<std::string>& gone) override;

 private:
  [[nodiscard]] storage_lmdb::Options options();
  [[nodiscard]] bool run_later(std::function<void()> task);
  [[nodiscard]] bool dies_at(storage_lmdb::FaultPoint point);

  World& world_;
  const Fault fault_;
  const std::function<void()> on_death_;
  const tests::TempFolder folder_;
  std::uint64_t death_permille_;
  std::uint64_t life_ = 0;  // upkeep of an earlier life does nothing
  bool is_dead_ = false;
  storage_lmdb::Options options_;
  std::unique_ptr<storage_lmdb::Store> store_;
};

}  // namespace chatd::sim
