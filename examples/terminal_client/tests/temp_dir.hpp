#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

// A folder that is gone with the test; in memory where that is possible, to wait for no disk.
class TempDir {
 public:
  TempDir() {
    path_ = "/dev/shm/term_XXXXXX";
    if (mkdtemp(path_.data()) != nullptr) return;
    path_ = (std::filesystem::temp_directory_path() / "term_XXXXXX").string();
    if (mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};
