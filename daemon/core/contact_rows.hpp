#pragma once

#include "daemon/core/context.hpp"
#include "daemon/core/peer_service.hpp"
#include "daemon/wire/methods/people.hpp"

#include <string>
#include <vector>

// What one account thinks of another, as it stands in its rows; also where the other one is of
// another server, which is told by notices without a room.
namespace chatd::core {

// The entry, made where there is none.
[[nodiscard]] ContactEntry& contact_entry(User& user, const UserId& other);
void set_contact(User& user, const UserId& other, wire::ContactState state, TimeMs now,
                 std::vector<Write>& out);
// Whether one more fits; those that are gone don't count. `limit_reached`.
[[nodiscard]] Status has_place_for(const Context& core, const User& user, const UserId& other);

enum class ContactWish : std::uint8_t { ask, accept, end };
// Of one of ours about someone of another server: changes the own side and tells that server.
[[nodiscard]] Task<Status> wish_across(Context& core, UserId own, UserId other, ContactWish wish);

// What another server says that its user (notice.by) wants of one of ours.
[[nodiscard]] Task<Status> take_contact_notice(Context& core, Notice notice);

}  // namespace chatd::core
