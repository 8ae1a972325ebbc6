#pragma once

#include "plugins/storage_lmdb/result.hpp"

#include <filesystem>
#include <memory>

namespace chatd::storage_lmdb {

// Holds a folder for one store: another one, in this process or another, is refused. Ends with the
// process, however that ends.
class FolderLock {
 public:
  // CONFLICT: somebody has it.
  [[nodiscard]] static Result<std::unique_ptr<FolderLock>> take(
      const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  const int fd_;
};

}  // namespace chatd::storage_lmdb
