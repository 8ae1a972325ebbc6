#include "daemon/net/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <span>

namespace chatd::net {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
// Where a network without IPv4 reaches the rest of the world (RFC 6052): an IPv4 address follows.
constexpr std::array<std::uint8_t, 12> kNat64Prefix{0, 0x64, 0xff, 0x9b};

struct Block {
  std::array<std::uint8_t, 4> first;
  int bits;
};
// https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast with all above.
constexpr Block kSpecialV4[] = {
    {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10}, {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},  {{192, 0, 0, 0}, 24},  {{192, 0, 2, 0}, 24},
    {{192, 88, 99, 0}, 24}, {{192, 168, 0, 0}, 16}, {{198, 18, 0, 0}, 15}, {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 3},
};
// Of 2000::/3, outside of which nothing is global: IETF protocols (Teredo among them), 6to4,
// documentation.
constexpr Block kSpecialV6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23},
    {{0x20, 0x02, 0x00, 0x00}, 16},
    {{0x20, 0x01, 0x0d, 0xb8}, 32},
    {{0x3f, 0xff, 0x00, 0x00}, 20},
};

std::uint32_t number(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
         std::uint32_t{bytes[2]} << 8 | bytes[3];
}

bool is_in(std::span<const Block> blocks, const std::uint8_t* address) {
  return std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) {
    return (number(address) ^ number(block.first.data())) >> (32 - block.bits) == 0;
  });
}

}  // namespace

Result<Address> Address::parse(std::string_view ip, std::uint16_t port) {
  const std::string text(ip);
  Address address;
  address.port_ = port;
  if (inet_pton(AF_INET, text.c_str(), address.bytes_.data()) == 1) return address;
  address.is_v6_ = true;
  if (inet_pton(AF_INET6, text.c_str(), address.bytes_.data()) == 1) return address;
  return fail(Code::invalid_params, fmt::format("\"{}\" is not a numeric IP address", ip));
}

Address Address::from(const sockaddr_storage& native) {
  Address address;
  if (native.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &native, sizeof v4);
    std::memcpy(address.bytes_.data(), &v4.sin_addr, sizeof v4.sin_addr);
    address.port_ = ntohs(v4.sin_port);
  } else if (native.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &native, sizeof v6);
    std::memcpy(address.bytes_.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    address.port_ = ntohs(v6.sin6_port);
    address.is_v6_ = true;
    if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), address.bytes_.begin())) {
      std::copy_n(address.bytes_.begin() + kMappedPrefix.size(), 4, address.bytes_.begin());
      std::fill(address.bytes_.begin() + 4, address.bytes_.end(), std::uint8_t{0});
      address.is_v6_ = false;
    }
  }
  return address;
}

bool Address::is_loopback() const {
  if (!is_v6_) return bytes_[0] == 127;
  std::array<std::uint8_t, 16> one{};
  one[15] = 1;
  return bytes_ == one;
}

bool Address::is_public() const {
  if (!is_v6_) return !is_in(kSpecialV4, bytes_.data());
  if (std::equal(kNat64Prefix.begin(), kNat64Prefix.end(), bytes_.begin()))
    return !is_in(kSpecialV4, bytes_.data() + kNat64Prefix.size());
  return bytes_[0] >> 5 == 1 && !is_in(kSpecialV6, bytes_.data());
}

std::string Address::ip() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(is_v6_ ? AF_INET6 : AF_INET, bytes_.data(), text.data(), text.size());
  return text.data();
}

std::string Address::text() const {
  return is_v6_ ? fmt::format("[{}]:{}", ip(), port_) : fmt::format("{}:{}", ip(), port_);
}

socklen_t Address::fill(sockaddr_storage& native) const {
  native = {};
  if (is_v6_) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port_);
    std::memcpy(&v6.sin6_addr, bytes_.data(), sizeof v6.sin6_addr);
    std::memcpy(&native, &v6, sizeof v6);
    return sizeof v6;
  }
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port_);
  std::memcpy(&v4.sin_addr, bytes_.data(), sizeof v4.sin_addr);
  std::memcpy(&native, &v4, sizeof v4);
  return sizeof v4;
}

std::uint64_t Address::group() const {
  std::uint64_t group = 0;
  // An IPv4 address leaves the upper half zero, which no global IPv6 prefix does.
  std::memcpy(&group, bytes_.data(), is_v6_ ? 8 : 4);
  return group;
}

}  // namespace chatd::net
