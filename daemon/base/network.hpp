#pragma once

#include <string>

namespace chatd {

// Whom attempts from an IP address are counted against: an IPv4 address itself, the /64 of an IPv6
// one (what one customer is given, RFC 6177), as "2001:db8:1:2::/64". Any other text as it is.
[[nodiscard]] std::string network_of(const std::string& address);

}  // namespace chatd
