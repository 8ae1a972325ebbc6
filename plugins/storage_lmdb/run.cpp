#include "plugins/storage_lmdb/run.hpp"

#include "plugins/storage_lmdb/bytes.hpp"

#include <algorithm>
#include <xxhash.h>

namespace chatd::storage_lmdb {
namespace {

constexpr std::uint8_t kVersion = 0x10;
constexpr std::uint8_t kIsOpen = 0x01;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kMaxHeaderBytes = kChecksumBytes + 1 + 2;

// LMDB keeps a value that makes a node larger than this beside the tree, in pages of its own.
constexpr std::size_t kPageBytes = 4096;
constexpr std::size_t kPageHeaderBytes = 16;
constexpr std::size_t kLargestInline = 2038 - 8 - 40;
constexpr std::size_t kOnePage = kPageBytes - kPageHeaderBytes;
constexpr std::size_t kTwoPages = 2 * kPageBytes - kPageHeaderBytes;
constexpr double kFullEnough = 0.93;  // of its pages; trying further costs more than it saves
constexpr int kTries = 4;

constexpr int kZstdLevel = 3;

std::uint32_t checksum(const RoomId& room, std::uint64_t first_seq, std::string_view rest) {
  const std::uint64_t seed = XXH3_64bits_withSeed(room.data(), room.size(), first_seq);
  return static_cast<std::uint32_t>(XXH3_64bits_withSeed(rest.data(), rest.size(), seed));
}

tl::unexpected<Error> malformed() {
  return fail(CHATD_E_CORRUPT, "a run of records does not have the form of one");
}

std::size_t raw_size(std::span<const std::string_view> records) {
  std::size_t size = 0;
  for (const std::string_view record : records) size += varint_size(record.size()) + record.size();
  return size;
}

// How many of `records` may stand in one run at most.
std::size_t count_within_bounds(std::span<const std::string_view> records) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < std::min(records.size(), kMaxRunRecords)) {
    bytes += raw_size(records.subspan(count, 1));
    if (bytes > kMaxRunBytes && count > 0) break;
    ++count;
  }
  return count;
}

}  // namespace

Result<RunHead> peek_run(std::string_view run) {
  ByteReader in(run);
  if (!in.raw(kChecksumBytes)) return malformed();
  const auto form = in.fixed<std::uint8_t>();
  const auto count = in.varint();
  if (!form || !count || (*form & 0xF0) != kVersion || *count == 0 || *count > kMaxRunRecords)
    return malformed();
  return RunHead{*count, (*form & kIsOpen) != 0};
}

RunDecoder::RunDecoder() : zstd_(ZSTD_createDCtx()) {}

Result<std::span<const std::string_view>> RunDecoder::decode(const RoomId& room,
                                                             std::uint64_t first_seq,
                                                             std::string_view run) {
  const auto stored = ByteReader(run).fixed<std::uint32_t>();
  if (!stored || *stored != checksum(room, first_seq, run.substr(kChecksumBytes)))
    return fail(CHATD_E_CORRUPT, "a run of records is damaged: its checksum does not match");
  return decode_body(run);
}

Result<std::span<const std::string_view>> RunDecoder::decode_body(std::string_view run) {
  CHATD_STORE_TRY(const RunHead head, peek_run(run));
  ByteReader in(run.substr(kChecksumBytes + 1));
  static_cast<void>(in.varint());  // the count
  CHATD_STORE_TRY(const std::string_view fronts, unpack(in, fronts_));
  CHATD_STORE_TRY(const std::string_view backs, unpack(in, backs_));

  ByteReader front(fronts);
  ByteReader back(backs);
  std::uint64_t sizes[kMaxRunRecords];
  for (std::uint64_t i = 0; i < head.count; ++i) {
    const auto size = front.varint();
    if (!size || *size > CHATD_STORAGE_MAX_VALUE) return malformed();
    sizes[i] = *size;
  }
  joined_.resize(fronts.size() + backs.size());
  records_.clear();
  char* at = joined_.data();
  for (std::uint64_t i = 0; i < head.count; ++i) {
    const std::size_t front_size = std::min<std::size_t>(sizes[i], kFrontBytes);
    const auto start = front.raw(front_size);
    const auto rest = back.raw(sizes[i] - front_size);
    if (!start || !rest) return malformed();
    records_.emplace_back(at, sizes[i]);
    at = write_raw(write_raw(at, *start), *rest);
  }
  if (!front.rest().empty() || !back.rest().empty()) return malformed();
  return std::span<const std::string_view>(records_);
}

Result<std::string_view> RunDecoder::unpack(ByteReader& in, std::string& memory) {
  const auto raw_size = in.varint();
  const auto packed = in.blob();
  if (!raw_size || !packed || *raw_size > kMaxPartBytes || packed->size() > *raw_size)
    return malformed();
  if (packed->size() == *raw_size) return *packed;
  memory.resize(*raw_size);
  const std::size_t size = ZSTD_decompressDCtx(zstd_.get(), memory.data(), memory.size(),
                                               packed->data(), packed->size());
  if (ZSTD_isError(size) != 0U || size != memory.size()) return malformed();
  return std::string_view(memory);
}

