#include "plugins/storage_lmdb/page_walk.hpp"

#include "plugins/storage_lmdb/page_layout.hpp"

#include <algorithm>
#include <string>

namespace chatd::storage_lmdb {

using layout::field;

namespace {

constexpr std::uint16_t kMaxDepth = 32;  // LMDB's CURSOR_STACK

std::string named(std::uint64_t page) { return "page " + std::to_string(page); }

bool is_ascending(std::string_view before, std::string_view key, bool are_numbers) {
  if (!are_numbers) return before < key;
  return field<std::uint64_t>(before, 0) < field<std::uint64_t>(key, 0);
}

}  // namespace

Status PageWalk::walk(const PageFile::Meta& meta) {
  last_page_ = meta.last_page;
  reached_.assign(std::max(file_.pages(), last_page_ + 1), false);
  free_.assign(reached_.size(), false);
  CHATD_STORE_CHECK(reach(0, layout::kMetaPages));
  CHATD_STORE_CHECK(add_tree(meta.free, true));
  CHATD_STORE_CHECK(add_tree(meta.main, false));
  while (!ahead_.empty()) {
    if (looked_at_ >= max_pages_) {
      is_complete_ = false;
      return {};
    }
    const Stop stop = ahead_.front();
    ahead_.pop_front();
    CHATD_STORE_CHECK(look(stop));
  }
  for (std::uint64_t page = 0; page < free_.size(); ++page)
    if (free_[page] && reached_[page])
      return file_.damaged(named(page) + " is in use and on the list of free pages");
  return compare_counts();
}

Status PageWalk::add_tree(const PageFile::Table& table, bool is_free_list) {
  const int known_flags = layout::kIntegerKey | (is_free_list ? layout::kNoSubdirectory : 0);
  const bool has_known_flags = (table.flags & ~known_flags) == 0;
  const bool is_empty = table.root == layout::kNoPage;
  if (!has_known_flags || table.depth > kMaxDepth || is_empty != (table.depth == 0))
    return file_.damaged("a table's description makes no sense");
  trees_.push_back({table, {}, is_free_list});
  if (!is_empty) ahead_.push_back({table.root, table.depth, trees_.size() - 1});
  return {};
}

Status PageWalk::reach(std::uint64_t page, std::uint64_t count) {
  if (page > last_page_ || count > last_page_ + 1 - page)
    return file_.damaged("a reference leads to " + named(page) + ", which does not exist");
  if (page + count > file_.pages())
    return file_.damaged("the file was cut off: " + named(page) + " is missing");
  for (std::uint64_t i = page; i < page + count; ++i) {
    if (reached_[i]) return file_.damaged(named(i) + " is used twice");
    reached_[i] = true;
  }
  return {};
}

Status PageWalk::look(const Stop& stop) {
  CHATD_STORE_CHECK(reach(stop.page, 1));
  CHATD_STORE_CHECK(file_.read(stop.page, 1, page_));
  ++looked_at_;
  const bool is_leaf = stop.levels == 1;
  const std::size_t lower = field<std::uint16_t>(page_, layout::kLower);
  const std::size_t upper = field<std::uint16_t>(page_, layout::kUpper);
  const bool is_what_it_says = field<std::uint64_t>(page_, 0) == stop.page &&
                               field<std::uint16_t>(page_, layout::kPageFlags) ==
                                   (is_leaf ? layout::kLeaf : layout::kBranch) &&
                               lower >= layout::kPageHeader && lower % 2 == 0 && lower <= upper &&
                               upper <= page_.size();
  const std::size_t nodes = is_what_it_says ? (lower - layout::kPageHeader) / 2 : 0;
  if (nodes < (is_leaf ? 1U : 2U)) return file_.damaged(named(stop.page) + " is not a tree's page");
  PageFile::Table& found = trees_[stop.tree].found;
  ++(is_leaf ? found.leaf_pages : found.branch_pages);
  if (is_leaf) found.entries += nodes;
  if (upper > lower) gaps_.push_back({stop.page * file_.page_bytes() + lower, upper - lower});

  last_key_.clear();
  for (std::size_t i = 0; i < nodes; ++i) {
    const std::size_t at = field<std::uint16_t>(page_, layout::kPageHeader + 2 * i);
    if (at < upper || at % 2 != 0 || at + layout::kNodeHeader > page_.size())
      return file_.damaged("an entry of " + named(stop.page) + " lies outside of it");
    CHATD_STORE_CHECK(look_at_node(stop, std::string_view(page_).substr(at), i));
  }
  return {};
}

Status PageWalk::look_at_node(const Stop& stop, std::string_view node, std::size_t index) {
  const bool is_leaf = stop.levels == 1;
  const bool are_numbers = (trees_[stop.tree].says.flags & layout::kIntegerKey) != 0;
  const std::size_t key_size = field<std::uint16_t>(node, layout::kNodeKeySize);
  if (key_size > node.size() - layout::kNodeHeader)
    return file_.damaged("a key of " + named(stop.page) + " does not fit into it");
  const std::string_view key = node.substr(layout::kNodeHeader, key_size);
  const bool is_leftmost = !is_leaf && index == 0;  // LMDB keeps no key there
  if (!is_leftmost) {
    const bool has_right_size = are_numbers ? key_size == sizeof(std::uint64_t) : key_size > 0;
    const bool is_first = last_key_.empty();
    if (!has_right_size || (!is_first && !is_ascending(last_key_, key, are_numbers)))
      return file_.damaged("the keys of " + named(stop.page) + " are not in order");
    last_key_.assign(key);
  }
  if (is_leaf) return look_at_value(stop, node, key);
  const std::uint64_t child = field<std::uint16_t>(node, 0) |
                              std::uint64_t{field<std::uint16_t>(node, 2)} << 16U |
                              std::uint64_t{field<std::uint16_t>(node, layout::kNodeFlags)} << 32U;
  ahead_.push_back({child, static_cast<std::uint16_t>(stop.levels - 1), stop.tree});
  return {};
}

Status PageWalk::look_at_value(const Stop& stop, std::string_view node, std::string_view key) {
  const std::uint64_t size =
      field<std::uint16_t>(node, 0) | std::uint64_t{field<std::uint16_t>(node, 2)} << 16U;
  const std::uint16_t flags = field<std::uint16_t>(node, layout::kNodeFlags);
  const std::string_view rest = node.substr(layout::kNodeHeader + key.size());
  const bool is_big = flags == layout::kBigValue;
  if ((is_big ? sizeof(std::uint64_t) : size) > rest.size())
    return file_.damaged("a value of " + named(stop.page) + " does not fit into it");
  const bool is_free_list = trees_[stop.tree].is_free_list;
  if (is_big) {
    CHATD_STORE_TRY(const std::string value,
                    look_at_overflow(stop.tree, field<std::uint64_t>(rest, 0), size));
    return is_free_list ? note_free_pages(value) : Status{};
  }
  if (flags == layout::kSubTable && size == layout::kTableBytes && stop.tree == 1)
    return add_tree(layout::table(rest), false);
  if (flags != 0) return file_.damaged("a value of " + named(stop.page) + " is of no known kind");
  return is_free_list ? note_free_pages(rest.substr(0, size)) : Status{};
}

// The value, if it is a list of free pages; else empty.
Result<std::string> PageWalk::look_at_overflow(std::size_t tree, std::uint64_t page,
                                               std::uint64_t size) {
  const std::uint64_t page_bytes = file_.page_bytes();
  std::uint64_t count = (layout::kPageHeader - 1 + size) / page_bytes + 1;
  const bool is_free_list = trees_[tree].is_free_list;
  const bool is_filled = count * page_bytes == layout::kPageHeader + size;
  std::string bytes;
  if (looks_at_values_ || is_free_list || !is_filled) {
    if (page > last_page_ || page >= file_.pages()) return fail(reach(page, 1).error());
    CHATD_STORE_CHECK(file_.read(page, 1, bytes));
    ++looked_at_;
    const std::uint64_t stored = field<std::uint32_t>(bytes, layout::kOverflowPages);
    if (field<std::uint64_t>(bytes, 0) != page || stored < count ||
        field<std::uint16_t>(bytes, layout::kPageFlags) != layout::kOverflow)
      return file_.damaged(named(page) + " does not hold the value it should");
    count = stored;
  }
  CHATD_STORE_CHECK(reach(page, count));
  trees_[tree].found.overflow_pages += count;
  const std::uint64_t end = layout::kPageHeader + size;
  if (count * page_bytes > end)
    gaps_.push_back({page * page_bytes + end, count * page_bytes - end});
  if (!is_free_list) return std::string();
  CHATD_STORE_CHECK(file_.read(page, count, bytes));
  return bytes.substr(layout::kPageHeader, size);
}

Status PageWalk::note_free_pages(std::string_view list) {
  constexpr std::size_t kPageNumber = sizeof(std::uint64_t);
  const std::uint64_t count = list.size() < kPageNumber ? 0 : field<std::uint64_t>(list, 0);
  if (list.size() % kPageNumber != 0 || count >= list.size() / kPageNumber)
    return file_.damaged("a list of free pages has the wrong length");
  for (std::uint64_t i = 1; i <= count; ++i) {
    const auto page = field<std::uint64_t>(list, i * kPageNumber);
    const bool is_in_order = i == 1 || page < field<std::uint64_t>(list, (i - 1) * kPageNumber);
    if (page < layout::kMetaPages || page > last_page_ || free_[page] || !is_in_order)
      return file_.damaged("a list of free pages is wrong at " + named(page));
    free_[page] = true;
  }
  return {};
}

Status PageWalk::compare_counts() {
  for (const Tree& tree : trees_) {
    if (tree.says.overflow_pages != tree.found.overflow_pages) has_exact_counts_ = false;
    if (tree.says.branch_pages != tree.found.branch_pages ||
        tree.says.leaf_pages != tree.found.leaf_pages || tree.says.entries != tree.found.entries ||
        (looks_at_values_ && !has_exact_counts_))
      return file_.damaged("a table's description does not agree with its pages");
  }
  return {};
}

}  // namespace chatd::storage_lmdb
