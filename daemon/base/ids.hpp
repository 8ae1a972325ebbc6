#pragma once

#include "daemon/base/hash.hpp"
#include "daemon/base/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <string_view>

namespace chatd {

using Seq = std::uint64_t;   // position in a room's log: 1, 2, 3 ...; 0 = none
using Term = std::uint64_t;  // which hub numbered it: 1 for the first

// `localpart@server.name`. Localpart: 1 to 64 of a-z 0-9 . _ - ; server: a lower-case domain name
// of at most 190 characters. Always valid once made. An empty one means nobody.
class UserId {
 public:
  UserId() = default;
  [[nodiscard]] static Result<UserId> parse(std::string_view text);
  // The account `localpart` of `server`; both are checked.
  [[nodiscard]] static Result<UserId> of(std::string_view localpart, std::string_view server);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string_view localpart() const;
  [[nodiscard]] std::string_view server() const;
  [[nodiscard]] bool empty() const { return text_.empty(); }
  auto operator<=>(const UserId&) const = default;

 private:
  explicit UserId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// Whether `text` may be a server's name / an account's local part / the two as a UserId.
[[nodiscard]] bool is_server_name(std::string_view text);
[[nodiscard]] bool is_localpart(std::string_view text);
[[nodiscard]] bool is_user_id(std::string_view text);

// The hash of a room's create record; 43 characters of base64url as text.
class RoomId {
 public:
  RoomId() : bytes_{} {}
  explicit RoomId(const Hash256& hash) : bytes_(hash) {}
  [[nodiscard]] static Result<RoomId> parse(std::string_view text);
  [[nodiscard]] static Result<RoomId> from_bytes(std::string_view bytes);

  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::string_view bytes() const { return view(bytes_); }
  [[nodiscard]] bool empty() const { return *this == RoomId(); }
  auto operator<=>(const RoomId&) const = default;

 private:
  Hash256 bytes_;
};

// One login of one account; 16 hexadecimal digits as text. 0 means none (the server itself).
class DeviceId {
 public:
  constexpr DeviceId() = default;
  constexpr explicit DeviceId(std::uint64_t value) : value_(value) {}
  [[nodiscard]] static Result<DeviceId> parse(std::string_view text);

  [[nodiscard]] std::string text() const;
  void append_to(std::string& out) const;  // as text
  [[nodiscard]] constexpr std::uint64_t value() const { return value_; }
  auto operator<=>(const DeviceId&) const = default;

 private:
  std::uint64_t value_ = 0;
};

// What a client calls its message: a UUIDv7 (RFC 9562 section 5.7) that grows per device. Ordered
// as its bytes are. All zero means none.
class ClientMsgId {
 public:
  ClientMsgId() : bytes_{} {}
  explicit ClientMsgId(const Hash128& bytes) : bytes_(bytes) {}
  // The 8-4-4-4-12 form, version 7 and variant 2 required.
  [[nodiscard]] static Result<ClientMsgId> parse(std::string_view text);
  [[nodiscard]] static Result<ClientMsgId> from_bytes(std::string_view bytes);

  [[nodiscard]] std::string text() const;
  void append_to(std::string& out) const;  // as text
  [[nodiscard]] std::string_view bytes() const { return view(bytes_); }
  [[nodiscard]] bool empty() const { return *this == ClientMsgId(); }
  auto operator<=>(const ClientMsgId&) const = default;

 private:
  Hash128 bytes_;
};

// One connection of a client, as net numbers it: the I/O thread in the upper 8 bits, a number that
// never repeats below.
class SessionId {
 public:
  constexpr SessionId() = default;
  constexpr explicit SessionId(std::uint64_t value) : value_(value) {}
  constexpr SessionId(unsigned io_thread, std::uint64_t number)
      : value_(std::uint64_t{io_thread} << 56 | number) {}

  [[nodiscard]] constexpr std::uint64_t value() const { return value_; }
  [[nodiscard]] constexpr unsigned io_thread() const { return static_cast<unsigned>(value_ >> 56); }
  auto operator<=>(const SessionId&) const = default;

 private:
  std::uint64_t value_ = 0;
};

}  // namespace chatd

template <>
struct std::hash<chatd::UserId> {
  std::size_t operator()(const chatd::UserId& id) const noexcept {
    return std::hash<std::string>()(id.text());
  }
};
template <>
struct std::hash<chatd::RoomId> {
  // The id is a hash already: its first bytes are as good as any.
  std::size_t operator()(const chatd::RoomId& id) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, id.bytes().data(), sizeof value);
    return value;
  }
};
template <>
struct std::hash<chatd::DeviceId> {
  std::size_t operator()(chatd::DeviceId id) const noexcept {
    return std::hash<std::uint64_t>()(id.value());
  }
};
template <>
struct std::hash<chatd::SessionId> {
  std::size_t operator()(chatd::SessionId id) const noexcept {
    return std::hash<std::uint64_t>()(id.value());
  }
};
