#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/wire/schema.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::cli {

// How a value of an answer looks to people.
enum class Look : std::uint8_t { text, number, time, yes_no, json, list, object };

struct NamedShape;

// What an answer is made of, as its described struct says; tables and the man page come from it.
struct Shape {
  Look look = Look::text;
  std::vector<NamedShape> parts;  // the fields of an object; of a list one, its item
};
struct NamedShape {
  std::string name;
  std::string sentence;
  bool is_always = true;  // false: left out where there is none
  Shape shape;
};

template <class T>
[[nodiscard]] Shape shape_of();

class ShapeReader {
 public:
  explicit ShapeReader(std::vector<NamedShape>& parts) : parts_(parts) {}
  template <class T>
  void operator()(std::string_view key, const T&, std::string_view sentence, wire::Bounds = {}) {
    parts_.push_back(
        {std::string(key), std::string(sentence), !wire::IsOptional<T>::value, shape_of<T>()});
  }

 private:
  std::vector<NamedShape>& parts_;
};

template <class T>
Shape shape_of() {
  if constexpr (wire::IsOptional<T>::value) {
    return shape_of<typename T::value_type>();
  } else if constexpr (wire::IsVector<T>::value) {
    return {Look::list, {{"", "", true, shape_of<typename T::value_type>()}}};
  } else if constexpr (std::same_as<T, bool>) {
    return {Look::yes_no, {}};
  } else if constexpr (std::same_as<T, TimeMs>) {
    return {Look::time, {}};  // the only signed numbers on the wire are times
  } else if constexpr (std::integral<T>) {
    return {Look::number, {}};
  } else if constexpr (std::same_as<T, wire::RawJson>) {
    return {Look::json, {}};
  } else if constexpr (wire::Described<T>) {
    Shape shape{Look::object, {}};
    const T sample{};
    T::fields(sample, ShapeReader(shape.parts));
    return shape;
  } else {
    return {Look::text, {}};  // strings, ids, words
  }
}

}  // namespace chatd::cli
