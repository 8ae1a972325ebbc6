#pragma once

#include "plugins/storage_lmdb/bytes.hpp"
#include "plugins/storage_lmdb/result.hpp"
#include "plugins/storage_lmdb/write.hpp"

#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::storage_lmdb {

// A run is consecutive records of one room, compressed together into one value of the history:
//   checksum 4 (XXH3 of the rest, seeded with room and first seq) | form 1 | count varint |
//   fronts part | backs part | zeros
//   part: raw size varint, packed size varint, packed bytes: raw through zstd, or raw if not
//   smaller fronts, raw: size varint of each record, then the first kFrontBytes of each backs, raw:
//   the rest of each
// The zeros fill the last page that LMDB gives the value anyway. Records begin with some envelope
// and go on with text; these compress better apart (by 6 %), and ciphertext spoils only the backs.

inline constexpr std::size_t kMaxRunRecords = 128;     // more makes reading one of them slow
inline constexpr std::size_t kMaxRunBytes = 64 << 10;  // raw; a record larger than this runs alone
inline constexpr std::size_t kFrontBytes = 64;         // measured: 32 and 96 gain nothing
inline constexpr std::size_t kMaxPartBytes =           // what a reader must be ready for
    CHATD_STORAGE_MAX_VALUE + (kMaxRunRecords * 10);

struct RunHead {
  std::uint64_t count = 0;
  bool is_open = false;  // it fills no two pages yet: the next records of the room may join it
};
// What stands at the start of a run; the rest may still be damaged.
[[nodiscard]] Result<RunHead> peek_run(std::string_view run);

// Turns runs into records. One thread at a time.
class RunDecoder {
 public:
  RunDecoder();
  // The records, valid until the next call. CORRUPT for anything that encode() did not make for
  // this room and seq.
  [[nodiscard]] Result<std::span<const std::string_view>> decode(const RoomId& room,
                                                                 std::uint64_t first_seq,
                                                                 std::string_view run);
  // The same behind the checksum. For the fuzzer.
  [[nodiscard]] Result<std::span<const std::string_view>> decode_body(std::string_view run);

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  // The next part of a run; `memory` holds what was packed.
  [[nodiscard]] Result<std::string_view> unpack(ByteReader& in, std::string& memory);

  std::unique_ptr<ZSTD_DCtx, Free> zstd_;
  std::string fronts_;
  std::string backs_;
  std::string joined_;
  std::vector<std::string_view> records_;
};

// Turns records into runs. One thread at a time.
class RunEncoder {
 public:
  RunEncoder();
  // Cuts `records` (at least one) into runs that fill whole pages as well as they can and gives
  // each to `emit(first_seq, run)`; the run is on loan.
  using Emit = std::function<Status(std::uint64_t first_seq, std::string_view run)>;
  [[nodiscard]] Status cut(const RoomId& room, std::uint64_t first_seq,
                           std::span<const std::string_view> records, const Emit& emit);

 private:
  struct Piece {
    std::size_t count = 0;
    bool is_open = false;
  };
  // Packs into body_ as many of `records` as fit; they are what fits into a run at most.
  [[nodiscard]] Piece fill(std::span<const std::string_view> records);
  [[nodiscard]] std::size_t largest_that_fits(std::span<const std::string_view> records,
                                              std::size_t max_bytes);
  void pack(std::span<const std::string_view> records);
  void pack_part();
  void finish(const RoomId& room, std::uint64_t first_seq, const Piece& piece);

  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> zstd_;
  double ratio_ = 0.6;  // of compression, as of late
  std::string raw_;     // of a part
  std::string packed_;  // the same
  std::string body_;    // both parts, packed
  std::string out_;
};

}  // namespace chatd::storage_lmdb
