// Any bytes on the control socket, in pieces of any size: the same lines as in one piece.

#include "daemon/net/line_splitter.hpp"

#include "daemon/base/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t kMaxLineBytes = 64;

struct Outcome {
  std::vector<std::string> lines;
  bool is_fine = true;
  bool operator==(const Outcome&) const = default;
};

Outcome split(std::string_view bytes, std::size_t piece) {
  chatd::net::LineSplitter splitter(kMaxLineBytes);
  Outcome outcome;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    outcome.is_fine = splitter.feed(bytes.substr(0, piece), [&](std::string line) {
      outcome.lines.push_back(std::move(line));
    });
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = split(bytes, bytes.size() + 1);
  CHATD_ASSERT(split(bytes, std::size_t{data[0]} + 1) == whole);
  for (const std::string& line : whole.lines)
    CHATD_ASSERT(!line.empty() && line.size() <= kMaxLineBytes &&
                 line.find('\n') == std::string::npos);
  return 0;
}
