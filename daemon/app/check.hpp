#pragma once

#include "daemon/config/load.hpp"
#include "daemon/net/static_files.hpp"

#include <filesystem>
#include <memory>

namespace chatd::app {

// What a start or a reload goes by.
struct Setup {
  config::Config config;
  std::shared_ptr<const net::StaticFiles> web;  // null: none
};

// Reads a configuration and checks all that a start would: the file itself, the sections of plugins
// (which are loaded for it, and not started), the certificate and its key, the web client, what
// federation keeps in files. Any thread; blocks on the disk.
[[nodiscard]] config::Checked<Setup> check(const std::filesystem::path& file);

}  // namespace chatd::app
