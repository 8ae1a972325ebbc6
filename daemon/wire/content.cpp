#include "daemon/wire/content.hpp"

#include "daemon/wire/decode.hpp"
#include "daemon/wire/limits.hpp"
#include "daemon/wire/room_content.hpp"

#include <algorithm>

namespace chatd::wire {
namespace {

constexpr std::size_t kFirstCapacity = 4096;

// How many code points the text has.
Result<std::size_t> check_string(const Json& json, std::string_view key) {
  CHATD_TRY(const std::string_view text,
            detail::read_text(json, key, {.max_code_points = kMaxTextCharacters}));
  if (text.empty()) return detail::wrong(key, "is empty");
  return count_code_points(text);
}

// Valid until the next one.
Result<Json> parse(std::string_view bytes) {
  thread_local simdjson::dom::parser parser;
  if (parser.max_depth() != kMaxJsonDepth &&
      parser.allocate(kFirstCapacity, kMaxJsonDepth) != simdjson::SUCCESS)
    return fail(Code::internal, "there is no memory for a content");
  Json json;
  if (const auto error = parser.parse(bytes.data(), bytes.size()).get(json))
    return fail(Code::invalid_json, simdjson::error_message(error));
  return json;
}

template <class T>
Status check_known(const Json& json) {
  T value;
  return read_known_members(json, value, "content");
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

Result<Content> Content::decode(std::string bytes) {
  Content content;
  CHATD_TRY(const Json json, parse(bytes));
  CHATD_CHECK(read_json(json, content));
  content.bytes = std::move(bytes);
  return content;
}

Status check_content(RecordKind kind, std::string_view bytes) {
  CHATD_TRY(const Json json, parse(bytes));
  if (!json.is_object()) return detail::wrong("content", "is not an object");
  switch (kind) {
    case RecordKind::create:
      return check_known<CreateContent>(json);
    case RecordKind::member:
      return check_known<MemberContent>(json);
    case RecordKind::meta:
      return check_known<MetaContent>(json);
    case RecordKind::hub_move:
      return check_known<HubMoveContent>(json);
    case RecordKind::server:
      return check_known<ServerContent>(json);
    case RecordKind::redact:
      return check_known<RedactContent>(json);
    case RecordKind::reaction:
      return check_known<ReactionContent>(json);
    case RecordKind::message:
    case RecordKind::edit: {
      Content content;
      return Content::read_json(json, content);
    }
  }
  return {};  // a newer version's
}

}  // namespace chatd::wire
