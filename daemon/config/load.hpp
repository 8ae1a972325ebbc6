#pragma once

#include "daemon/config/config.hpp"

#include <tl/expected.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
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

// Where a setting or a section begins.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

// What came of a file: all that could be understood of it, and all that is wrong.
struct Reading {
  std::string file;
  Config config;                        // defaults stand for what is wrong
  std::vector<Mistake> mistakes;        // in the order of their lines
  std::map<std::string, Place> places;  // by name: "tls.key", "plugin.NAME", "plugin.NAME.KEY"
  bool knows_plugins = false;           // the settings that say which plugins are wanted are right

  // At the place of `name`, or of the file as a whole when that is not there.
  void complain(const std::string& name, std::string message);
};

template <class T>
using Checked = tl::expected<T, std::vector<Mistake>>;

// A file of a thousand settings is far below; what is larger is not a configuration.
inline constexpr std::size_t kMaxFileBytes = 1024 * 1024;
// A key with its dots stands on one line, so this also bounds how deep tables can nest.
inline constexpr std::size_t kMaxLineBytes = 4096;

// Reads a file for those who have more to check. Blocks on the disk.
[[nodiscard]] Reading read(const std::filesystem::path& file);
// The config when a file has no mistakes.
[[nodiscard]] Checked<Config> result_of(Reading reading);

// Reads and checks the whole file: either everything in it is right, or all mistakes are named, in
// the order of their lines. Blocks on the disk. Whether files it points to exist is not asked.
[[nodiscard]] Checked<Config> load(const std::filesystem::path& file);

// The same for text that is already in memory. `file` is used for messages, and its folder, which
// must be absolute, for relative paths. Total: any bytes give a Config or mistakes.
[[nodiscard]] Checked<Config> parse(std::string_view text, const std::filesystem::path& file);

}  // namespace chatd::config
