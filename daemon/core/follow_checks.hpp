#pragma once

#include "daemon/core/context.hpp"
#include "daemon/wire/record.hpp"

#include <string>
#include <string_view>

// What the hub of a room can't decide about its records.
namespace chatd::core {

// Members and bans of a room elsewhere, which is kept in memory: more than ours can have.
inline constexpr std::size_t kMaxFollowedMembers = 5000;

// `conflict`: the hub's record is none that this server can take.
[[nodiscard]] tl::unexpected<Error> unfit(Seq seq, std::string_view why);

// The record that founds a room which another server is the hub of; `forbidden` for one that this
// server can't be in.
[[nodiscard]] Status check_founding(const Context& core, const std::string& hub,
                                    const wire::Record& create);
// What holds for a record whatever was before.
[[nodiscard]] Status check_alone(const wire::Record& record);
// Whether its origin signed it, as every server must but the one that was the hub then. The
// signature itself federation has checked: the core knows who the hub was.
[[nodiscard]] Status check_signed(const wire::Record& record, const std::string& hub);
// The next record of a room.
[[nodiscard]] Status check_next(const Context& core, const Room& room, const wire::Record& record);

}  // namespace chatd::core
