#include "daemon/base/network.hpp"

#include <catch2/catch.hpp>

using chatd::network_of;

TEST_CASE("one IPv6 customer's addresses are one network", "[base]") {
  CHECK(network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
  CHECK(network_of("2001:0DB8:1:2::") == "2001:db8:1:2::/64");
  CHECK(network_of("2001:db8:1:3::1") == "2001:db8:1:3::/64");
}

TEST_CASE("each IPv4 address is a network of its own, and other texts are left alone", "[base]") {
  CHECK(network_of("192.0.2.1") == "192.0.2.1");
  CHECK(network_of("") == "");
  CHECK(network_of("the control socket") == "the control socket");
}
