#pragma once

#include "daemon/wire/content.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/schema.hpp"

#include <map>
#include <string>

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

template <class T>
[[nodiscard]] std::vector<FieldDescription> describe(NamedTypes& types);

namespace detail {

struct TypeWords {
  std::string type;
  std::string json_schema;
};

template <class T>
[[nodiscard]] TypeWords string_like(std::string type, std::string_view pattern) {
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
[[nodiscard]] TypeWords describe_struct(NamedTypes& types) {
  const std::string name(T::kTypeName);
  if (!types.contains(name)) {
    types[name];  // first, for types that hold themselves
    types[name] = describe<T>(types);
  }
  return {"[" + name + "](#" + name + ")", R"({"$ref":"#/components/schemas/)" + name + R"("})"};
}

template <class T>
[[nodiscard]] TypeWords describe_type(NamedTypes& types, Bounds bounds) {
  if constexpr (IsOptional<T>::value) {
    return describe_type<typename T::value_type>(types, bounds);
  } else if constexpr (IsVector<T>::value) {
    auto item = describe_type<typename T::value_type>(types, {});
    return {"list of " + item.type, R"({"type":"array","items":)" + item.json_schema + "}"};
  } else if constexpr (std::same_as<T, bool>) {
    return {"boolean", R"({"type":"boolean"})"};
  } else if constexpr (std::integral<T>) {
    return {"integer", R"({"type":"integer","minimum":0})"};
  } else if constexpr (std::same_as<T, std::string> || std::same_as<T, Secret>) {
    return {"string",
            R"({"type":"string","maxLength":)" + std::to_string(bounds.max_code_points) + "}"};
  } else if constexpr (std::same_as<T, RawJson>) {
    return {"JSON", "{}"};
  } else if constexpr (std::same_as<T, Content>) {
    return {"[Content](#content)", R"({"$ref":"#/components/schemas/Content"})"};
  } else if constexpr (std::same_as<T, UserId>) {
    return string_like<T>("user id", "^[a-z0-9._-]{1,64}@[a-z0-9.-]+$");
  } else if constexpr (std::same_as<T, RoomId>) {
    return string_like<T>("room id", "^[A-Za-z0-9_-]{43}$");
  } else if constexpr (std::same_as<T, DeviceId>) {
    return string_like<T>("device id", "^[0-9a-f]{16}$");
  } else if constexpr (std::same_as<T, ClientMsgId>) {
    return string_like<T>("UUIDv7",
                          "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
  } else if constexpr (WordEnum<T>) {
    return describe_words<T>();
  } else {
    return describe_struct<T>(types);
  }
}

class Describer {
 public:
  Describer(NamedTypes& types, std::vector<FieldDescription>& out) : types_(types), out_(out) {}
  template <class T>
  void operator()(std::string_view key, const T&, std::string_view sentence, Bounds bounds = {}) {
    auto words = describe_type<T>(types_, bounds);
    out_.push_back({std::string(key), std::move(words.type), std::move(words.json_schema),
                    std::string(sentence), !IsOptional<T>::value});
  }

 private:
  NamedTypes& types_;
  std::vector<FieldDescription>& out_;
};

}  // namespace detail

template <class T>
std::vector<FieldDescription> describe(NamedTypes& types) {
  std::vector<FieldDescription> out;
  const T sample{};
  T::fields(sample, detail::Describer(types, out));
  return out;
}

}  // namespace chatd::wire
