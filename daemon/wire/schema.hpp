#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/base/secret.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// How a message is described once and used for decoding, encoding, the documents and OpenRPC:
//
//   struct TypingSet {
//     RoomId room;
//     bool typing = false;
//     static void fields(auto& self, auto&& field) {
//       field("room", self.room, "The room.");
//       field("typing", self.typing, "Whether the person is typing just now.");
//     }
//   };
//
// A field is required unless its type is std::optional. A struct's own name and sentence, where the
// documents need one, is `static constexpr std::string_view kTypeName`.

namespace chatd::wire {

// JSON that is kept and passed on as the exact bytes that came.
struct RawJson {
  std::string text;
};

// Larger whole numbers are not exact in every JSON reader (RFC 8259 section 6).
inline constexpr std::uint64_t kMaxExactInteger = (std::uint64_t{1} << 53) - 1;

// The bounds of one field. Everything a client can send is bounded: these are the defaults.
struct Bounds {
  std::size_t max_code_points = 256;           // of a string
  std::size_t max_items = 100;                 // of a list
  std::uint64_t max_value = kMaxExactInteger;  // of a number
  std::string_view holds = "JSON";             // of RawJson, for the documents: what it is
};

// The words of an enum on the wire, in the order of its values: specialise as
// template <> struct Words<Role> { static constexpr std::array kList{"member", ...}; };
template <class E>
struct Words;

template <class E>
concept WordEnum = std::is_enum_v<E> && requires {
  Words<E>::kList;
};

template <WordEnum E>
[[nodiscard]] constexpr std::string_view word(E value) {
  return Words<E>::kList[static_cast<std::size_t>(value)];
}

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

struct NullField {  // only to ask whether a type describes itself
  template <class T>
  void operator()(std::string_view, T&, std::string_view, Bounds = {}) const {}
};
template <class T>
concept Described = requires(T& value, NullField field) {
  T::fields(value, field);
};

}  // namespace chatd::wire
