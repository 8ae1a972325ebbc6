#include "plugins/storage_lmdb/run.hpp"

#include "plugins/storage_lmdb/bytes.hpp"

#include <algorithm>
#include <xxhash.h>

namespace chatd::storage_lmdb {
namespace {

constexpr std::uint8_t kVersion = 0x10;
constexpr std::uint8_t kIsCompressed = 0x01;
constexpr std::uint8_t kIsOpen = 0x02;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kMaxHeaderBytes = kChecksumBytes + 1 + 2 + 4 + 4;  // with its varints

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

struct Header {
  std::uint8_t form = 0;
  std::uint64_t count = 0;
  std::uint64_t raw_bytes = 0;
  std::string_view body;
};

Result<Header> read_header(std::string_view run) {
  ByteReader in(run);
  if (!in.raw(kChecksumBytes)) return malformed();
  const auto form = in.fixed<std::uint8_t>();
  const auto count = in.varint();
  const auto raw_bytes = in.varint();
  const auto body = in.blob();
  if (!form || !count || !raw_bytes || !body || (*form & 0xF0) != kVersion || *count == 0 ||
      *count > kMaxRunRecords || *raw_bytes > kMaxRawBytes)
    return malformed();
  return Header{*form, *count, *raw_bytes, *body};
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
  CHATD_STORE_TRY(const Header header, read_header(run));
  std::string_view raw = header.body;
  if ((header.form & kIsCompressed) != 0) {
    raw_.resize(header.raw_bytes);
    const std::size_t size = ZSTD_decompressDCtx(zstd_.get(), raw_.data(), raw_.size(),
                                                 header.body.data(), header.body.size());
    if (ZSTD_isError(size) != 0U || size != raw_.size()) return malformed();
    raw = raw_;
  }
  if (raw.size() != header.raw_bytes) return malformed();
  ByteReader in(raw);
  std::uint64_t sizes[kMaxRunRecords];
  for (std::uint64_t i = 0; i < header.count; ++i) {
    const auto size = in.varint();
    if (!size) return malformed();
    sizes[i] = *size;
  }
  records_.clear();
  for (std::uint64_t i = 0; i < header.count; ++i) {
    const auto record = in.raw(sizes[i]);
    if (!record) return malformed();
    records_.push_back(*record);
  }
  if (!in.rest().empty()) return malformed();
  return std::span<const std::string_view>(records_);
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
    compress(records.first(count));
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
  if (stands != count) compress(records.first(count));
  return count;
}

void RunEncoder::compress(std::span<const std::string_view> records) {
  raw_bytes_ = raw_size(records);
  raw_.resize(raw_bytes_);
  char* at = raw_.data();
  for (const std::string_view record : records) at = write_varint(at, record.size());
  for (const std::string_view record : records) at = write_raw(at, record);
  body_.resize(ZSTD_compressBound(raw_bytes_));
  const std::size_t size =
      ZSTD_compress2(zstd_.get(), body_.data(), body_.size(), raw_.data(), raw_.size());
  is_compressed_ = ZSTD_isError(size) == 0U && size < raw_bytes_;
  if (is_compressed_)
    body_.resize(size);
  else
    body_.assign(raw_);
  const double ratio = static_cast<double>(body_.size()) / static_cast<double>(raw_bytes_);
  ratio_ = 0.9 * ratio_ + 0.1 * ratio;
}

void RunEncoder::finish(const RoomId& room, std::uint64_t first_seq, const Piece& piece) {
  out_.resize(kMaxHeaderBytes + body_.size() + kPageBytes);
  char* at = out_.data() + kChecksumBytes;
  at = write_fixed(at, static_cast<std::uint8_t>(kVersion | (is_compressed_ ? kIsCompressed : 0) |
                                                 (piece.is_open ? kIsOpen : 0)));
  at = write_varint(at, piece.count);
  at = write_varint(at, raw_bytes_);
  at = write_varint(at, body_.size());
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
