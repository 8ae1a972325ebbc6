#pragma once

#include "daemon/base/result.hpp"
#include "daemon/base/utf8.hpp"
#include "daemon/wire/schema.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace chatd::wire {

using Json = simdjson::dom::element;

template <class T>
[[nodiscard]] Status read_value(const Json& json, T& value, std::string_view key, Bounds bounds);

namespace detail {

[[nodiscard]] inline tl::unexpected<Error> wrong(std::string_view key, std::string_view what) {
  return fail(Code::invalid_params, fmt::format("\"{}\" {}", key, what));
}

template <std::integral T>
Status read_integer(const Json& json, T& value, std::string_view key, Bounds bounds) {
  std::uint64_t number = 0;
  if (json.get(number) != simdjson::SUCCESS) return wrong(key, "is not a whole number from 0 up");
  if (number > bounds.max_value || !std::in_range<T>(number))
    return wrong(key, fmt::format("is larger than {}", bounds.max_value));
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

}  // namespace detail

// Fills a described struct from a JSON object; a member that the struct does not have is an error.
class FieldReader {
 public:
  explicit FieldReader(simdjson::dom::object object) : object_(object) {}

  template <class T>
  void operator()(std::string_view key, T& value, std::string_view, Bounds bounds = {}) {
    if (!status_) return;
    known_.push_back(key);
    Json json;
    const bool is_there = object_.at_key(key).get(json) == simdjson::SUCCESS && !json.is_null();
    if constexpr (IsOptional<T>::value) {
      if (is_there) status_ = read_value(json, value.emplace(), key, bounds);
    } else if (is_there) {
      status_ = read_value(json, value, key, bounds);
    } else {
      status_ = detail::wrong(key, "is missing");
    }
  }

  [[nodiscard]] Status finish() {
    CHATD_CHECK(status_);
    for (const auto field : object_)
      if (std::find(known_.begin(), known_.end(), field.key) == known_.end())
        return detail::wrong(field.key.substr(0, 64), "is not a known parameter");
    return {};
  }

 private:
  simdjson::dom::object object_;
  Status status_;
  std::vector<std::string_view> known_;
};

template <Described T>
[[nodiscard]] Status read_object(const Json& json, T& value, std::string_view key) {
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS) return detail::wrong(key, "is not an object");
  FieldReader reader(object);
  T::fields(value, reader);
  return reader.finish();
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
