#pragma once

#include "daemon/base/bytes.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/passing.hpp"

#include <string>

// The frames of what servers tell each other once and keep nowhere (PROTOCOL.md, "What passes by").
// Values; any thread.
namespace chatd::federation {

[[nodiscard]] std::string encode(const core::Passing& what);

// The fields of each kind. As decode_frame.
[[nodiscard]] Result<core::PresenceLease> read_presence_lease(ByteReader& in);
[[nodiscard]] Result<core::PresenceNews> read_presence(ByteReader& in);
[[nodiscard]] Result<core::Typing> read_typing(ByteReader& in);
[[nodiscard]] Result<core::ReadMark> read_read_mark(ByteReader& in);
[[nodiscard]] Result<core::ProfileQuestion> read_profile_get(ByteReader& in);
[[nodiscard]] Result<core::ProfileAnswer> read_profile(ByteReader& in);

}  // namespace chatd::federation
