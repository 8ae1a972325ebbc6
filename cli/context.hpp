#pragma once

#include "cli/console.hpp"
#include "cli/daemon.hpp"
#include "daemon/base/result.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace chatd::cli {

// What a command that runs may use.
struct Context {
  Console& console;
  Daemon& daemon;
  std::string config_file;                            // which one holds, given or the default
  std::function<Status(std::string_view json)> emit;  // prints an answer, as table or as JSON
};

}  // namespace chatd::cli
