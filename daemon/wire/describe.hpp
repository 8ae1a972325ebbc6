#pragma once

#include "daemon/wire/content.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/schema.hpp"

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::wire {

// What the documents say of one field.
struct FieldDescription {
  std::string name;
  std::string type;         // for people: "string", "list of Member"
  std::string json_schema;  // for machines
  std::string sentence;
  bool is_required = true;
};

// The named types met on the way: name -> its fields.
using NamedTypes = std::map<std::string, std::vector<FieldDescription>, std::less<>>;

// The types that travel as raw JSON and so describe no struct: Content and Record.
[[nodiscard]] NamedTypes raw_types();

// Whether the bounds of fields are told: they hold for what the server takes, not what it says.
enum class Side : std::uint8_t { taken, said };

template <class T>
[[nodiscard]] std::vector<FieldDescription> describe(NamedTypes& types, Side side);

// Where the documents speak of the named type: the anchor of its heading "type <name>".
[[nodiscard]] inline std::string type_link(std::string_view name) {
  std::string anchor(name);
  for (char& c : anchor)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return fmt::format("[{}](#type-{})", name, anchor);
}

namespace detail {

struct TypeWords {
  std::string type;
  std::string json_schema;
};

[[nodiscard]] inline TypeWords named(std::string_view name) {
  return {type_link(name), fmt::format(R"({{"$ref":"#/components/schemas/{}"}})", name)};
}

[[nodiscard]] inline TypeWords list_of(const TypeWords& item) {
  return {"list of " + item.type,
          fmt::format(R"({{"type":"array","items":{}}})", item.json_schema)};
}

// Raw JSON by what it holds: "JSON", "<type>" or "list of <type>".
[[nodiscard]] inline TypeWords raw(std::string_view holds) {
  constexpr std::string_view kListOf = "list of ";
  if (holds == "JSON") return {"JSON", "{}"};
  if (holds.starts_with(kListOf)) return list_of(raw(holds.substr(kListOf.size())));
  return named(holds);
}

[[nodiscard]] inline TypeWords string_like(std::string type, std::string_view pattern) {
  std::string schema = R"({"type":"string","pattern":)";
  append_string(schema, pattern);
  return {std::move(type), schema + "}"};
}

template <WordEnum E>
[[nodiscard]] TypeWords describe_words() {
  std::string type;
  std::string schema = R"({"enum":[)";
  for (const std::string_view text : Words<E>::kList) {
    if (!type.empty()) {
      type += " or ";
      schema += ',';
    }
    type.append("`").append(text).append("`");
    append_string(schema, text);
  }
  return {type, schema + "]}"};
}

template <class T>
[[nodiscard]] TypeWords describe_struct(NamedTypes& types, Side side) {
  const std::string name(T::kTypeName);
  if (!types.contains(name)) {
    types[name];  // first, for types that hold themselves
    types[name] = describe<T>(types, side);
  }
  return named(name);
}

// The same with an upper bound told in both.
[[nodiscard]] inline TypeWords at_most(TypeWords words, std::string_view schema_word,
                                       std::uint64_t max, std::string_view unit) {
  words.type += fmt::format(", at most {}{}", max, unit);
  words.json_schema.pop_back();
  words.json_schema += fmt::format(R"(,"{}":{}}})", schema_word, max);
  return words;
}

template <class T>
[[nodiscard]] TypeWords describe_type(NamedTypes& types, Side side, Bounds bounds) {
  if constexpr (IsOptional<T>::value) {
    return describe_type<typename T::value_type>(types, side, bounds);
  } else if constexpr (IsVector<T>::value) {
    auto list = list_of(describe_type<typename T::value_type>(types, Side::said, {}));
    return side == Side::said ? list : at_most(list, "maxItems", bounds.max_items, "");
  } else if constexpr (std::same_as<T, bool>) {
    return {"boolean", R"({"type":"boolean"})"};
  } else if constexpr (std::integral<T>) {
    TypeWords integer{"integer", R"({"type":"integer","minimum":0})"};
    if (side == Side::said || bounds.max_value == kMaxExactInteger) return integer;
    return at_most(integer, "maximum", bounds.max_value, "");
  } else if constexpr (std::same_as<T, std::string> || std::same_as<T, Secret>) {
    TypeWords string{"string", R"({"type":"string"})"};
    if (side == Side::said) return string;
    return at_most(string, "maxLength", bounds.max_code_points, " characters");
  } else if constexpr (std::same_as<T, RawJson>) {
    return raw(bounds.holds);
  } else if constexpr (std::same_as<T, Content>) {
    return named("Content");
  } else if constexpr (std::same_as<T, UserId>) {
    return string_like("user id", "^[a-z0-9._-]{1,64}@[a-z0-9.-]+$");
  } else if constexpr (std::same_as<T, RoomId>) {
    return string_like("room id", "^[A-Za-z0-9_-]{43}$");
  } else if constexpr (std::same_as<T, DeviceId>) {
    return string_like("device id", "^[0-9a-f]{16}$");
  } else if constexpr (std::same_as<T, ClientMsgId>) {
    return string_like("UUIDv7",
                       "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
  } else if constexpr (WordEnum<T>) {
    return describe_words<T>();
  } else {
    return describe_struct<T>(types, side);
  }
}

class Describer {
 public:
  Describer(NamedTypes& types, Side side, std::vector<FieldDescription>& out)
      : types_(types), side_(side), out_(out) {}
  template <class T>
  void operator()(std::string_view key, const T&, std::string_view sentence, Bounds bounds = {}) {
    auto words = describe_type<T>(types_, side_, bounds);
    out_.push_back({std::string(key), std::move(words.type), std::move(words.json_schema),
                    std::string(sentence), !IsOptional<T>::value});
  }

 private:
  NamedTypes& types_;
  Side side_;
  std::vector<FieldDescription>& out_;
};

}  // namespace detail

template <class T>
std::vector<FieldDescription> describe(NamedTypes& types, Side side) {
  std::vector<FieldDescription> out;
  const T sample{};
  T::fields(sample, detail::Describer(types, side, out));
  return out;
}

}  // namespace chatd::wire
