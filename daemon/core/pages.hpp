#pragma once

#include "daemon/core/ports/store.hpp"
#include "daemon/core/task.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::core {

struct Context;

// Records as clients see them, in the order of their numbers and without a gap.
struct Page {
  std::string json = "[]";
  std::vector<std::size_t> ends;  // of each record in `json`
  Seq last = 0;

  [[nodiscard]] bool empty() const { return ends.empty(); }
  [[nodiscard]] Seq first() const { return last + 1 - ends.size(); }
  // The next record, which clients see as `shown`.
  void add(Seq seq, std::string_view shown);
  // Another page, which begins where this one ends.
  void append(const Page& next);
};

// A range as a page, like read_stored. What nobody but clients wants to know is not decoded.
[[nodiscard]] Task<Result<Page>> read_page(Context& core, Range range);

}  // namespace chatd::core
