#pragma once

#include "cli/document.hpp"
#include "cli/shape.hpp"
#include "daemon/base/clock.hpp"

#include <string>
#include <string_view>

namespace chatd::cli {

// An answer for people, each line ended: single values as "label  value", lists of objects as
// tables with the `columns` named (separated by spaces; all when empty), an answer of one text as
// that text. What the shape does not know is not shown.
[[nodiscard]] std::string to_tables(const Json& answer, const Shape& shape,
                                    std::string_view columns);

// "2026-01-31 12:00:00 UTC"; "never" for 0.
[[nodiscard]] std::string time_text(TimeMs time);

}  // namespace chatd::cli
