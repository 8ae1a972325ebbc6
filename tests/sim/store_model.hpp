#pragma once

#include "tests/sim/medium.hpp"

#include <map>
#include <string>
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

 private:
  std::map<RoomId, std::vector<std::string>> rooms_;
  std::map<std::string, std::string> keys_;
};

}  // namespace chatd::sim
