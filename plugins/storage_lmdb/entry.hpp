#pragma once

#include "plugins/storage_lmdb/result.hpp"
#include "plugins/storage_lmdb/write.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace chatd::storage_lmdb {

// A journal entry is one commit as one value:
//   checksum 8 (XXH3 of the rest, seeded with the position) | version 1 | writes
//   write: op 1 | append, replace: room 32, seq varint, value | put: key, value | erase: key
//   key, value: size varint, bytes

[[nodiscard]] std::size_t entry_size(std::span<const Write> writes);

// Fills `out` (entry_size() bytes) and sets offsets[i] to where the value of writes[i] stands, for
// value_at(); 0 for an erase.
void encode_entry(std::uint64_t position, std::span<const Write> writes, char* out,
                  std::vector<std::uint32_t>& offsets);

// Calls `each(write, offset)` for every write of an entry. CORRUPT when the checksum or the form is
// wrong; `each` may have been called for some writes then. Views point into `entry`.
using EachWrite = std::function<Status(const Write&, std::uint32_t offset)>;
[[nodiscard]] Status decode_entry(std::uint64_t position, std::string_view entry,
                                  const EachWrite& each);
// The same behind the checksum: `entry` is taken at its word. For the fuzzer.
[[nodiscard]] Status decode_writes(std::string_view entry, const EachWrite& each);

// The value that stands at an offset, in an entry that was written by this process or decoded once.
[[nodiscard]] Result<std::string_view> value_at(std::string_view entry, std::uint32_t offset);

}  // namespace chatd::storage_lmdb
