#include "daemon/net/response_head.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace chatd::net {
namespace {

constexpr std::size_t kMaxHeadBytes = 16 * 1024;  // as much as common servers take in a request
constexpr std::string_view kEnd = "\r\n\r\n";
constexpr std::size_t kStatusAt = 9;  // after "HTTP/1.1 "

std::string lower(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return copy;
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view ResponseHead::field(std::string_view name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view() : found->second;
}

Result<std::optional<ResponseHead>> read_response_head(std::string_view bytes) {
  const std::size_t end = bytes.substr(0, kMaxHeadBytes).find(kEnd);
  if (end == std::string_view::npos) {
    if (bytes.size() >= kMaxHeadBytes)
      return fail(Code::too_large, "the head of its HTTP response is too long");
    return std::nullopt;
  }
  ResponseHead head;
  head.size = end + kEnd.size();
  std::string_view lines = bytes.substr(0, end + 2);  // each with its end
  const std::string_view status = lines.substr(0, lines.find("\r\n"));
  const std::string_view number = status.substr(std::min(kStatusAt, status.size()), 3);
  const auto [rest, error] =
      std::from_chars(number.data(), number.data() + number.size(), head.status);
  if (!status.starts_with("HTTP/1.") || error != std::errc() || number.size() != 3 ||
      rest != number.data() + number.size() || head.status < 100)
    return fail(Code::invalid_request, "what it answers is no HTTP response");
  lines.remove_prefix(status.size() + 2);
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(line.size() + 2);
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos)
      return fail(Code::invalid_request, "its HTTP response has a line that is no field");
    head.fields[lower(line.substr(0, colon))] = trim(line.substr(colon + 1));
  }
  return head;
}

}  // namespace chatd::net
