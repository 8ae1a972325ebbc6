#include "daemon/net/line_splitter.hpp"

#include <utility>

namespace chatd::net {

bool LineSplitter::feed(std::string_view bytes, const std::function<void(std::string)>& on_line) {
  while (!has_failed_ && !bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (partial_.size() + piece.size() > max_line_bytes_) {
      has_failed_ = true;
      partial_ = {};
      break;
    }
    partial_ += piece;
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
    std::string line = std::exchange(partial_, {});
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) on_line(std::move(line));
  }
  return !has_failed_;
}

}  // namespace chatd::net
