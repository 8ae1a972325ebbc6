#pragma once

#include "daemon/wire/json_text.hpp"
#include "daemon/wire/schema.hpp"

namespace chatd::wire {

template <class T>
void append_value(std::string& out, const T& value);

// Appends the members of a described struct; empty optionals are left out.
class FieldWriter {
 public:
  explicit FieldWriter(std::string& out) : out_(out) {}

  template <class T>
  void operator()(std::string_view key, const T& value, std::string_view, Bounds = {}) {
    if constexpr (IsOptional<T>::value) {
      if (value) write(key, *value);
    } else {
      write(key, value);
    }
  }

 private:
  template <class T>
  void write(std::string_view key, const T& value) {
    if (!is_first_) out_ += ',';
    is_first_ = false;
    out_ += '"';
    out_ += key;
    out_ += "\":";
    append_value(out_, value);
  }

  std::string& out_;
  bool is_first_ = true;
};

// Appends any value that can stand in a message as JSON.
template <class T>
void append_value(std::string& out, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::unsigned_integral<T>) {
    append_number(out, std::uint64_t{value});
  } else if constexpr (std::signed_integral<T>) {
    append_number(out, std::int64_t{value});
  } else if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
    append_string(out, value);
  } else if constexpr (std::same_as<T, Secret>) {
    append_string(out, value.reveal());
  } else if constexpr (std::same_as<T, RawJson>) {
    out += value.text;
  } else if constexpr (WordEnum<T>) {
    append_string(out, word(value));
  } else if constexpr (IsVector<T>::value) {
    out += '[';
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (i > 0) out += ',';
      append_value(out, value[i]);
    }
    out += ']';
  } else if constexpr (Described<T>) {
    out += '{';
    T::fields(value, FieldWriter(out));
    out += '}';
  } else {
    append_string(out, value.text());  // the ids
  }
}

template <class T>
[[nodiscard]] std::string to_json(const T& value) {
  std::string out;
  append_value(out, value);
  return out;
}

}  // namespace chatd::wire
