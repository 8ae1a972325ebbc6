#pragma once

#include "daemon/base/error.hpp"

namespace chatd::cli {

// What the process ends with; in the man page, and never changed.
enum class Exit : int {
  ok = 0,
  failed = 1,     // it did not work, or whether it did is unknown
  usage = 2,      // the line makes no sense; nothing was done
  problems = 3,   // a check worked and found something wrong
  no_daemon = 4,  // the daemon is not running, or not ready
  refused = 5,    // this person may not do this
};

[[nodiscard]] constexpr Exit exit_for(Code code) {
  switch (code) {
    case Code::invalid_params:
    case Code::too_large:
      return Exit::usage;
    case Code::unavailable:
      return Exit::no_daemon;
    case Code::unauthenticated:
    case Code::forbidden:
    case Code::denied:
      return Exit::refused;
    case Code::invalid_json:
    case Code::invalid_request:
    case Code::unknown_method:
    case Code::not_found:
    case Code::conflict:
    case Code::limit_reached:
    case Code::rate_limited:
    case Code::timeout:
    case Code::read_only:
    case Code::internal:
      return Exit::failed;
  }
  return Exit::failed;
}

}  // namespace chatd::cli
