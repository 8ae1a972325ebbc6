#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/wire/record.hpp"

namespace chatd::core {

// The record that founds the 1:1 room of two accounts of different servers. Both servers make it
// alike, so that there is one room also when both open it at the same moment: no sender, no time,
// no nonce; which of the two is the hub the hash of the pair decides.
[[nodiscard]] wire::Record direct_create(const UserId& one, const UserId& other);

// Whether this record is the one that direct_create makes of the two accounts that it names.
[[nodiscard]] bool is_direct_create(const wire::Record& record);

}  // namespace chatd::core
