// Any bytes as a stored record: an error, or a record whose stored form they are.

#include "daemon/wire/record.hpp"

#include "daemon/base/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chatd;
  using namespace chatd::wire;
  const std::string_view stored(reinterpret_cast<const char*>(data), size);
  const auto record = decode_stored(RoomId(blake2b_256("a room")), 7, stored);
  if (!record) {
    CHATD_ASSERT(record.error().code == Code::internal && !record.error().message.empty());
    std::string ignored;
    static_cast<void>(append_json(ignored, 7, stored));
    return 0;
  }
  CHATD_ASSERT(encode_stored(*record) == stored);
  // Erased, it is the same record without its content, for good.
  const Record erased = erase_content(*record);
  const auto again = decode_stored(erased.room, erased.seq, encode_stored(erased));
  CHATD_ASSERT(again.has_value() && again->is_erased && again->content.empty());
  CHATD_ASSERT(record_hash(*again) == record_hash(*record));
  std::string json;
  append_json(json, *record);
  CHATD_ASSERT(json.starts_with("{\"seq\":7,\"kind\":\"") && json.ends_with('}'));
  std::string same;
  CHATD_ASSERT(append_json(same, 7, stored).has_value() && same == json);
  return 0;
}
