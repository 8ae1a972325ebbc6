// Any bytes as the content of a record of any kind, as another server may send it: an error, or
// what readers of that kind rely on.

#include "daemon/wire/content.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/wire/limits.hpp"
#include "daemon/wire/room_content.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chatd;
  using namespace chatd::wire;
  if (size == 0) return 0;
  const auto kind = static_cast<RecordKind>(data[0]);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Status status = check_content(kind, bytes);
  if (!status) {
    CHATD_ASSERT(!status.error().message.empty());
    return 0;
  }
  CHATD_ASSERT(check_content(kind, bytes).has_value());
  if (kind == RecordKind::member) CHATD_ASSERT(decode_member(bytes).has_value());
  if (kind == RecordKind::meta) CHATD_ASSERT(decode_meta(bytes).has_value());
  if (kind == RecordKind::server) CHATD_ASSERT(decode_server(bytes).has_value());
  if (kind == RecordKind::create) CHATD_ASSERT(decode_create(bytes).has_value());
  if (kind == RecordKind::reaction) CHATD_ASSERT(decode_reaction(bytes).has_value());
  if (kind == RecordKind::message || kind == RecordKind::edit) {
    const auto content = Content::decode(std::string(bytes));
    CHATD_ASSERT(content.has_value() && content->bytes == bytes);
    CHATD_ASSERT(content->characters > 0 && content->characters <= kMaxTextCharacters);
  }
  return 0;
}
