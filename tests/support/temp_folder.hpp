#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace chatd::tests {

// A folder of its own for one test, gone afterwards. In memory where the system has that: the tests
// are about what is written, not about how long a disk takes.
class TempFolder {
 public:
  TempFolder() {
    std::string name = std::filesystem::is_directory("/dev/shm")
                           ? "/dev/shm"
                           : std::filesystem::temp_directory_path().string();
    name += "/chatd-test-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace chatd::tests
