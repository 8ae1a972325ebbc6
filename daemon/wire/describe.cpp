#include "daemon/wire/describe.hpp"

#include "daemon/base/clock.hpp"
#include "daemon/wire/limits.hpp"

namespace chatd::wire {
namespace {

template <class T>
FieldDescription field(std::string_view name, std::string_view sentence, bool is_required,
                       Bounds bounds = {}) {
  NamedTypes none;
  auto words = detail::describe_type<T>(none, Side::taken, bounds);
  return {std::string(name), std::move(words.type), std::move(words.json_schema),
          std::string(sentence), is_required};
}

std::vector<FieldDescription> content_fields() {
  const Bounds text{.max_code_points = kMaxTextCharacters};
  return {
      field<std::string>("text", "What is said, for people. Not empty.", false, text),
      field<std::string>("ciphertext",
                         "What is said, for those who hold the key. Not empty. A content has a "
                         "text, a ciphertext or both.",
                         false, text),
      field<Seq>("reply_to", "The number of the record that this answers.", false),
      field<std::vector<UserId>>("mentions", "Who is spoken to.", false,
                                 {.max_items = kMaxRoomMembers}),
  };
}

std::vector<FieldDescription> record_fields() {
  return {
      field<Seq>("seq", "Its number in the room: 1, 2, 3 without a gap.", true),
      {"kind", "string", R"({"type":"string"})",
       "create, member, meta, message, edit, redact, reaction; skip what you do not know.", true},
      field<UserId>("sender", "Who; left out: the server itself.", false),
      field<DeviceId>("device", "The sender's device; left out: the server itself.", false),
      field<ClientMsgId>("client_msg_id", "What the device called it.", false),
      field<TimeMs>("time", "The server's clock when it was numbered, ms since 1970 UTC.", true),
      field<Seq>("target", "The record that an edit, redaction or reaction is about.", false),
      {"content", "JSON", R"({"type":"object"})",
       "What the sender sent, byte for byte, or what the kind defines.", false},
      {"erased", "boolean", R"({"type":"boolean"})", "true in place of a content that was erased.",
       false},
  };
}

}  // namespace

NamedTypes raw_types() { return {{"Content", content_fields()}, {"Record", record_fields()}}; }

}  // namespace chatd::wire
