#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

// Reading JSON that somebody else wrote: what is missing or of a wrong type reads as empty, so that
// no server can make this program stumble. Nothing here throws.
namespace client {

using json = nlohmann::json;

// The member `key` of an object; a null for anything else.
[[nodiscard]] const json& member_of(const json& object, const char* key);
[[nodiscard]] std::string text_of(const json& object, const char* key);
[[nodiscard]] bool flag_of(const json& object, const char* key);
// A whole number from 0 to 2^63 - 1; 0 for anything else.
[[nodiscard]] std::uint64_t number_of(const json& object, const char* key);
[[nodiscard]] std::int64_t time_of(const json& object, const char* key);
// A list; an empty one for anything else.
[[nodiscard]] const json& list_of(const json& object, const char* key);

// JSON text to a value; a discarded one (`is_discarded()`) if it is none.
[[nodiscard]] json parse_json(std::string_view text);
// A value to JSON text; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string dump_json(const json& value);

}  // namespace client
