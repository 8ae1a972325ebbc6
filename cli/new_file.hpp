#pragma once

#include "daemon/base/result.hpp"

#include <string>
#include <string_view>
#include <sys/types.h>

namespace chatd::cli {

// Writes a file that was not there, durably. conflict when it was; then it is as before.
[[nodiscard]] Status write_new_file(const std::string& path, std::string_view bytes, mode_t mode);

}  // namespace chatd::cli
