#pragma once

#include "daemon/base/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace chatd::net {

// A numeric IP address with a port. IPv4 inside IPv6 (::ffff:1.2.3.4) is IPv4.
class Address {
 public:
  Address() = default;
  [[nodiscard]] static Result<Address> parse(std::string_view ip, std::uint16_t port);
  [[nodiscard]] static Address from(const sockaddr_storage& native);

  [[nodiscard]] bool is_loopback() const;
  // Whether it may be anybody's on the internet (IANA's special-purpose registries): not this
  // machine, a private network, a link, a group, or an IPv6 form of such an IPv4 address.
  [[nodiscard]] bool is_public() const;
  [[nodiscard]] bool is_v6() const { return is_v6_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string ip() const;
  // "127.0.0.1:8443", "[::1]:8443"
  [[nodiscard]] std::string text() const;
  // For bind(); the size of what was filled in.
  [[nodiscard]] socklen_t fill(sockaddr_storage& native) const;

  // Whose connections are counted together: an IPv4 address, or the /64 that one IPv6 customer has.
  [[nodiscard]] std::uint64_t group() const;

 private:
  std::array<std::uint8_t, 16> bytes_{};  // IPv4: the first four
  std::uint16_t port_ = 0;
  bool is_v6_ = false;
};

}  // namespace chatd::net
