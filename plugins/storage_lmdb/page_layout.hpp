#pragma once

#include "plugins/storage_lmdb/page_file.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// The form of LMDB 0.9's files (MDB_DATA_VERSION 1) on a 64-bit little-endian machine, as far as
// page_file.cpp and page_walk.cpp need it. LMDB itself does not export it; it has not changed since
// 2013, and a file of another version is refused.
namespace chatd::storage_lmdb::layout {

// A field at a place that was checked before.
template <class Integer>
[[nodiscard]] Integer field(std::string_view bytes, std::size_t offset) {
  Integer value{};
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

inline constexpr std::uint64_t kNoPage = ~std::uint64_t{0};
inline constexpr std::uint64_t kMetaPages = 2;

// Page: number 8, pad 2, flags 2, lower 2, upper 2 (of an overflow page: pages 4), then pointers to
// nodes (2 each) up to lower; nodes from upper to the end.
inline constexpr std::size_t kPageHeader = 16;
inline constexpr std::size_t kPageFlags = 10;
inline constexpr std::size_t kLower = 12;
inline constexpr std::size_t kUpper = 14;
inline constexpr std::size_t kOverflowPages = 12;
inline constexpr std::uint16_t kBranch = 0x01;
inline constexpr std::uint16_t kLeaf = 0x02;
inline constexpr std::uint16_t kOverflow = 0x04;
inline constexpr std::uint16_t kMeta = 0x08;

// Node: low 2, high 2, flags 2, key size 2, key, value. In a leaf low and high are the value's
// size, in a branch low, high and flags are the child's page.
inline constexpr std::size_t kNodeHeader = 8;
inline constexpr std::size_t kNodeFlags = 4;
inline constexpr std::size_t kNodeKeySize = 6;
inline constexpr std::uint16_t kBigValue = 0x01;  // the value is a page number, of overflow pages
inline constexpr std::uint16_t kSubTable = 0x02;  // the value is a Table

// Meta, behind the header of its page.
inline constexpr std::uint32_t kMagic = 0xBEEFC0DE;
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kMetaMagic = kPageHeader;
inline constexpr std::size_t kMetaVersion = kPageHeader + 4;
inline constexpr std::size_t kMetaFree = kPageHeader + 24;
inline constexpr std::size_t kTableBytes = 48;
inline constexpr std::size_t kMetaMain = kMetaFree + kTableBytes;
inline constexpr std::size_t kMetaLastPage = kMetaMain + kTableBytes;
inline constexpr std::size_t kMetaTransaction = kMetaLastPage + 8;
inline constexpr std::size_t kMetaEnd = kMetaTransaction + 8;

// Table: pad 4, flags 2, depth 2, branch pages 8, leaf pages 8, overflow pages 8, entries 8,
// root 8.
inline constexpr std::uint16_t kIntegerKey = 0x08;  // a table's keys are numbers of the machine
inline constexpr std::uint16_t kNoSubdirectory = 0x4000;  // a flag of the file, kept in Meta.free

[[nodiscard]] inline PageFile::Table table(std::string_view bytes) {
  return {.flags = field<std::uint16_t>(bytes, 4),
          .depth = field<std::uint16_t>(bytes, 6),
          .branch_pages = field<std::uint64_t>(bytes, 8),
          .leaf_pages = field<std::uint64_t>(bytes, 16),
          .overflow_pages = field<std::uint64_t>(bytes, 24),
          .entries = field<std::uint64_t>(bytes, 32),
          .root = field<std::uint64_t>(bytes, 40)};
}

}  // namespace chatd::storage_lmdb::layout
