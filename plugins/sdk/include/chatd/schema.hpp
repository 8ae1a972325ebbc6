// Reads a plugin's config schema (described at chatd_plugin.config_schema) and puts values into
// their plain form. The daemon and the fake host use this same file. Total: any text gives a schema
// or a sentence that says what is wrong.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace chatd::sdk {

enum class SchemaType : std::uint8_t { string, integer, boolean, size, duration, choice, list };

struct SchemaKey {
  std::string name;
  SchemaType type = SchemaType::string;
  std::string type_text;  // as written: "int:1..10"
  std::int64_t low = 0;   // of integer, size (bytes) and duration (ms), both inclusive
  std::int64_t high = 0;
  std::vector<std::string> choices;
  bool is_required = false;
  bool is_secret = false;               // its value is for the plugin and nobody else: a string
  std::optional<std::string> fallback;  // the default in plain form; nullopt: required or optional
  std::string doc;
};

// A schema or value; or, if `error` is not empty, why there is none.
template <class T>
struct Parsed {
  T value{};
  std::string error;
  [[nodiscard]] bool ok() const { return error.empty(); }
};

inline constexpr std::size_t kMaxSchemaKeys = 256;

namespace detail {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
inline constexpr Unit kSizeUnits[] = {{"", 1},
                                      {"B", 1},
                                      {"KiB", 1024},
                                      {"MiB", 1024 * 1024},
                                      {"GiB", 1024 * 1024 * 1024},
                                      {"TiB", 1024LL * 1024 * 1024 * 1024}};
inline constexpr Unit kDurationUnits[] = {
    {"ms", 1}, {"s", 1000}, {"min", 60 * 1000}, {"h", 60 * 60 * 1000}, {"d", 24 * 60 * 60 * 1000}};

template <std::size_t N>
std::optional<std::int64_t> with_unit(std::string_view text, const Unit (&units)[N]) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, ec] = std::from_chars(text.data(), end, number);
  if (ec != std::errc() || number < 0) return std::nullopt;
  const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
  if (number == 0 && unit.empty()) return 0;
  for (const Unit& known : units) {
    if (known.name != unit) continue;
    if (number > std::numeric_limits<std::int64_t>::max() / known.factor) return std::nullopt;
    return number * known.factor;
  }
  return std::nullopt;
}

inline std::optional<std::int64_t> number_of(SchemaType type, std::string_view text) {
  if (type == SchemaType::size) return with_unit(text, kSizeUnits);
  if (type == SchemaType::duration) return with_unit(text, kDurationUnits);
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, ec] = std::from_chars(text.data(), end, number);
  if (ec != std::errc() || rest != end) return std::nullopt;
  return number;
}

// The words of one line, cut at spaces; a quoted one keeps its spaces and knows \" \\ and \n.
struct Word {
  std::string text;
  bool is_quoted = false;
};
inline Parsed<std::vector<Word>> words_of(std::string_view line) {
  Parsed<std::vector<Word>> words;
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    if (at == line.size()) return words;
    Word word;
    if (line[at] != '"') {
      while (at < line.size() && line[at] != ' ' && line[at] != '\t') word.text += line[at++];
    } else {
      word.is_quoted = true;
      for (++at; at < line.size() && line[at] != '"'; ++at) {
        const bool is_escape = line[at] == '\\';
        if (is_escape && ++at == line.size()) break;
        word.text += is_escape && line[at] == 'n' ? '\n' : line[at];
      }
      if (at >= line.size()) return {{}, "a quote is not closed"};
      ++at;
    }
    words.value.push_back(std::move(word));
  }
}

inline bool is_key_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name[0] < 'a' || name[0] > 'z') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == name.npos;
}

inline bool is_host_key(std::string_view name) {
  return name == "file" || name == "order" || name == "deadline_ms" || name == "on_timeout";
}

// "int:1..10", "choice:a|b" and so on, into `key`. What is wrong, or nothing.
inline std::string read_type(std::string_view text, SchemaKey& key) {
  const std::size_t colon = text.find(':');
  const std::string_view word = text.substr(0, colon);
  const std::string_view rest = colon == text.npos ? "" : text.substr(colon + 1);
  key.type_text = text;
  if (word == "choice") {
    key.type = SchemaType::choice;
    for (std::size_t at = 0; at <= rest.size();) {
      const std::size_t bar = std::min(rest.find('|', at), rest.size());
      if (bar == at) return "a choice is empty";
      key.choices.emplace_back(rest.substr(at, bar - at));
      at = bar + 1;
    }
    return "";
  }
  key.type = word == "int"        ? SchemaType::integer
             : word == "size"     ? SchemaType::size
             : word == "duration" ? SchemaType::duration
             : word == "bool"     ? SchemaType::boolean
             : word == "list"     ? SchemaType::list
                                  : SchemaType::string;
  key.is_secret = word == "secret";
  if (key.type == SchemaType::string && word != "string" && !key.is_secret)
    return "there is no type '" + std::string(word) + "'";
  const bool is_number = key.type == SchemaType::integer || key.type == SchemaType::size ||
                         key.type == SchemaType::duration;
  key.low = key.type == SchemaType::integer ? std::numeric_limits<std::int64_t>::min() : 0;
  key.high = std::numeric_limits<std::int64_t>::max();
  if (colon == text.npos) return "";
  const std::size_t dots = rest.find("..");
  if (!is_number || dots == rest.npos) return "'" + std::string(text) + "' is not a type";
  const auto low = number_of(key.type, rest.substr(0, dots));
  const auto high = number_of(key.type, rest.substr(dots + 2));
  if (!low || !high || *low > *high) return "'" + std::string(rest) + "' is not a range";
  key.low = *low;
  key.high = *high;
  return "";
}

}  // namespace detail

