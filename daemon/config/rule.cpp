#include "daemon/config/rule.hpp"

#include "daemon/base/encoding.hpp"
#include "daemon/base/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace chatd::config {
namespace {

constexpr std::size_t kMaxContactBytes = 500;    // one line that a client shows
constexpr std::size_t kMaxPluginNameBytes = 32;  // as chatd/plugin.h says
constexpr std::size_t kMaxOriginBytes = 300;     // a domain name has at most 253, plus scheme, port

}  // namespace

bool is_short_line(std::string_view text) {
  return text.size() <= kMaxContactBytes && !has_control_characters(text) &&
         text.find_first_of("\t\n") == std::string_view::npos;
}

bool is_plugin_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxPluginNameBytes && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

bool is_origin(std::string_view text) {
  if (text == "*") return true;
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  const std::string_view host = text.substr(scheme);
  return scheme != 0 && !host.empty() && text.size() <= kMaxOriginBytes &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                  c == ':' || c == '[' || c == ']';
         });
}

bool is_server_pattern(std::string_view text) {
  constexpr std::string_view kBelow = "*.";
  return is_server_name(text.starts_with(kBelow) ? text.substr(kBelow.size()) : text);
}

bool is_public_key(std::string_view text) {
  const auto bytes = from_base64url(text);
  return bytes && bytes->size() == 32;
}

}  // namespace chatd::config
