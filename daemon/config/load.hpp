#pragma once

#include "daemon/config/config.hpp"

#include <tl/expected.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::config {

// One thing wrong with a configuration file, said in a sentence for the operator. Lines and columns
// count from 1; line 0 means the file as a whole.
struct Mistake {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string file;
  std::string message;

  // "chatd.toml:12:1: there is no setting ..."
  [[nodiscard]] std::string text() const;
};

template <class T>
using Checked = tl::expected<T, std::vector<Mistake>>;

// A file of a thousand settings is far below; what is larger is not a configuration.
inline constexpr std::size_t kMaxFileBytes = 1024 * 1024;
// A key with its dots stands on one line, so this also bounds how deep tables can nest.
inline constexpr std::size_t kMaxLineBytes = 4096;

// Reads and checks the whole file: either everything in it is right, or all mistakes are named, in
// the order of their lines. Blocks on the disk. Whether files it points to exist is not asked.
[[nodiscard]] Checked<Config> load(const std::filesystem::path& file);

// The same for text that is already in memory. `file` is used for messages, and its folder, which
// must be absolute, for relative paths. Total: any bytes give a Config or mistakes.
[[nodiscard]] Checked<Config> parse(std::string_view text, const std::filesystem::path& file);

}  // namespace chatd::config
