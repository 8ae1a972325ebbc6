#pragma once

#include "daemon/base/result.hpp"

#include <cstddef>
#include <string_view>

namespace chatd::federation {

// Reads a text of lines, each of words with one space between: what this server keeps in files.
// Empty lines, and lines that begin with #, say nothing. Points into the text; total.
class TextLines {
 public:
  explicit TextLines(std::string_view text) : rest_(text) {}

  // Goes to the next line that says something; false at the end.
  [[nodiscard]] bool next();
  // The next word of this line; empty at its end.
  [[nodiscard]] std::string_view word();
  // All that is left of this line.
  [[nodiscard]] std::string_view rest();
  // Goes to the next line, which must be `name` and one word, and gives that.
  [[nodiscard]] Result<std::string_view> value(std::string_view name);
  // "line 3: ...".
  [[nodiscard]] tl::unexpected<Error> refuse(std::string_view why) const;

 private:
  std::string_view rest_;
  std::string_view line_;
  std::size_t number_ = 0;
};

}  // namespace chatd::federation
