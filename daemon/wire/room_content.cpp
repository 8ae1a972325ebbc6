#include "daemon/wire/room_content.hpp"

#include "daemon/wire/decode.hpp"

namespace chatd::wire {
namespace {

template <class T>
Result<T> decode_content(std::string_view content) {
  thread_local simdjson::dom::parser parser;
  Json json;
  if (const auto error = parser.parse(content.data(), content.size()).get(json))
    return fail(Code::invalid_json, simdjson::error_message(error));
  T value;
  CHATD_CHECK(read_known_members(json, value, "content"));
  return value;
}

}  // namespace

Result<CreateContent> decode_create(std::string_view content) {
  return decode_content<CreateContent>(content);
}
Result<MemberContent> decode_member(std::string_view content) {
  return decode_content<MemberContent>(content);
}
Result<HubMoveContent> decode_hub_move(std::string_view content) {
  return decode_content<HubMoveContent>(content);
}
Result<MetaContent> decode_meta(std::string_view content) {
  return decode_content<MetaContent>(content);
}
Result<ServerContent> decode_server(std::string_view content) {
  return decode_content<ServerContent>(content);
}
Result<ReactionContent> decode_reaction(std::string_view content) {
  return decode_content<ReactionContent>(content);
}

}  // namespace chatd::wire
