#pragma once

#include "daemon/core/context.hpp"
#include "daemon/core/ports/plugins.hpp"
#include "daemon/wire/methods/message.hpp"

#include <vector>

namespace chatd::core {

// Posts a message, edit, redaction or reaction, whoever of whatever server says it: looks at the
// record that it is about, then takes the pipeline. That its content is one of its kind, and the
// sender's rate, were checked.
[[nodiscard]] Task<Result<wire::SendAnswer>> say(Context& core, Caller caller, Draft draft);

// Rewrites of a message and all its edits on disk without their content.
[[nodiscard]] Task<Result<std::vector<Write>>> erasures(Context& core, wire::Record message);

}  // namespace chatd::core