// What must stand there, to follow "must be": "a whole number (int:1..10)".
[[nodiscard]] inline std::string must_be(const SchemaKey& key) {
  switch (key.type) {
    case SchemaType::string:
      return "a text";
    case SchemaType::integer:
      return "a whole number (" + key.type_text + ")";
    case SchemaType::boolean:
      return "true or false";
    case SchemaType::size:
      return "a size such as 64KiB (" + key.type_text + ")";
    case SchemaType::duration:
      return "a duration such as 500ms, 30s or 5min (" + key.type_text + ")";
    case SchemaType::choice:
      return "one of the words of " + key.type_text;
    case SchemaType::list:
      return "a list";
  }
  return "";
}

// `text` as an admin wrote it (the items of a list one per line) in the form the plugin gets it.
[[nodiscard]] inline Parsed<std::string> plain_form(const SchemaKey& key, std::string_view text) {
  const auto wrong = [&] { return Parsed<std::string>{"", key.name + " must be " + must_be(key)}; };
  switch (key.type) {
    case SchemaType::string:
    case SchemaType::list:
      return {std::string(text), ""};
    case SchemaType::boolean:
      return text == "true" || text == "false" ? Parsed<std::string>{std::string(text), ""}
                                               : wrong();
    case SchemaType::choice:
      for (const std::string& choice : key.choices)
        if (choice == text) return {choice, ""};
      return wrong();
    case SchemaType::integer:
    case SchemaType::size:
    case SchemaType::duration: {
      const std::optional<std::int64_t> number = detail::number_of(key.type, text);
      if (!number || *number < key.low || *number > key.high) return wrong();
      return {std::to_string(*number), ""};
    }
  }
  return wrong();
}

// One line of a schema.
[[nodiscard]] inline Parsed<SchemaKey> parse_schema_key(std::string_view line) {
  const auto words = detail::words_of(line);
  if (!words.ok()) return {{}, words.error};
  if (words.value.size() != 4 || !words.value[3].is_quoted)
    return {{}, "a line is: name type default \"what it is\""};
  const detail::Word& name = words.value[0];
  const detail::Word& type = words.value[1];
  const detail::Word& fallback = words.value[2];
  const detail::Word& doc = words.value[3];
  Parsed<SchemaKey> key;
  if (!detail::is_key_name(name.text)) return {{}, "'" + name.text + "' is not a key's name"};
  if (detail::is_host_key(name.text)) return {{}, "'" + name.text + "' belongs to the host"};
  key.value.name = name.text;
  key.value.doc = doc.text;
  key.error = detail::read_type(type.text, key.value);
  if (!key.ok()) return key;
  key.value.is_required = !fallback.is_quoted && fallback.text == "required";
  if (key.value.is_required || (!fallback.is_quoted && fallback.text == "optional")) return key;
  if (key.value.is_secret)
    return {{}, "a secret is required or optional: who can read it knows it"};
  Parsed<std::string> plain = plain_form(key.value, fallback.text);
  if (!plain.ok()) return {{}, "the default of " + plain.error};
  key.value.fallback = std::move(plain.value);
  return key;
}

[[nodiscard]] inline Parsed<std::vector<SchemaKey>> parse_schema(std::string_view text) {
  Parsed<std::vector<SchemaKey>> schema;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == line.npos || line[first] == '#') continue;
    Parsed<SchemaKey> key = parse_schema_key(line);
    for (const SchemaKey& other : schema.value)
      if (key.ok() && other.name == key.value.name) key.error = "'" + other.name + "' stands twice";
    if (key.ok() && schema.value.size() == kMaxSchemaKeys) key.error = "too many keys";
    if (!key.ok()) return {{}, "line " + std::to_string(number) + ": " + key.error};
    schema.value.push_back(std::move(key.value));
  }
  return schema;
}

}  // namespace chatd::sdk
