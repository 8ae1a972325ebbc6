#pragma once

#include "daemon/core/ports/store.hpp"

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

  // The process ended and the next one begins: what was not committed is gone. Fails when what is
  // there can't be opened.
  [[nodiscard]] virtual Status restart() = 0;
  // It died by itself, in the middle of something; only restart() helps.
  [[nodiscard]] virtual bool is_dead() const { return false; }
  // From now on it does not.
  virtual void spare() {}

  // At the end: what is wrong with it by itself, in words, and which texts of `gone` still stand
  // anywhere on it.
  [[nodiscard]] virtual std::vector<std::string> examine(const std::vector<std::string>& gone) = 0;
};

}  // namespace chatd::sim
