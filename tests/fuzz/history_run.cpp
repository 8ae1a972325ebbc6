// Any bytes as a run of records behind its checksum: an error, or records that encode to runs which
// hold the same.

#include "plugins/storage_lmdb/run.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

void must(bool is_so) {
  if (!is_so) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chatd::storage_lmdb;
  static RunDecoder decoder;
  static RunEncoder encoder;
  const std::string_view run(reinterpret_cast<const char*>(data), size);
  const auto head = peek_run(run);
  const auto found = decoder.decode_body(run);
  if (!found) {
    must(found.error().status == CHATD_E_CORRUPT && !found.error().text.empty());
    return 0;
  }
  must(head.has_value() && found->size() == head->count && head->count <= kMaxRunRecords);
  const std::vector<std::string> records(found->begin(), found->end());
  const std::vector<std::string_view> views(records.begin(), records.end());

  const RoomId room{};
  std::uint64_t next_seq = 1;
  const auto cut = encoder.cut(room, 1, views, [&](std::uint64_t seq, std::string_view again) {
    must(seq == next_seq);
    const auto decoded = decoder.decode(room, seq, again);
    must(decoded.has_value());
    for (const std::string_view record : *decoded) must(record == records[next_seq++ - 1]);
    must(!decoder.decode(room, seq + 1, again).has_value());
    return Status();
  });
  must(cut.has_value() && next_seq == records.size() + 1);
  return 0;
}
