#pragma once

#include "plugins/storage_lmdb/page_file.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::storage_lmdb {

// One walk over all trees of one state of a file, roots first, checking each page against its
// parent. Made and used by PageFile.
class PageWalk {
 public:
  // Bytes inside a page that nothing refers to.
  struct Gap {
    std::uint64_t offset = 0;  // in the file
    std::uint64_t size = 0;
  };

  // Looks at no more than `max_pages` pages. When values are not looked at, only their places are
  // noted; enough for finding what nothing refers to, and much less to read.
  PageWalk(const PageFile& file, std::size_t max_pages, bool looks_at_values)
      : file_(file), max_pages_(max_pages), looks_at_values_(looks_at_values) {}

  [[nodiscard]] Status walk(const PageFile::Meta& meta);

  // What the walk found. Complete: it was not ended by `max_pages`.
  [[nodiscard]] bool is_complete() const { return is_complete_; }
  // Pages that hold longer values than the table says can't be told without looking at values.
  [[nodiscard]] bool has_exact_counts() const { return has_exact_counts_; }
  [[nodiscard]] bool is_reached(std::uint64_t page) const { return reached_[page]; }
  [[nodiscard]] const std::vector<Gap>& gaps() const { return gaps_; }

 private:
  struct Tree {
    PageFile::Table says;   // what its parent says
    PageFile::Table found;  // counts only
    bool is_free_list = false;
  };
  struct Stop {  // a page to look at
    std::uint64_t page = 0;
    std::uint16_t levels = 0;  // from here down to the leaves, this one included
    std::size_t tree = 0;
  };

  [[nodiscard]] Status add_tree(const PageFile::Table& table, bool is_free_list);
  [[nodiscard]] Status look(const Stop& stop);
  [[nodiscard]] Status look_at_node(const Stop& stop, std::string_view node, std::size_t index);
  [[nodiscard]] Status look_at_value(const Stop& stop, std::string_view node, std::string_view key);
  [[nodiscard]] Result<std::string> look_at_overflow(std::size_t tree, std::uint64_t page,
                                                     std::uint64_t size);
  [[nodiscard]] Status note_free_pages(std::string_view list);
  [[nodiscard]] Status reach(std::uint64_t page, std::uint64_t count);
  [[nodiscard]] Status compare_counts();

  const PageFile& file_;
  const std::size_t max_pages_;
  const bool looks_at_values_;
  std::size_t looked_at_ = 0;
  bool is_complete_ = true;
  bool has_exact_counts_ = true;
  std::uint64_t last_page_ = 0;
  std::vector<Tree> trees_;
  std::deque<Stop> ahead_;
  std::vector<bool> reached_;
  std::vector<bool> free_;
  std::vector<Gap> gaps_;
  std::string page_;  // memory of look()
  std::string last_key_;
};

}  // namespace chatd::storage_lmdb
