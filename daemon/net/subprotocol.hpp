#pragma once

namespace chatd::net {

// What a WebSocket client must offer: names the language and its version.
inline constexpr const char* kSubprotocol = "chatd.v1";

}  // namespace chatd::net
