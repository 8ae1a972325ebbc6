#pragma once

namespace chatd::net {

// What a WebSocket client must offer: names the language and its version.
inline constexpr const char* kSubprotocol = "chatd.v1";
// And what another server must (federation/PROTOCOL.md).
inline constexpr const char* kLinkSubprotocol = "chatd.federation.v1";

}  // namespace chatd::net
