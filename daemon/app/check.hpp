#pragma once

#include "daemon/config/load.hpp"

#include <filesystem>

namespace chatd::app {

// Reads a configuration and checks all that a start would: the file itself, the sections of plugins
// (which are loaded for it, and not started), the certificate and its key, the web client, what
// federation keeps in files. Blocks on the disk.
[[nodiscard]] config::Checked<config::Config> check(const std::filesystem::path& file);

}  // namespace chatd::app