RunEncoder::RunEncoder() : zstd_(ZSTD_createCCtx()) {
  ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_compressionLevel, kZstdLevel);
  ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_contentSizeFlag, 0);  // the header has it
}

Status RunEncoder::cut(const RoomId& room, std::uint64_t first_seq,
                       std::span<const std::string_view> records, const Emit& emit) {
  while (!records.empty()) {
    const std::size_t most = count_within_bounds(records);
    Piece piece = fill(records.first(most));
    const bool is_at_bound = piece.count == most && most < records.size();
    if (is_at_bound || most == kMaxRunRecords) piece.is_open = false;
    finish(room, first_seq, piece);
    CHATD_STORE_CHECK(emit(first_seq, out_));
    first_seq += piece.count;
    records = records.subspan(piece.count);
  }
  return {};
}

RunEncoder::Piece RunEncoder::fill(std::span<const std::string_view> records) {
  const std::size_t count = largest_that_fits(records, kTwoPages);
  const std::size_t size = body_.size() + kMaxHeaderBytes;
  const bool has_more = count < records.size();
  if (has_more || static_cast<double>(size) >= kFullEnough * kTwoPages) return {count, false};
  // What is left over: a second page half empty is worse than one full page and a small run.
  if (size > kOnePage && size <= kOnePage + kLargestInline && count > 1)
    return {largest_that_fits(records, kOnePage), true};
  return {count, true};
}

// Leaves them compressed in body_. At least one, which alone may be larger.
std::size_t RunEncoder::largest_that_fits(std::span<const std::string_view> records,
                                          std::size_t max_bytes) {
  const auto target = static_cast<double>(max_bytes - kMaxHeaderBytes);
  std::size_t fits = 0;                   // the largest count known to fit
  std::size_t over = records.size() + 1;  // the smallest count known not to
  double bytes_per_record =
      ratio_ * static_cast<double>(raw_size(records)) / static_cast<double>(records.size());
  std::size_t stands = 0;  // how many are in body_
  for (int tries = 0; tries < kTries && over - fits > 1; ++tries) {
    const auto guess = static_cast<std::size_t>(target / std::max(bytes_per_record, 1.0));
    const std::size_t count = std::clamp(guess, fits + 1, over - 1);
    pack(records.first(count));
    stands = count;
    const auto size = static_cast<double>(body_.size());
    bytes_per_record = size / static_cast<double>(count);
    if (size > target) {
      over = count;
    } else {
      fits = count;
      if (size >= kFullEnough * target) break;
    }
  }
  const std::size_t count = std::max<std::size_t>(fits, 1);
  if (stands != count) pack(records.first(count));
  return count;
}

void RunEncoder::pack(std::span<const std::string_view> records) {
  body_.clear();
  raw_.resize(raw_size(records));
  char* at = raw_.data();
  for (const std::string_view record : records) at = write_varint(at, record.size());
  for (const std::string_view record : records) at = write_raw(at, record.substr(0, kFrontBytes));
  raw_.resize(static_cast<std::size_t>(at - raw_.data()));
  pack_part();
  raw_.clear();
  for (const std::string_view record : records)
    if (record.size() > kFrontBytes) raw_.append(record.substr(kFrontBytes));
  pack_part();
  const double ratio = static_cast<double>(body_.size()) / static_cast<double>(raw_size(records));
  ratio_ = 0.9 * ratio_ + 0.1 * ratio;
}

// Adds raw_ to body_.
void RunEncoder::pack_part() {
  packed_.resize(ZSTD_compressBound(raw_.size()));
  const std::size_t size =
      ZSTD_compress2(zstd_.get(), packed_.data(), packed_.size(), raw_.data(), raw_.size());
  const bool is_smaller = ZSTD_isError(size) == 0U && size < raw_.size();
  const std::string_view part = is_smaller ? std::string_view(packed_).substr(0, size) : raw_;
  char sizes[2 * kMaxVarintBytes];
  const char* const end = write_varint(write_varint(sizes, raw_.size()), part.size());
  body_.append(sizes, static_cast<std::size_t>(end - sizes));
  body_.append(part);
}

void RunEncoder::finish(const RoomId& room, std::uint64_t first_seq, const Piece& piece) {
  out_.resize(kMaxHeaderBytes + body_.size() + kPageBytes);
  char* at = out_.data() + kChecksumBytes;
  at = write_fixed(at, static_cast<std::uint8_t>(kVersion | (piece.is_open ? kIsOpen : 0)));
  at = write_varint(at, piece.count);
  at = write_raw(at, body_);
  std::size_t size = static_cast<std::size_t>(at - out_.data());
  if (size > kLargestInline) {
    const std::size_t pages = (size + kPageHeaderBytes + kPageBytes - 1) / kPageBytes;
    const std::size_t padded = pages * kPageBytes - kPageHeaderBytes;
    std::fill(at, out_.data() + padded, '\0');
    size = padded;
  }
  out_.resize(size);
  write_fixed(out_.data(),
              checksum(room, first_seq, std::string_view(out_).substr(kChecksumBytes)));
}

}  // namespace chatd::storage_lmdb
