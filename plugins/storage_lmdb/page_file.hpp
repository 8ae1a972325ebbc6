#pragma once

#include "plugins/storage_lmdb/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace chatd::storage_lmdb {

// The pages of an LMDB 0.9 file, read without LMDB and trusting nothing. LMDB follows page numbers
// and offsets as it finds them, so a damaged file can crash it: look here first. And LMDB leaves
// old bytes in pages it no longer uses and in the gaps of those it does: scrub() takes them away.
//
// One thread. Reads and writes the file itself, not the map; both see the same bytes.
class PageFile {
 public:
  [[nodiscard]] static Result<PageFile> open(const std::filesystem::path& file);
  PageFile(const PageFile&) = delete;
  PageFile& operator=(const PageFile&) = delete;
  PageFile(PageFile&& other) noexcept;
  PageFile& operator=(PageFile&&) = delete;
  ~PageFile();

  // Whether the newest state is whole: every page of every tree is what its parent says, the counts
  // agree, no page is used twice, the free ones included. Looks at no more than `max_pages` pages,
  // those near the roots first. CORRUPT with a sentence. Nobody may write meanwhile, unless
  // `transaction` names the state that a reader holds.
  [[nodiscard]] Status verify(std::size_t max_pages, std::uint64_t transaction = 0) const;

  // Zeroes every byte that the newest state doesn't refer to, gives whole pages back to the file
  // system, and syncs. Returns how many pages were given back. Nobody may write meanwhile or read
  // an older state. CORRUPT, and nothing is changed, unless the state is whole.
  [[nodiscard]] Result<std::uint64_t> scrub() const;

  struct Table {  // MDB_db
    std::uint16_t flags = 0;
    std::uint16_t depth = 0;
    std::uint64_t branch_pages = 0;
    std::uint64_t leaf_pages = 0;
    std::uint64_t overflow_pages = 0;
    std::uint64_t entries = 0;
    std::uint64_t root = 0;
  };
  struct Meta {  // one of the two states; the first two pages hold one each
    std::uint64_t transaction = 0;
    std::uint64_t last_page = 0;
    Table free;
    Table main;
  };

  // For PageWalk.
  [[nodiscard]] Status read(std::uint64_t page, std::size_t count, std::string& into) const;
  [[nodiscard]] tl::unexpected<Error> damaged(const std::string& what) const;
  [[nodiscard]] std::size_t page_bytes() const { return page_bytes_; }
  [[nodiscard]] std::uint64_t pages() const { return pages_; }

 private:
  PageFile(std::filesystem::path file, int fd) : file_(std::move(file)), fd_(fd) {}
  [[nodiscard]] Status read_header();
  [[nodiscard]] Result<Meta> read_meta(std::uint64_t page) const;
  [[nodiscard]] Result<Meta> newest() const;
  [[nodiscard]] Status zero(std::uint64_t offset, std::uint64_t size) const;
  [[nodiscard]] Status give_back(std::uint64_t first_page, std::uint64_t count) const;

  const std::filesystem::path file_;
  int fd_;
  std::size_t page_bytes_ = 0;
  std::uint64_t pages_ = 0;  // that begin within the file
};

}  // namespace chatd::storage_lmdb
