#pragma once

#include "tests/sim/medium.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace chatd::sim {

// The store in memory, without any of a real one's difficulties: a story on it is about the core.
class ModelMedium final : public Medium {
 public:
  Status commit(const std::vector<core::Write>& writes) override;
  Result<std::vector<core::StoredRecord>> read(const core::Range& range) override;
  Result<Seq> head(const RoomId& room) override;
  Result<std::optional<std::string>> get(const std::string& key) override;
  Result<std::vector<core::KeyValue>> scan(const std::string& prefix, const std::string& after,
                                           std::size_t limit) override;
  Status restart() override { return {}; }
  std::vector<std::string> examine(const std::vector<std::string>& gone) override;

  // All that is on it; and that again, in place of what has come since.
  struct Backup {
    std::map<RoomId, std::vector<std::string>> rooms;
    std::map<std::string, std::string> keys;
  };
  [[nodiscard]] Backup back_up() const { return {rooms_, keys_}; }
  void put_back(Backup backup) {
    rooms_ = std::move(backup.rooms);
    keys_ = std::move(backup.keys);
  }

 private:
  std::map<RoomId, std::vector<std::string>> rooms_;
  std::map<std::string, std::string> keys_;
};

}  // namespace chatd::sim
