#include "daemon/wire/content.hpp"

#include "daemon/wire/decode.hpp"
#include "daemon/wire/limits.hpp"

#include <algorithm>

namespace chatd::wire {
namespace {

// How many code points the text has.
Result<std::size_t> check_string(const Json& json, std::string_view key) {
  CHATD_TRY(const std::string_view text,
            detail::read_text(json, key, {.max_code_points = kMaxTextCharacters}));
  if (text.empty()) return detail::wrong(key, "is empty");
  return count_code_points(text);
}

}  // namespace

Status Content::read_json(const Json& json, Content& content) {
  simdjson::dom::object object;
  if (json.get(object) != simdjson::SUCCESS) return detail::wrong("content", "is not an object");
  std::vector<std::string_view> keys;
  keys.reserve(object.size());
  bool has_body = false;
  for (const auto field : object) {
    keys.push_back(field.key);
    if (field.key == "text" || field.key == "ciphertext") {
      CHATD_TRY(const std::size_t characters, check_string(field.value, field.key));
      content.characters = std::max(content.characters, characters);
      has_body = true;
    } else if (field.key == "reply_to") {
      CHATD_CHECK(read_value(field.value, content.reply_to, field.key, Bounds{}));
    } else if (field.key == "mentions") {
      CHATD_CHECK(read_value(field.value, content.mentions, field.key,
                             Bounds{.max_items = kMaxRoomMembers}));
    }
  }
  std::sort(keys.begin(), keys.end());
  if (const auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end())
    return detail::wrong(
        "content", fmt::format("has \"{}\" twice", first_bytes(*twice, detail::kMaxQuotedBytes)));
  if (!has_body) return detail::wrong("content", "has neither \"text\" nor \"ciphertext\"");
  return {};
}

}  // namespace chatd::wire
