#pragma once

#include <fstream>
#include <iterator>
#include <string>

namespace tests {

// A file's bytes; none when it can't be read.
[[nodiscard]] inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace tests
