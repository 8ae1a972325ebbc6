#pragma once

#include "daemon/core/ports/store.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chatd::sim {

// What survives a crash: the records and keys that are on the medium. Two of them exist, a model in
// memory and the real store on files; the simulated disk works on either.
class Medium {
 public:
  Medium() = default;
  Medium(const Medium&) = delete;
  Medium& operator=(const Medium&) = delete;
  virtual ~Medium() = default;

  // All or nothing, durable on return.
  [[nodiscard]] virtual Status commit(const std::vector<core::Write>& writes) = 0;
  [[nodiscard]] virtual Result<std::vector<core::StoredRecord>> read(const core::Range& range) = 0;
  [[nodiscard]] virtual Result<Seq> head(const RoomId& room) = 0;
  [[nodiscard]] virtual Result<std::optional<std::string>> get(const std::string& key) = 0;
  [[nodiscard]] virtual Result<std::vector<core::KeyValue>> scan(const std::string& prefix,
                                                                 const std::string& after,
                                                                 std::size_t limit) = 0;
  // The process ended; what was not committed is gone.
  virtual void crash() = 0;
};

class ModelMedium final : public Medium {
 public:
  Status commit(const std::vector<core::Write>& writes) override;
  Result<std::vector<core::StoredRecord>> read(const core::Range& range) override;
  Result<Seq> head(const RoomId& room) override;
  Result<std::optional<std::string>> get(const std::string& key) override;
  Result<std::vector<core::KeyValue>> scan(const std::string& prefix, const std::string& after,
                                           std::size_t limit) override;
  void crash() override {}

 private:
  std::map<RoomId, std::vector<std::string>> rooms_;
  std::map<std::string, std::string> keys_;
};

}  // namespace chatd::sim
