#pragma once

#include "daemon/base/result.hpp"
#include "daemon/base/utf8.hpp"
#include "daemon/wire/schema.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <limits>

namespace chatd::wire {

using Json = simdjson::dom::element;

template <class T>
[[nodiscard]] Status read_value(const Json& json, T& value, std::string_view key, Bounds bounds);

namespace detail {

// Of a peer's own words in an error's sentence.
inline constexpr std::size_t kMaxQuotedBytes = 64;

[[nodiscard]] inline tl::unexpected<Error> wrong(std::string_view key, std::string_view what) {
  return fail(Code::invalid_params, fmt::format("\"{}\" {}", key, what));
}

template <std::integral T>
Status read_integer(const Json& json, T& value, std::string_view key, Bounds bounds) {
  const std::uint64_t max =
      std::min<std::uint64_t>(bounds.max_value, std::numeric_limits<T>::max());
  std::uint64_t number = 0;
  if (json.get(number) != simdjson::SUCCESS) return wrong(key, "is not a whole number from 0 up");
  if (number > max) return wrong(key, fmt::format("is larger than {}", max));
  value = static_cast<T>(number);
  return {};
}

[[nodiscard]] inline Result<std::string_view> read_text(const Json& json, std::string_view key,
                                                        Bounds bounds) {
  std::string_view text;
  if (json.get(text) != simdjson::SUCCESS) return wrong(key, "is not a string");
  if (text.size() > bounds.max_code_points && count_code_points(text) > bounds.max_code_points)
    return fail(Code::too_large,
                fmt::format("\"{}\" is longer than {} characters", key, bounds.max_code_points));
  return text;
}

template <WordEnum E>
Status read_word(const Json& json, E& value, std::string_view key) {
  std::string_view text;
  if (json.get(text) != simdjson::SUCCESS) return wrong(key, "is not a string");
  const auto& words = Words<E>::kList;
  const auto found = std::find(words.begin(), words.end(), text);
  if (found == words.end())
    return wrong(key, fmt::format("is not one of: {}", fmt::join(words, ", ")));
  value = static_cast<E>(found - words.begin());
  return {};
}

template <class T>
Status read_list(const Json& json, std::vector<T>& list, std::string_view key, Bounds bounds) {
  simdjson::dom::array array;
  if (json.get(array) != simdjson::SUCCESS) return wrong(key, "is not a list");
  for (const Json item : array) {
    if (list.size() == bounds.max_items)
      return fail(Code::too_large,
                  fmt::format("\"{}\" has more than {} items", key, bounds.max_items));
    CHATD_CHECK(read_value(item, list.emplace_back(), key, bounds));
  }
  return {};
}

// Why an object has more members than those that were read: one is unknown, or given twice.
template <Described T>
[[nodiscard]] tl::unexpected<Error> stray_member(const simdjson::dom::object& object, T& value) {
  std::vector<std::string_view> known;
  T::fields(value, [&](std::string_view key, auto&, std::string_view, Bounds = {}) {
    known.push_back(key);
  });
  for (const auto field : object) {
    if (std::find(known.begin(), known.end(), field.key) == known.end())
      return wrong(first_bytes(field.key, kMaxQuotedBytes), "is not a known parameter");
  }
  for (const std::string_view key : known) {
    const auto is_it = [&](const auto& field) { return field.key == key; };
    if (std::count_if(object.begin(), object.end(), is_it) > 1) return wrong(key, "is given twice");
  }
  return wrong("params", "is too large");  // simdjson counts to 2^24; no frame is so long
}

}  // namespace detail

// Fills the fields of a described struct from the members of a JSON object. `null` is as good as
// left out.
class FieldReader {
 public:
  explicit FieldReader(const simdjson::dom::object& object) : object_(object) {}

  template <class T>
  void operator()(std::string_view key, T& value, std::string_view, Bounds bounds = {}) {
    if (!status_) return;
    Json json;
    const bool is_member = object_.at_key(key).get(json) == simdjson::SUCCESS;
    if (is_member) ++members_read_;
    const bool is_there = is_member && !json.is_null();
    if constexpr (IsOptional<T>::value) {
      if (is_there) status_ = read_value(json, value.emplace(), key, bounds);
    } else if (is_there) {
      status_ = read_value(json, value, key, bounds);
    } else {
      status_ = detail::wrong(key, "is missing");
    }
  }

  [[nodiscard]] const Status& status() const { return status_; }
  // How many members of the object were looked at.
  [[nodiscard]] std::size_t members_read() const { return members_read_; }

 private:
  const simdjson::dom::object& object_;
  Status status_;
  std::size_t members_read_ = 0;
};

// What was stored before: a member that `T` has no field for is a newer version's, and skipped.
template <Described T>
[[nodiscard]] Status read_known_members(const Json& json, T& value, std::string_view key) {
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS) return detail::wrong(key, "is not an object");
  FieldReader reader(object);
  T::fields(value, reader);
  return reader.status();
}

// What a peer asks: an object with a member that `T` has no field for, or with one twice, is
// refused, else two readers might disagree on what it says.
template <Described T>
[[nodiscard]] Status read_object(const Json& json, T& value, std::string_view key) {
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS) return detail::wrong(key, "is not an object");
  FieldReader reader(object);
  T::fields(value, reader);
  CHATD_CHECK(reader.status());
  if (reader.members_read() != object.size()) return detail::stray_member(object, value);
  return {};
}

template <class T>
Status read_value(const Json& json, T& value, std::string_view key, Bounds bounds) {
  if constexpr (std::same_as<T, bool>) {
    if (json.get(value) != simdjson::SUCCESS) return detail::wrong(key, "is not true or false");
    return {};
  } else if constexpr (std::integral<T>) {
    return detail::read_integer(json, value, key, bounds);
  } else if constexpr (std::same_as<T, std::string>) {
    CHATD_TRY(value, detail::read_text(json, key, bounds));
    return {};
  } else if constexpr (std::same_as<T, Secret>) {
    CHATD_TRY(const std::string_view text, detail::read_text(json, key, bounds));
    value = Secret(std::string(text));
    return {};
  } else if constexpr (requires { T::read_json(json, value); }) {
    return T::read_json(json, value);
  } else if constexpr (WordEnum<T>) {
    return detail::read_word(json, value, key);
  } else if constexpr (IsVector<T>::value) {
    return detail::read_list(json, value, key, bounds);
  } else if constexpr (Described<T>) {
    return read_object(json, value, key);
  } else {
    CHATD_TRY(const std::string_view text, detail::read_text(json, key, bounds));
    auto id = T::parse(text);
    if (!id) return detail::wrong(key, fmt::format("is not valid: {}", id.error().message));
    value = *std::move(id);
    return {};
  }
}

}  // namespace chatd::wire
