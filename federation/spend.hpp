#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// What another server spends here, each from a bucket of its own. Values; any thread.
namespace chatd::federation {

enum class Spend : std::uint8_t {
  link,    // connections that it makes
  submit,  // records that it hands in
  byte,    // of their contents
  join,    // rooms that its people enter
  invite,  // people whom its people invite
  room,    // 1:1 rooms that its people open
  notice   // what it tells about memberships and contacts
};
inline constexpr std::size_t kSpendCount = 7;

// "link" and so on: for metrics and the admin.
[[nodiscard]] constexpr std::string_view name(Spend spend) {
  constexpr std::array<std::string_view, kSpendCount> kNames{"link",   "submit", "byte",  "join",
                                                             "invite", "room",   "notice"};
  return kNames[static_cast<std::size_t>(spend)];
}

}  // namespace chatd::federation
