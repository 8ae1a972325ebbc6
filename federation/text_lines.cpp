#include "federation/text_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chatd::federation {
namespace {

// What stands before `end` in `text`, and takes it and the end away.
std::string_view take(std::string_view& text, char end) {
  const std::size_t size = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(std::min(size + 1, text.size()));
  return taken;
}

}  // namespace

bool TextLines::next() {
  while (!rest_.empty()) {
    line_ = take(rest_, '\n');
    ++number_;
    if (!line_.empty() && line_.front() != '#') return true;
  }
  return false;
}

std::string_view TextLines::word() { return take(line_, ' '); }

std::string_view TextLines::rest() { return std::exchange(line_, {}); }

Result<std::string_view> TextLines::value(std::string_view name) {
  if (!next() || word() != name || line_.empty() || line_.find(' ') != std::string_view::npos)
    return refuse(fmt::format("\"{}\" and one word are expected here", name));
  return rest();
}

tl::unexpected<Error> TextLines::refuse(std::string_view why) const {
  return fail(Code::internal, fmt::format("line {}: {}", number_, why));
}

}  // namespace chatd::federation
