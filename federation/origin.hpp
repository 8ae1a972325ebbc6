#pragma once

#include "daemon/core/ports/plugins.hpp"
#include "daemon/wire/record.hpp"

#include <string>

// What a server vouches for when it hands in what one of its users said: that this device said
// these bytes in this room, about that record. The hub gives it number, time and place; what the
// origin signed (Purpose::record) it can't change, and others check it in the record. Erasing the
// content leaves the signature valid.
namespace chatd::federation {

[[nodiscard]] std::string origin_form(const core::Draft& draft);
[[nodiscard]] std::string origin_form(const wire::Record& record);

}  // namespace chatd::federation
