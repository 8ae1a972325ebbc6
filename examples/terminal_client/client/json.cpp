#include "json.hpp"

#include <limits>

namespace client {

const json& member_of(const json& object, const char* key) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

std::string text_of(const json& object, const char* key) {
  const json& value = member_of(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool flag_of(const json& object, const char* key) {
  const json& value = member_of(object, key);
  return value.is_boolean() && value.get<bool>();
}

std::uint64_t number_of(const json& object, const char* key) {
  const json& value = member_of(object, key);
  if (!value.is_number_unsigned()) {
    // A number made in this program may be signed; one that was parsed is unsigned if it can be.
    return value.is_number_integer() && value.get<std::int64_t>() > 0
               ? static_cast<std::uint64_t>(value.get<std::int64_t>())
               : 0;
  }
  const auto number = value.get<std::uint64_t>();
  return number <= std::uint64_t{std::numeric_limits<std::int64_t>::max()} ? number : 0;
}

std::int64_t time_of(const json& object, const char* key) {
  return static_cast<std::int64_t>(number_of(object, key));
}

const json& list_of(const json& object, const char* key) {
  static const json empty = json::array();
  const json& value = member_of(object, key);
  return value.is_array() ? value : empty;
}

json parse_json(std::string_view text) { return json::parse(text, nullptr, false); }

std::string dump_json(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace client
