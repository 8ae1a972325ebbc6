#pragma once

#include "daemon/core/context.hpp"
#include "daemon/core/ports/plugins.hpp"
#include "daemon/wire/methods/message.hpp"

#include <string>

namespace chatd::core {

// PeerService::submit, also for what users of this server had handed in to another one before the
// room moved here.
[[nodiscard]] Task<Result<wire::SendAnswer>> take_draft(Context& core, std::string peer,
                                                        Draft draft);

}  // namespace chatd::core
