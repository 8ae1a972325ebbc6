#pragma once

#include "daemon/core/cache.hpp"
#include "daemon/core/ports/store.hpp"
#include "daemon/core/user.hpp"

#include <memory>

namespace chatd::core {

using Users = Cache<UserId, User>;

// Reads an account with all its rows; `not_found` where there is none. Accounts of other servers
// are none of ours.
[[nodiscard]] Task<Result<std::unique_ptr<User>>> fetch_user(StorePort& store, UserId id);

}  // namespace chatd::core
