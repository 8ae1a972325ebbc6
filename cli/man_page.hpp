#pragma once

#include <string>

namespace chatd::cli {

// chatctl(1) as troff, made from the table of commands. cli/chatctl.1 is this text.
[[nodiscard]] std::string man_page();

}  // namespace chatd::cli
