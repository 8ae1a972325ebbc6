#pragma once

#include "daemon/core/context.hpp"

#include <string>
#include <utility>

// Tokens with which people may sign up where sign-up is by invite. Kept hashed, with a number of
// uses and an end.
namespace chatd::core {

struct NewInvite {
  std::string token;
  TimeMs expires = 0;
};
[[nodiscard]] Task<Result<NewInvite>> make_invite(Context& core, std::uint32_t uses,
                                                  std::uint32_t days);

// While it lives, nobody else can use the same invite: two sign-ups never share its last use.
using InviteHold = Turns::Pass;

struct UsedInvite {
  InviteHold hold;  // keep it until `row` is committed
  Write row;        // to be committed with the account
};
// `forbidden` for a token that is unknown, used up or too old.
[[nodiscard]] Task<Result<UsedInvite>> use_invite(Context& core, std::string token);

}  // namespace chatd::core
