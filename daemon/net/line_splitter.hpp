#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace chatd::net {

// Cuts a stream into lines. Total: any bytes in any pieces; a line over the bound is reported once
// and ends it. No I/O.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t max_line_bytes) : max_line_bytes_(max_line_bytes) {}

  // Calls `on_line` with each line that is complete now, without its "\n" or "\r\n"; empty ones are
  // skipped. False: a line is too long, nothing more is taken.
  [[nodiscard]] bool feed(std::string_view bytes, const std::function<void(std::string)>& on_line);

 private:
  // Constant after construction
  const std::size_t max_line_bytes_;

  std::string partial_;
  bool has_failed_ = false;
};

}  // namespace chatd::net
