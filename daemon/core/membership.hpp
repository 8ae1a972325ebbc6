#pragma once

#include "daemon/base/result.hpp"
#include "daemon/core/room.hpp"
#include "daemon/wire/room_content.hpp"

#include <cstddef>
#include <optional>
#include <string>

// Who may do what to whom in a room. Pure: each looks at the room as it is and gives the membership
// record's content, or says why not.
namespace chatd::core::membership {

using Change = Result<wire::MemberContent>;

// An invitation of someone of another server holds for so long; they may never have seen it.
inline constexpr TimeMs kInvitationHolds = 14 * 24 * 3600 * TimeMs{1000};

[[nodiscard]] Change invite(const Room& room, const UserId& actor, const UserId& subject,
                            std::size_t member_limit, TimeMs now);
[[nodiscard]] Change join(const Room& room, const UserId& subject, std::size_t member_limit,
                          TimeMs now);
[[nodiscard]] Change leave(const Room& room, const UserId& subject);
[[nodiscard]] Change kick(const Room& room, const UserId& actor, const UserId& subject,
                          std::optional<std::string> reason);
[[nodiscard]] Change ban(const Room& room, const UserId& actor, const UserId& subject, bool banned,
                         std::optional<std::string> reason);
// Of all users of another server.
[[nodiscard]] Status ban_server(const Room& room, const UserId& actor,
                                const wire::ServerContent& wanted);
// What a member of another server wants to be changed: one of these, by what it says.
[[nodiscard]] Change apply(const Room& room, const UserId& actor, const wire::MemberContent& wanted,
                           std::size_t member_limit, TimeMs now);
[[nodiscard]] Change set_role(const Room& room, const UserId& actor, const UserId& subject,
                              wire::Role role);
// Name, topic and rules: admins and owners of groups.
[[nodiscard]] Status may_set_meta(const Room& room, const UserId& actor);
// Whether they have joined or are invited.
[[nodiscard]] bool has_seat(const Room& room, const UserId& user);
// Erase others' messages.
[[nodiscard]] bool may_redact_others(const Room& room, const UserId& actor);

}  // namespace chatd::core::membership
