#include "plugins/storage_lmdb/entry.hpp"

#include "plugins/storage_lmdb/bytes.hpp"

#include <optional>
#include <xxhash.h>

namespace chatd::storage_lmdb {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::size_t kHeaderBytes = kChecksumBytes + 1;

std::uint64_t checksum(std::uint64_t position, std::string_view body) {
  return XXH3_64bits_withSeed(body.data(), body.size(), position);
}

char* write_blob(char* at, std::string_view bytes) {
  return write_raw(write_varint(at, bytes.size()), bytes);
}

std::size_t blob_size(std::string_view bytes) { return varint_size(bytes.size()) + bytes.size(); }

std::size_t write_size(const Write& write) {
  switch (write.op) {
    case Op::append:
    case Op::replace:
      return 1 + write.room.size() + varint_size(write.seq) + blob_size(write.value);
    case Op::put:
      return 1 + blob_size(write.key) + blob_size(write.value);
    case Op::erase:
      return 1 + blob_size(write.key);
  }
  return 0;
}

// Reads what stands before the value; nullopt: malformed.
std::optional<Write> read_head(ByteReader& in) {
  const auto op = in.fixed<std::uint8_t>();
  if (!op || *op < CHATD_WRITE_APPEND || *op > CHATD_WRITE_DELETE) return std::nullopt;
  Write write;
  write.op = static_cast<Op>(*op);
  if (write.is_record()) {
    const auto room = in.raw(CHATD_STORAGE_ROOM_SIZE);
    if (!room) return std::nullopt;
    write.room = room_id(*room);
    const auto seq = in.varint();
    if (!seq || *seq == 0) return std::nullopt;
    write.seq = *seq;
    return write;
  }
  const auto key = in.blob();
  if (!key || key->empty() || key->size() > CHATD_STORAGE_MAX_KEY) return std::nullopt;
  write.key = *key;
  return write;
}

tl::unexpected<Error> malformed() {
  return fail(CHATD_E_CORRUPT, "a journal entry does not have the form of one");
}

}  // namespace

std::size_t entry_size(std::span<const Write> writes) {
  std::size_t size = kHeaderBytes;
  for (const Write& write : writes) size += write_size(write);
  return size;
}

void encode_entry(std::uint64_t position, std::span<const Write> writes, char* out,
                  std::vector<std::uint32_t>& offsets) {
  offsets.clear();
  char* at = write_fixed(out + kChecksumBytes, kVersion);
  for (const Write& write : writes) {
    at = write_fixed(at, static_cast<std::uint8_t>(write.op));
    if (write.is_record())
      at = write_varint(write_raw(at, view(write.room)), write.seq);
    else
      at = write_blob(at, write.key);
    const bool has_value = write.op != Op::erase;
    offsets.push_back(has_value ? static_cast<std::uint32_t>(at - out) : 0);
    if (has_value) at = write_blob(at, write.value);
  }
  const std::string_view body(out + kChecksumBytes,
                              static_cast<std::size_t>(at - out) - kChecksumBytes);
  write_fixed(out, checksum(position, body));
}

Status decode_entry(std::uint64_t position, std::string_view entry, const EachWrite& each) {
  ByteReader in(entry);
  const auto stored = in.fixed<std::uint64_t>();
  if (!stored || *stored != checksum(position, in.rest()))
    return fail(CHATD_E_CORRUPT, "the journal entry at position " + std::to_string(position) +
                                     " is damaged: its checksum does not match");
  return decode_writes(entry, each);
}

Status decode_writes(std::string_view entry, const EachWrite& each) {
  ByteReader in(entry);
  if (!in.raw(kChecksumBytes)) return malformed();
  const auto version = in.fixed<std::uint8_t>();
  if (!version || *version != kVersion) return malformed();
  while (!in.rest().empty()) {
    auto write = read_head(in);
    if (!write) return malformed();
    std::uint32_t offset = 0;
    if (write->op != Op::erase) {
      offset = static_cast<std::uint32_t>(entry.size() - in.rest().size());
      const auto value = in.blob();
      if (!value || value->size() > CHATD_STORAGE_MAX_VALUE) return malformed();
      write->value = *value;
    }
    CHATD_STORE_CHECK(each(*write, offset));
  }
  return {};
}

Result<std::string_view> value_at(std::string_view entry, std::uint32_t offset) {
  if (offset > entry.size()) return malformed();
  const auto value = ByteReader(entry.substr(offset)).blob();
  if (!value) return malformed();
  return *value;
}

}  // namespace chatd::storage_lmdb
