// Any bytes as a journal entry behind its checksum: an error, or writes that encode to an entry
// which says the same.

#include "plugins/storage_lmdb/entry.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace chatd::storage_lmdb;

void must(bool is_so) {
  if (!is_so) std::abort();
}

bool is_same(const Write& one, const Write& other) {
  return one.op == other.op && one.room == other.room && one.seq == other.seq &&
         one.key == other.key && one.value == other.value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view entry(reinterpret_cast<const char*>(data), size);
  std::vector<Write> writes;
  const auto outcome =
      decode_writes(entry, [&](const Write& write, std::uint32_t offset) -> Status {
        writes.push_back(write);
        const auto value = value_at(entry, offset);
        must(write.op == Op::erase || (value && *value == write.value));
        return {};
      });
  if (!outcome) {
    must(outcome.error().status == CHATD_E_CORRUPT && !outcome.error().text.empty());
    return 0;
  }
  constexpr std::uint64_t kPosition = 7;
  std::string again(entry_size(writes), '\0');
  std::vector<std::uint32_t> offsets;
  encode_entry(kPosition, writes, again.data(), offsets);
  std::size_t at = 0;
  must(decode_entry(kPosition, again, [&](const Write& write, std::uint32_t offset) -> Status {
         must(at < writes.size() && is_same(write, writes[at]) && offset == offsets[at]);
         ++at;
         return {};
       }).has_value());
  must(at == writes.size());
  must(!decode_entry(kPosition + 1, again, [](const Write&, std::uint32_t) -> Status {
          return {};
        }).has_value());
  return 0;
}
