#pragma once

#include "daemon/base/result.hpp"
#include "daemon/base/secret.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

// Small files as a whole. Every error names the file. Blocks on the disk; any thread.
namespace chatd {

// not_found when it is not there, too_large when it has more than `max_bytes`.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t max_bytes);
// The same for what is a secret: `forbidden` when another account may read or write it.
[[nodiscard]] Result<Secret> read_secret_file(const std::filesystem::path& path,
                                              std::size_t max_bytes);

// Both are durable when they return without an error; whenever the power goes, the file is there
// as a whole or as it was before. `mode` as in chmod(2), whatever the umask.
//
// conflict when it is there already.
[[nodiscard]] Status create_file(const std::filesystem::path& path, std::string_view bytes,
                                 mode_t mode);
[[nodiscard]] Status replace_file(const std::filesystem::path& path, std::string_view bytes,
                                  mode_t mode);

}  // namespace chatd
