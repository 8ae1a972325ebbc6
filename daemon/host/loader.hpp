#pragma once

#include "daemon/base/result.hpp"
#include "daemon/host/config_check.hpp"
#include "daemon/host/host.hpp"
#include "daemon/host/library.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace chatd::host {

// A plugin that is loaded and found fit, with its settings, but not started.
struct Loaded {
  std::unique_ptr<Library> library;
  PluginConfig config;
};

// Opens the file of `wanted` (from its `file` setting or the first of `dirs` that has it) and
// checks its settings. What is wrong is added to `mistakes`.
[[nodiscard]] std::optional<Loaded> load(const std::vector<std::filesystem::path>& dirs,
                                         const WantedPlugin& wanted, Mistakes& mistakes);

}  // namespace chatd::host
